#!/bin/sh
# documented.sh <project>: what there is several lists of is in each of them: exported functions in docs/support.md, names
# of mechanisms there, in winmem.h and among those that the tests switch off, and pages about the design in README.md.
set -u
cd "$1" || exit 1
status=0

missing()
{
    echo "$1 is not in $2"
    status=1
}

# Names under which a function is exported a second time are not in the table: K32..., and the W forms for WCHAR of 16 bits.
functions=$(sed -n 's/^ *\([A-Za-z0-9_]*\);.*/\1/p' src/winmem.map | grep -vE '^K32|_utf16$')
for name in $functions; do
    either=$(echo "$name" | sed -nE 's#^(.*)[AW]$#|\1A/W#p')
    grep -E '^\| [A-Z]' docs/support.md | cut -d'|' -f2 | grep -qwE "$name$either" || missing "$name" docs/support.md
done

mechanisms=$(sed -n 's/^ *\[WM_FEATURE_[A-Z_]*\] = "\([a-z_]*\)",/\1/p' src/kern/probe.c)
for name in $mechanisms; do
    grep -q "^| $name |" docs/support.md || missing "$name" 'the table of mechanisms in docs/support.md'
    grep -q "^ \*  *\(name  *\)\{0,1\}\"$name\" " include/winmem/winmem.h || missing "$name" include/winmem/winmem.h
    [ "$name" = numa ] || # on one node it is as good as off
        grep -q "[ ,]$name[,)]" tests/CMakeLists.txt || missing "$name" 'all_mechanisms of tests/CMakeLists.txt'
done

for page in docs/design/*.md; do
    grep -q "($page)" README.md || missing "$page" README.md
done

echo "$(echo "$functions" | wc -l) functions, $(echo "$mechanisms" | wc -l) mechanisms"
[ -n "$functions" ] && [ -n "$mechanisms" ] || { echo 'nothing found: the patterns are out of date'; status=1; }
exit $status
