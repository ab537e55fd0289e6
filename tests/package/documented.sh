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

# K32..., the second name of a function, is not in the document.
functions=$(awk -F '[(,] *' '/^WM_EXPORT/ { print $6 }' src/api/exports.def src/win32/win32.def | grep -v '^K32')
for name in $functions; do
    either=$(echo "$name" | sed -nE 's#^(.*)[AW]$#|\1A/W#p')
    grep -E '^\| [A-Z]' docs/support.md | cut -d'|' -f2 | grep -qwE "$name$either" || missing "$name" docs/support.md
done

# FEATURE(NAME, name, how, "what it needs")
mechanisms=$(sed -n 's/^FEATURE([A-Z_]*, *\([a-z_]*\),.*/\1/p' src/kern/features.def)
for name in $mechanisms; do
    needs=$(sed -n "s/^FEATURE([A-Z_]*, *$name,[^\"]*\"\(.*\)\").*/\1/p" src/kern/features.def)
    grep -qF "| $name | $needs |" docs/support.md ||
        missing "$name, which needs $needs," 'the table of mechanisms in docs/support.md'
    grep -q "^ \*  *\(name  *\)\{0,1\}\"$name\" " include/winmem/winmem.h || missing "$name" include/winmem/winmem.h
    [ "$name" = numa ] || # on one node it is as good as off
        grep -q "[ ,]$name[,)]" tests/CMakeLists.txt || missing "$name" 'all_mechanisms of tests/CMakeLists.txt'
    grep -q "\"$name\"" tests/api/features.c || missing "$name" tests/api/features.c
done

for page in docs/design/*.md; do
    grep -q "($page)" README.md || missing "$page" README.md
done

echo "$(echo "$functions" | wc -l) functions, $(echo "$mechanisms" | wc -l) mechanisms"
[ -n "$functions" ] && [ -n "$mechanisms" ] || { echo 'nothing found: the patterns are out of date'; status=1; }
exit $status
