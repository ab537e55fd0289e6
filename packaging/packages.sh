#!/bin/sh
# packages.sh [--twice | --no-build] [--no-trial]: Debian packages of the last commit in build/packages, as lintian likes them, and tried as
# somebody would who never saw this tree (./dev packages).
#
#   --twice      builds them once more, elsewhere, later, in another time zone and with another umask: the same bytes
#   --no-build   takes those that are there, as built
#   --no-trial   does not try them
#
# Of the tree nothing is used but what git has: git archive exports it. For the trial a bare Debian is copied and entered in
# namespaces of its own; what it is copied from is kept beside it.
set -eu
cd "$(dirname "$0")/.."
top=$PWD
where=$top/build/packages
die() { echo "packages: $*" >&2; exit 1; }
. "$top/tests/distributions/roots.sh"

commit=$(git rev-parse HEAD)        # it may move while packages are built
version=$(dpkg-parsechangelog -l debian/changelog -S Version)

# make_packages <directory>: source and binary packages in it
make_packages()
{
    rm -rf "$1"
    mkdir -p "$1"
    git archive --format=tar --prefix="winmem-$version/" "$commit" | tar -xpf - -C "$1"
    (cd "$1/winmem-$version" && dpkg-buildpackage --no-sign) >"$1/log" 2>&1 || { tail -30 "$1/log"; die "not built"; }
    rm -rf "$1/winmem-$version"
}

# The files of a folder that are to be the same whoever builds: not the notes of who did, and on what.
hashes() { (cd "$1" && sha256sum ./*.deb ./*.dsc ./*.tar.*); }

build_again()
{
    echo "packages: building again, elsewhere"
    (umask 027; TZ=Asia/Kathmandu; export TZ; make_packages "$where/another/directory-of-another-length")
    hashes "$where/new" >"$where/hashes"
    hashes "$where/another/directory-of-another-length" >"$where/hashes-again"
    diff "$where/hashes" "$where/hashes-again" || die "built twice, and not the same"
    rm -rf "$where/another"
    echo "packages: built twice, $(wc -l <"$where/hashes") files, the same bytes"
}

# Called again inside the namespaces.
enter()
{
    furnish "$1"
    exec chroot "$1" sh /root/trial.sh
}

seconds() { date +%s; }

try_them()
{
    began=$(seconds)
    make_root "$where/bare" bookworm
    made=$(seconds)
    root=$where/trial
    rm -rf "$root"
    cp -a "$where/bare" "$root"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    cp packaging/trial.sh debian/tests/ten-lines README.md "$root/root/"
    cp "$where/new"/*.deb "$root/root/"
    rm -f "$root/root"/*-dbgsym_*.deb
    unshare --mount --propagation private --pid --fork --kill-child sh packaging/packages.sh --enter "$root" </dev/null ||
        die "the trial failed"
    ended=$(seconds)
    cp "$root/root/page.html" "$where/" 2>/dev/null || true
    rm -rf "$root"
    echo "packages: $((ended - made)) s from a bare Debian to the last command ($((made - began)) s to make that)"
}

status=0
build=yes
twice=no
trial=yes
for argument in "$@"; do
    case $argument in
    --twice) twice=yes ;;
    --no-build) build=no ;;
    --no-trial) trial=no ;;
    --enter) enter "$2" ;;
    *) die "no such option: $argument" ;;
    esac
done
if [ $build = yes ]; then
    [ -z "$(git status --porcelain)" ] || echo "packages: of the last commit, without what is changed here"
    echo "packages: building $version, see build/packages/new/log"
    make_packages "$where/new"
    ls "$where/new" | sed -n 's/^.*\.deb$/    &/p'
    echo "packages: lintian"
    lintian --info --pedantic --fail-on error,warning "$where/new/"*.changes || status=1
fi
[ $twice = no ] || build_again
if [ $trial = yes ]; then
    [ "$(id -u)" -eq 0 ] || die "only root can try them in another root; --no-trial leaves it out"
    try_them
fi
[ $status -eq 0 ] || die "lintian found something, see above"
