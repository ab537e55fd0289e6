#!/bin/sh
# abi.sh <compare|write> <project> <library...>: the ABI of the last release is in abi/, a file for each soname, written by
# abidw from the libraries of the preset ci (./dev abi). A library of that soname has it still: nothing that the file has is
# gone, or takes or lays out something else; only more may be there. Who has to break it changes the soname.
#
# Compilers write types down in nearly the same way; what the optimizer and line numbers change is not looked at.
set -eu
skip() { echo "skipped: $*"; exit 77; }
verb=$1
project=$2
shift 2
for tool in abidw abidiff readelf; do
    command -v "$tool" >/dev/null || skip "no $tool"
done

# Types count that our headers declare; what others' headers or our sources do is private.
headers=$project/include/winmem
suppressions=$project/abi/suppressions.ini

write()
{
    abidw --suppressions "$suppressions" --headers-dir "$headers" --drop-private-types --exported-interfaces-only \
        --no-corpus-path --no-comp-dir-path --short-locs --no-write-default-sizes --no-parameter-names \
        --type-id-style hash --out-file "$2" "$1"
    echo "written: $2"
}

# abidiff's exit code: 1 and 2 are failures of its own, 4 is a change, 8 one that nothing can excuse.
compare()
{
    [ -e "$2" ] || { echo "FAILED: no $2; ./dev abi writes it"; return 1; }
    abidiff --suppressions "$suppressions" --headers-dir2 "$headers" --drop-private-types \
        --exported-interfaces-only --no-added-syms "$2" "$1" && return 0
    echo "FAILED: not the ABI of the last release, and still $(basename "$2" .abi)"
    return 1
}

status=0
for library in "$@"; do
    readelf --sections --wide "$library" | grep -q ' \.debug_info ' || skip "$library has no debug information"
    soname=$(readelf --dynamic --wide "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
    "$verb" "$library" "$project/abi/$soname.abi" || status=1
done
exit $status
