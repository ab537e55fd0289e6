#!/bin/sh
# Builds every file of tests/api, and of tests/win32 those that do not work with Linux's files or the library's inside, for
# Windows with mingw-w64 and runs it under Wine.
#
#   tests/api/wine.sh BUILD-DIRECTORY [file ...]        e.g. tests/api/wine.sh build virtualfree.c
#
# Wine is not Windows either: the tests follow the rules (docs/behaviour), and where Wine 8 does something
# else the test stands in wine_differences.txt with the reason. A test that fails and is not on
# that list makes this script fail; so does, under Wine 8, a line whose test has begun to pass
# (but not a race, whose reason begins with "Sometimes").
# Exit 77 with a message where mingw-w64 or Wine is missing. A compiler warning fails, too.
set -u

here=$(cd "$(dirname "$0")" && pwd)
build=${1:?usage: $0 BUILD-DIRECTORY [file ...]}
shift
mkdir -p "$build/wine" || exit 1
out=$(cd "$build/wine" && pwd)

cc=x86_64-w64-mingw32-gcc
command -v $cc >/dev/null 2>&1 || { echo "skipped: no $cc (apt-get install gcc-mingw-w64-x86-64)"; exit 77; }
wine=
for candidate in wine64 /usr/lib/wine/wine64 wine; do
    if command -v "$candidate" >/dev/null 2>&1; then wine=$candidate; break; fi
done
[ -n "$wine" ] || { echo "skipped: no Wine (apt-get install wine64)"; exit 77; }

export WINEPREFIX="$out/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=;winemenubuilder.exe=" DISPLAY=
limit=${WINE_SECONDS:-180}
version=$("$wine" --version 2>/dev/null)
if [ ! -f "$WINEPREFIX/system.reg" ]; then
    timeout 120 "$wine" wineboot -i >/dev/null 2>&1 || { echo "skipped: Wine does not start here"; exit 77; }
fi

[ $# -gt 0 ] || set -- $(cd "$here" && ls ./*.c && grep -L '"files.h"\|"[a-z]*/.*\.h"$' ../win32/*.c)
: >"$out/failed"; : >"$out/ran"
warned=0
does_not_build=0
for file in "$@"; do
    name=$(basename "$file" .c)
    source=$here/$name.c
    [ -f "$source" ] || source=$here/../win32/$name.c
    if ! $cc -std=c11 -O1 -g -Wall -Wextra -Wpedantic -Wno-unknown-pragmas \
            -o "$out/$name.exe" "$source" -lshlwapi 2>"$out/$name.warnings"; then
        cat "$out/$name.warnings"; echo "$name: does not build"; does_not_build=1
        continue
    fi
    [ -s "$out/$name.warnings" ] && { cat "$out/$name.warnings"; warned=1; }
    (cd "$out" && timeout "$limit" "$wine" "$name.exe") </dev/null >"$out/$name.log" 2>"$out/$name.err"
    code=$?
    tr -d '\r' <"$out/$name.log" >"$out/$name.txt"
    echo "$name: $(tail -n 1 "$out/$name.txt")"
    sed -n 's/^FAILED \([^ ]*\).*/\1/p' "$out/$name.txt" >>"$out/failed"
    echo "$name" >>"$out/ran"
    if ! tail -n 1 "$out/$name.txt" | grep -q ' passed, '; then
        echo "$name: no closing line (exit $code)"; echo "$name.not_finished" >>"$out/failed"
    fi
done

bad=$((warned | does_not_build))
list="$here/wine_differences.txt"
while read -r test; do
    grep -q "^$test[[:space:]]" "$list" && continue
    # On a busy machine Wine now and then does not start a test at all, which leaves nothing but an exit code.
    if ! grep -qh " $test \[" "$out"/*.txt && (cd "$out" && timeout 60 "$wine" "${test%%.*}.exe" "$test") </dev/null >/dev/null 2>&1; then
        echo "--- $test passes when it is run again"
        continue
    fi
    bad=1
    echo "--- $test failed and is not on the list:"
    grep -h " $test \[" "$out"/*.txt | head -5
done <"$out/failed"
for test in $(sed -n 's/^\([a-z_0-9]*\.[a-z_0-9]*\)[[:space:]].*/\1/p' "$list"); do
    file=${test%%.*}
    grep -qx "$file" "$out/ran" || continue
    grep -qx "$test" "$out/failed" && continue
    grep -q "^$test[[:space:]]*Sometimes " "$list" && continue
    echo "--- $test is on the list but passes under $version"
    case $version in wine-8.*) bad=1 ;; esac
done
WINEPREFIX="$out/prefix" wineserver -k >/dev/null 2>&1
echo "$(wc -l <"$out/failed") differences, list: $(grep -c '^[a-z]' "$list")"
exit $bad
