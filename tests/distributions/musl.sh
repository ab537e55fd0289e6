#!/bin/sh
# musl.sh: the library with musl (Debian: musl-tools), and the API suite with it, shared and static (./dev distributions musl).
# The last line is a row of the table of distributions.sh.
#
# musl-gcc looks nowhere but among musl's headers: those of the kernel are this system's, behind them. A test that needs what
# musl has not is named, as one that does not build.
set -eu
cd "$(dirname "$0")/../.."
top=$PWD
build=$top/build/distributions/musl
seconds_a_file=300

rm -rf "$build"
mkdir -p "$build/kernel" "$build/api"
for headers in linux asm-generic "$(gcc -print-multiarch)/asm"; do
    ln -s "/usr/include/$headers" "$build/kernel/${headers##*/}"
done
kernel="-idirafter $build/kernel"
cmake -G Ninja -S . -B "$build/library" -DCMAKE_C_COMPILER=musl-gcc -DCMAKE_BUILD_TYPE=Debug -DBUILD_TESTING=OFF \
    -DWINMEM_WERROR=ON -DCMAKE_C_FLAGS="$kernel" -DCMAKE_ASM_FLAGS="$kernel"
cmake --build "$build/library"

LD_LIBRARY_PATH=$build/library/src
export LD_LIBRARY_PATH

# with_library <source> <program> <options...>
with_library()
{
    source=$1
    program=$2
    shift 2
    # shellcheck disable=SC2086
    musl-gcc "$@" -std=gnu11 -D_GNU_SOURCE -Iinclude/winmem -Itests $kernel "$source" -o "$program" \
        -L"$build/library/src" -L"$build/library/src/start" -lwinmem -lwinmem-start
}

: >"$build/said"
unbuilt=0
ended=0
for source in tests/api/*.c; do
    for linking in -rdynamic -static; do
        program=$build/api/$(basename "$source" .c)$linking
        if ! with_library "$source" "$program" $linking >"$program.log" 2>&1; then
            echo "does not build: $source $linking"
            unbuilt=$((unbuilt + 1))
            continue
        fi
        (cd "$build/api" && timeout $seconds_a_file "$program" >"$program.log" 2>&1 </dev/null) ||
            echo "failed: ${program##*/}"
        if grep -q '^[0-9]* passed, ' "$program.log"; then
            grep '^[0-9]* passed, ' "$program.log" >>"$build/said"
        else
            echo "did not come to an end: ${program##*/}"
            ended=$((ended + 1))
        fi
    done
done
counts=$(awk '{ passed += $1; failed += $3; skipped += $5 } END { print passed ", " failed ", " skipped }' "$build/said")
echo "programs that did not build: $unbuilt, that did not come to an end: $ended"
echo "row: musl | $(gcc -dumpfullversion) | $(cmake --version | sed -n '1s/.* //p') | no C++ | none, not tried | $counts"
