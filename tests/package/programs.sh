#!/bin/sh
# programs.sh <prefix> <programs>: the programs of the manual (docs/programs) compile as it says, without a warning, and print
# what their last line says.
set -eu
. "$(dirname "$0")/installed.sh" "$1"
need pkg-config

for source in "$2"/*.c "$2"/*.cpp; do
    case $source in
    *.c) compiler=gcc ;;
    *) compiler=g++ ;;
    esac
    sed -n 's|^/\* prints: \(.*\) \*/$|\1|p' "$source" >"$dir/wanted"
    [ -s "$dir/wanted" ] || { echo "$source: no line /* prints: ... */"; exit 1; }
    package=winmem
    ! grep -q "[ ,]$(basename "$source" .c)," "$2/../../src/win32/win32.def" || package=winmem-win32
    # shellcheck disable=SC2046
    "$compiler" -O2 -Wall -Wextra -Werror $(pkg-config --cflags $package) "$source" -o "$dir/program" \
        $(pkg-config --libs $package)
    (cd "$dir" && ./program) >"$dir/printed" || { echo "$compiler $source: fails"; cat "$dir/printed"; exit 1; }
    diff "$dir/wanted" "$dir/printed" || { echo "$compiler $source: prints something else"; exit 1; }
done
ls "$2" | wc -l

# What a newcomer is told to type, as it stands in the page.
sed -n '/programs.sh runs these lines/,/^```$/p' "$2/../getting-started.md" | sed '1,/^```sh$/d; /^```$/d' >"$dir/typed"
cp "$2/started.cpp" "$dir"
(cd "$dir" && sh -eux typed >told 2>calls) || { cat "$dir/calls"; exit 1; }
[ "$(grep -c '^4096 bytes committed$' "$dir/told")" -eq 2 ] || { echo 'the page tells something else'; cat "$dir/told"; exit 1; }
grep -q '^VirtualAlloc(.*MEM_COMMIT' "$dir/calls" || { echo 'no call is traced'; cat "$dir/calls"; exit 1; }
