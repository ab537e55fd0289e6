#!/bin/sh
# examples.sh <prefix> <examples>: every example compiles without a warning and succeeds.
set -eu
. "$(dirname "$0")/installed.sh" "$1"
need pkg-config

for compiler in g++ clang++; do
    command -v $compiler >/dev/null || continue
    for source in "$2"/*.cpp; do
        for flags in '-std=c++11 -O0' '-std=c++20 -O2'; do
            # shellcheck disable=SC2046,SC2086
            $compiler $flags -Wall -Wextra -pedantic -Werror $(pkg-config --cflags winmem) "$source" \
                -o "$dir/example" $(pkg-config --libs winmem)
            echo "$compiler $flags $source"
            "$dir/example" >"$dir/out" || { cat "$dir/out"; exit 1; }
        done
    done
done
