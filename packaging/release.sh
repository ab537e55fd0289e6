#!/bin/sh
# release.sh: the tarball of a release and its checksums in build/release-VERSION (./dev release; docs/versioning.md says what comes
# before and after).
#
# It is made of the commit that is checked out, by git alone: whoever has the commit makes the same bytes. With WINMEM_SIGN
# in the environment, a command and its arguments, that is run with the file of checksums behind them: it leaves the
# signature beside it, as in WINMEM_SIGN='gpg --armor --detach-sign'.
set -eu
cd "$(dirname "$0")/.."
die() { echo "release: $*" >&2; exit 1; }

[ -z "$(git status --porcelain)" ] || die "the tree has changes that no commit has"
sh tests/package/versions.sh . || die "the number is not the same everywhere"
version=$(sed -n 's/^ *VERSION \([0-9]*\.[0-9]*\.[0-9]*\)$/\1/p' CMakeLists.txt)
tagged=$(git rev-parse --quiet --verify "refs/tags/v$version^{commit}" || true)
[ -z "$tagged" ] || [ "$tagged" = "$(git rev-parse HEAD)" ] || die "v$version is another commit; what is released keeps its number"

name=winmem-$version
where=build/release-$version
rm -rf "$where"
mkdir -p "$where"
# Times are the commit's; gzip is told not to note its own.
git -c core.autocrlf=false -c tar.umask=0022 archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$where/$name.tar.gz"
(cd "$where" && sha256sum "$name.tar.gz" >SHA256SUMS)
if [ -n "${WINMEM_SIGN:-}" ]; then
    # shellcheck disable=SC2086
    (cd "$where" && $WINMEM_SIGN SHA256SUMS) || die "not signed"
fi
echo "release: $where, of $(git rev-parse --short HEAD)"
ls -l "$where" | sed -n 's/^-[^ ]* *[^ ]* *[^ ]* *[^ ]* */    /p'
cat "$where/SHA256SUMS"
