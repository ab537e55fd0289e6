#!/bin/sh
# instructions.sh <prefix> <bench>: hot paths take as many instructions as the table says. <prefix> holds a Release build.
set -eu
. "$(dirname "$0")/installed.sh" "$1"
bench=$2
need gcc pkg-config

# What changes the code, or the way through it.
[ -z "${CFLAGS:-}" ] || skip "CFLAGS=$CFLAGS, so the library is built in another way"
[ "$(ulimit -v)" = unlimited ] || skip "no room for arenas (ulimit -v)"
for name in $(env | sed -n 's/^\(WINMEM_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
done

# shellcheck disable=SC2046
gcc -O2 -D_GNU_SOURCE $(pkg-config --cflags winmem) "$bench/instructions.c" "$bench/steps.c" -o "$dir/instructions" \
    $(pkg-config --libs winmem)
"$dir/instructions" "$bench/instructions.txt"
