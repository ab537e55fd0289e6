#!/bin/sh
# cases.sh <bench>: bench.h and cases.py have the same cases, so that what is measured is printed and the other way round.
set -eu
bench=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
sed -n 's/^ *CASE(\([a-z0-9_]*\)).*/\1/p' "$bench/bench.h" | sort >"$dir/measured"
sed -n "s/^ *Case('\([a-z0-9_]*\)'.*/\1/p" "$bench/cases.py" | sort >"$dir/printed"
[ -s "$dir/measured" ] || { echo "no cases in $bench/bench.h"; exit 1; }
diff "$dir/measured" "$dir/printed" || { echo "< only in bench.h, > only in cases.py"; exit 1; }
