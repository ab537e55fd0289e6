#!/bin/sh
# pins.sh <project>: docs/design/kernel.md names every pin and no other, and the files that rely on one exist.
set -u
cd "$1" || exit 1
status=0
page=docs/design/kernel.md

complain()
{
    echo "$*"
    status=1
}

# <file>.<pin> <files that rely on it>, one a line; a PIN may go on in the next line
pins=$(for source in tests/kern/*.c; do
    sed -n '/^PIN(/{/"/!N;s/\n */ /;p}' "$source" | sed "s#^PIN(\([a-z0-9_]*\), *\"\(.*\)\").*#$(basename "$source" .c).\1 \2#"
done)

for pin in $(echo "$pins" | cut -d' ' -f1); do
    grep -q "| \`$pin\` |\$" $page || complain "$pin is not in $page"
done
for pin in $(sed -n 's/.*| `\([a-z0-9_.]*\)` |$/\1/p' $page); do
    echo "$pins" | grep -q "^$pin " || complain "$page tells of $pin, and there is no such pin"
done
for file in $(echo "$pins" | cut -d' ' -f2- | tr ' ' '\n' | sort -u); do
    [ -n "$(find src -name "$file")" ] || complain "a pin says that $file relies on it, which is not in src"
done

count=$(echo "$pins" | wc -l)
[ "$count" -gt 1 ] || complain 'no pins found: the pattern is out of date'
echo "$count pins"
exit $status
