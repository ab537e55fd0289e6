#!/bin/sh
# run.sh <model.pml> holds <macro>...       spin goes through all states and finds nothing
# run.sh <model.pml> <words> <macro>...     what it finds, an assertion violated or an invalid end state, has these words in it
#
# All states are kept (no bitstate hashing), so what holds is proved for the model.

set -u
model=$1
verdict=$2
shift 2

for program in spin gcc; do
    if ! command -v $program >/dev/null; then
        echo "skipped: $program is missing (Debian: $program)"
        exit 77
    fi
done

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

if ! { spin -a "$@" "$model" && gcc -O1 -w -DSAFETY -DCOLLAPSE -o pan pan.c; } >log 2>&1; then
    cat log
    exit 1
fi
./pan -m10000 >log 2>&1
grep -E 'states, stored|assertion violated|invalid end state|search depth|unreached' log

if [ "$verdict" = holds ]; then
    grep -q 'errors: 0$' log && ! grep -qE 'search depth too small|out of memory' log && exit 0
    [ ! -e "$(basename "$model").trail" ] || spin -t -p "$@" "$model" | tail -100
    exit 1
fi
grep -E 'assertion violated|invalid end state' log | grep -qF "$verdict"
