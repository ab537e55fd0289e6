#!/bin/sh
# blocks.sh <prefix> <compiler> <folder>: takes the three C++ blocks out of the documentation page
# 000_*.txt in the folder and compiles them as they are, C++11 to C++20, -O0 and -O2.
#
# Block 1 is a program: it links by itself and, at -O0, prints its line. (It owes that line only
# there: its wmain ends without a return, and an optimizer may read one view before the store to the
# other.) Blocks 2 and 3 are functions without an #include: drive.cpp calls them.
set -eu
. "$(dirname "$0")/../package/installed.sh" "$1"
compiler=$2
page=$(find "$3" -name '000_*.txt' 2>/dev/null | head -n 1)
[ -n "$page" ] || skip "no page with the code blocks in $3"
need "$compiler" pkg-config
here=$(cd "$(dirname "$0")" && pwd)
cflags=$(pkg-config --cflags winmem)
libs=$(pkg-config --libs winmem)

awk -v dir="$dir" '
    /^```cpp/ { block = dir "/block" ++count ".cpp"; next }
    /^```/    { block = ""; next }
    block     { print > block }
    END       { exit count != 3 }' "$page" || { echo "FAILED: not three blocks in $page"; exit 1; }

# shellcheck disable=SC2086
for standard in c++11 c++14 c++17 c++20; do
    for optimize in -O0 -O2; do
        flags="-std=$standard $optimize $cflags"
        $compiler $flags "$dir/block1.cpp" -o "$dir/ring" $libs
        if [ $optimize = -O0 ]; then
            # Without a return, wmain has no exit code worth looking at, and clang's ends in a trap
            # before buffers are flushed: line by line, as on a terminal, its output is there.
            stdbuf -oL "$dir/ring" >"$dir/out" || true
            grep -qx 'The buffer wraps as expected' "$dir/out" || { echo "FAILED: ring buffer"; cat "$dir/out"; exit 1; }
        fi
        $compiler $flags -include windows.h "$dir/block2.cpp" "$dir/block3.cpp" "$here/drive.cpp" \
            -o "$dir/drive" $libs
        "$dir/drive"
        echo "$compiler $standard $optimize: good"
    done
done
