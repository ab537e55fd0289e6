#!/bin/sh
# inside.sh <regex>: run in a distribution (distributions.sh) at /winmem. The last line is a row of its table.
set -u
cd /winmem || exit 1
tests=$1
export LC_ALL=C
status=0

# Builds what is shipped; prints how many warnings there were, "none" without one.
warnings_of()
{
    rm -rf "build/warnings-$1"
    cmake -S . -B "build/warnings-$1" -G Ninja -DCMAKE_C_COMPILER="$1" -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_TESTING=OFF >"build/warnings-$1.log" 2>&1 &&
        cmake --build "build/warnings-$1" >>"build/warnings-$1.log" 2>&1 || { echo fails; return 1; }
    count=$(grep -c 'warning:' "build/warnings-$1.log")
    [ "$count" -ne 0 ] || { echo none; return 0; }
    echo "$count"
    return 1
}

if ./dev demo; then demo=works; else demo=fails; status=1; fi
if ./dev test "$tests"; then :; else status=1; fi
summary=$(sed -n 's/^\([0-9]*\)% tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\3 \2/p' build/logs/ci.test)
skipped=$(grep -c '\*\*\*Skipped' build/logs/ci.test)
skipped=${skipped:-0}
# shellcheck disable=SC2086
set -- $summary
ran=${1:-0}
failed=${2:-0}
gcc=$(warnings_of gcc) || status=1
clang=$(warnings_of clang) || status=1
version() { "$@" | sed -n '1s/^\(.* \)\{0,1\}\([0-9][0-9.]*\).*/\2/p'; }
echo "row: $(version ldd --version) | $(version gcc -dumpfullversion -dumpversion) | $(version cmake --version) | $demo |" \
    "$gcc, $clang | $((ran - failed - skipped)), $failed, $skipped"
exit $status
