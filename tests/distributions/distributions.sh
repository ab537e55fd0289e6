#!/bin/sh
# distributions.sh [name...]: what is in a checkout works from nothing in other distributions (./dev distributions).
#
# Each is a directory under build/distributions, made by debootstrap from the mirror that this machine's apt uses, and kept:
# whole or not at all. It is entered in namespaces of its own, so what is mounted in there goes with the last process of
# it, and that goes with us: nothing is left to be unmounted, however this ends. As root; in the environment WINMEM_TESTS
# may choose other tests, by a regular expression of ctest's. "musl" is this machine with another C library (musl.sh).
set -eu
cd "$(dirname "$0")/../.."
top=$PWD
where=$top/build/distributions
each='^(kern|vm|win32)\.|^api\.[a-z0-9_]*\.[a-z0-9_]*$'    # not again with each mechanism switched off
tests=${WINMEM_TESTS:-$each|^api\.[a-z0-9_]*/(static|without-all)$}

# The name, and what Debian calls it.
releases='debian11 bullseye
debian12 bookworm
debian13 trixie'

minutes_to_run=120

die() { echo "distributions: $*" >&2; exit 1; }

. "$top/tests/distributions/roots.sh"

# What git would take, as it lies here.
copy_tree()
{
    rm -rf "$1/winmem.new"
    mkdir "$1/winmem.new"
    git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -cf - -T - |
        tar -xf - -C "$1/winmem.new"
    if [ -d "$1/winmem/build" ]; then
        mv "$1/winmem/build" "$1/winmem.new/build"
    fi
    rm -rf "$1/winmem"
    mv "$1/winmem.new" "$1/winmem"
}

# Called again inside the namespaces: mounts, and then the other script.
enter()
{
    furnish "$1"
    exec chroot "$1" sh /winmem/tests/distributions/inside.sh "$2"
}

run()
{
    cp /etc/resolv.conf "$where/$1/etc/resolv.conf"
    copy_tree "$where/$1"
    timeout "${minutes_to_run}m" unshare --mount --propagation private --pid --fork --kill-child \
        sh "$top/tests/distributions/distributions.sh" --enter "$where/$1" "$tests" >"$where/$1.log" 2>&1 </dev/null
}

if [ "${1:-}" = --enter ]; then
    enter "$2" "$3"
fi
[ "$(id -u)" -eq 0 ] || die "only root can enter another root"
mkdir -p "$where"
[ $# -ne 0 ] || set -- $(echo "$releases" | cut -d ' ' -f 1)
status=0
table="| distribution | libc | gcc | CMake | \`./dev demo\` | warnings of gcc, clang | tests passed, failed, skipped |
|---|---|---|---|---|---|---|"
for name in "$@"; do
    if [ "$name" = musl ]; then
        echo "distributions: musl, see build/distributions/musl.log"
        timeout "${minutes_to_run}m" sh tests/distributions/musl.sh >"$where/musl.log" 2>&1 </dev/null || status=1
        table="$table
| musl | $(sed -n 's/^row: //p' "$where/musl.log") |"
        continue
    fi
    release=$(echo "$releases" | sed -n "s/^$name //p")
    [ -n "$release" ] || die "no such name: $name; there are:" $(echo "$releases" | cut -d ' ' -f 1)
    [ -d "$where/$name" ] || echo "distributions: making $name"
    make_root "$where/$name" "$release" || { status=1; continue; }
    echo "distributions: $name, see build/distributions/$name.log"
    run "$name" || { status=1; echo "distributions: $name: something failed"; }
    row=$(sed -n 's/^row: //p' "$where/$name.log")
    table="$table
| $name | ${row:-did not come to an end} |"
done
echo "$table"
exit $status
