#!/bin/sh
# manual.sh <project> <folder>: every exported function has a comment that is about it, and a manual page under its own name;
# Sphinx and mandoc find nothing to warn of in the pages.
set -u
project=$1
folder=$2
export PYTHONDONTWRITEBYTECODE=1

need()
{
    command -v "$1" >/dev/null || { echo "skip: no $1"; exit 77; }
}

need python3
python3 "$project/tests/package/comment_forms.py" "$project" || exit 1
python3 "$project/docs/site/headers.py" "$project" || exit 1
need sphinx-build
python=$(sed -n '1s/^#! *//p' "$(command -v sphinx-build)")
$python -c 'import myst_parser' 2>/dev/null || { echo 'skip: no myst-parser'; exit 77; }
rm -rf "$folder"
python3 "$project/docs/site/build.py" man "$folder" || exit 1

cd "$folder/man" || exit 1
status=0
functions=$(sed -nE 's/^WM_EXPORT(_WIDE)?\([^,]*,[^,]*,[^,]*,[^,]*, ([A-Za-z0-9_]+),.*/\2/p' \
    "$project/src/api/exports.def" "$project/src/win32/win32.def")
for name in $functions; do
    [ -e "man3/$name.3" ] || { echo "no manual page of $name"; status=1; }
done
echo "$functions" | wc -l
[ "$(echo "$functions" | wc -l)" -gt 500 ] || { echo 'nothing found: the pattern is out of date'; status=1; }

# Names that lead to another page lead to one that is there.
grep -rh '^\.so ' . | sed 's/^\.so //' | sort -u | while read -r page; do
    [ -e "$page" ] || echo "no $page, which another page leads to"
done >"$folder/lost"
cat "$folder/lost"
[ ! -s "$folder/lost" ] || status=1

need mandoc
grep -rL '^\.so ' . | xargs mandoc -T lint -W warning >"$folder/lint" || status=1
sed 's/^mandoc: //' "$folder/lint" | head -20
exit $status
