#!/bin/sh
# heap_tools.sh <prefix>: tools that replace malloc see the blocks of heaps: a preloaded allocator, AddressSanitizer,
# valgrind.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/installed.sh" "$1"
need gcc pkg-config

# shellcheck disable=SC2046
compile() { gcc -g "$@" $(pkg-config --cflags winmem) "$here/heap_tools.c" -o "$dir/program" $(pkg-config --libs winmem); }

# expect <what> <pattern>: the file is what the tool said
expect()
{
    grep -q "$2" "$dir/said" || { cat "$dir/said"; echo "$1: nothing like '$2'"; exit 1; }
    echo "$1: $(grep -m 1 "$2" "$dir/said")"
}

preloaded()
{
    gcc -shared -fPIC "$here/counting_malloc.c" -o "$dir/counting.so"
    LD_PRELOAD=$dir/counting.so "$dir/program" 2>"$dir/said"
    blocks=$(sed -n 's/^\([0-9]*\) blocks.*/\1/p' "$dir/said")
    [ "$blocks" -ge 400 ] || { cat "$dir/said"; echo "not all blocks are malloc's"; exit 1; }
    LD_PRELOAD=$dir/counting.so "$dir/program" lost 2>"$dir/lost"
    left() { sed -n 's/.*, \([0-9]*\) left/\1/p' "$1"; }
    [ "$(left "$dir/lost")" -eq "$(($(left "$dir/said") + 1))" ] || { cat "$dir/said" "$dir/lost"; exit 1; }
    expect preloaded ' left'
}

sanitized()
{
    ! "$dir/program" over 2>"$dir/said" || exit 1
    expect 'AddressSanitizer, over' '0 bytes to the right of 49-byte region\|0 bytes after 49-byte region'
    ! "$dir/program" lost 2>"$dir/said" || exit 1
    expect 'AddressSanitizer, lost' 'leak of 49 byte'
    "$dir/program" twice
    "$dir/program" wild
}

under_valgrind()
{
    valgrind --error-exitcode=9 "$dir/program" 2>"$dir/said"
    ! valgrind --error-exitcode=9 "$dir/program" over 2>"$dir/said" || exit 1
    expect 'valgrind, over' '0 bytes after a block of size 49'
    ! valgrind --error-exitcode=9 "$dir/program" twice 2>"$dir/said" || exit 1
    expect 'valgrind, twice' 'inside a block of size 49 free'
    valgrind "$dir/program" wild 2>"$dir/said"
    expect 'valgrind, wild' 'unaddressable'
    valgrind --leak-check=full "$dir/program" lost 2>"$dir/said"
    expect 'valgrind, lost' '49 bytes in 1 blocks are definitely lost'
}

# The table of tries (kern/signals/tryread.h) stays when a linker leaves out what nobody refers to.
collected()
{
    for linker in bfd lld; do
        command -v ld.$linker >/dev/null || continue
        # shellcheck disable=SC2046
        gcc -fuse-ld=$linker -ffunction-sections -Wl,--gc-sections $(pkg-config --cflags winmem) "$here/heap_tools.c" \
            -o "$dir/collected" -static $(pkg-config --libs --static winmem)
        "$dir/collected" wild
        "$dir/collected" twice
        echo "ld.$linker --gc-sections: refused"
    done
}

compile
collected
preloaded
if command -v valgrind >/dev/null; then under_valgrind; else echo "no valgrind"; fi
compile -fsanitize=address
sanitized
