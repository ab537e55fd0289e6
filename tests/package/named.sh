#!/bin/sh
# named.sh <project>: what pages, and comments in the code, name of this tree is there: files, folders, and functions of the
# library (wm_...). A walk-through that has fallen behind the code names what is gone. And each folder of the sources is in
# the table of rooms.
set -u
cd "$1" || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

find . \( -name .git -o -path ./build \) -prune -o -type f -print | sed 's|^\./||' | sort >"$dir/files"

# What is said: all of a page, unless it is the plan of what is not there yet and says so; of code its comments, each line
# as "file:text". And the code without them.
grep '\.md$' "$dir/files" | xargs grep -L '^This page is the plan ' | xargs grep -H '' >"$dir/said"
grep -E '\.(sh|txt|cmake)$|^dev$' "$dir/files" | xargs grep -HE '^ *#' >>"$dir/said"
grep -E '\.(c|h|S|cpp|def|inc|in)$' "$dir/files" >"$dir/sources"
xargs awk -v said="$dir/said" '
    FNR == 1 { inside = 0 }
    {
        line = $0
        text = code = ""
        while (line != "") {
            at = index(line, inside ? "*/" : "/*")
            if (!inside && at == 0 && match(line, /(^|[^:"])\/\/.*/)) {
                text = text " " substr(line, RSTART)
                line = substr(line, 1, RSTART)
            }
            part = at == 0 ? line : substr(line, 1, at - 1)
            if (inside)
                text = text " " part
            else
                code = code " " part
            line = at == 0 ? "" : substr(line, at + 2)
            if (at != 0)
                inside = !inside
        }
        if (text != "")
            print FILENAME ":" text >>said
        if (code != "")
            print code
    }' <"$dir/sources" >"$dir/code"

# Files: written as a path from some folder on, or by their name. These are not of this tree: headers of the system, of the
# compiler, of X11 and of Windows; what a build makes; names in examples of use.
foreign='(linux|sys|asm)/.*|(cpuid|ctype|stdlib|string|wdm|[Xx]md|wtypesbase|Tchar)\.h|forward\.c|memory_(windows|posix)\.c|(filethatrelies|other)\.[ch]|example\.cpp|(late|leak|mem|pg)\.c'
awk '
    {
        file = $0
        sub(/:.*/, "", file)
        rest = " " substr($0, length(file) + 2) " "
        while (match(rest, /[^A-Za-z0-9_.\/*<$}-][A-Za-z0-9_.][A-Za-z0-9_.\/-]*\.(c|h|S|def|inc|md|sh|cpp|pml|txt|py|map)[^A-Za-z0-9_*]/)) {
            name = substr(rest, RSTART + 1, RLENGTH - 2)
            rest = substr(rest, RSTART + RLENGTH - 1)
            sub(/^(\.\.?\/)+/, "", name)
            print name, file
        }
    }' "$dir/said" | sort -u >"$dir/paths"
awk '
    FILENAME ~ /files$/ {
        path = $0
        there[path]
        while (sub(/^[^\/]*\//, "", path))
            there[path]
        next
    }
    !($1 in there) { print "no file " $1 ", which " $2 " names" }' "$dir/files" "$dir/paths" |
    grep -vE "^no file ($foreign)," >"$dir/bad"

# In pages: folders, and files without their ending, in backquotes, with a slash, and beginning with one of ours.
sed 's|/[^/]*$||' "$dir/files" | sort -u >"$dir/folders"
sed 's|\.[^./]*$||' "$dir/files" >>"$dir/folders"
grep -E '^[^:]*\.md:' "$dir/said" | awk '
    {
        file = $0
        sub(/:.*/, "", file)
        rest = $0
        while (match(rest, /`(src|docs|tests|include|bench|examples|cmake|base|core|kern|vm|heap|remote|api)\/[a-z_\/]*`/)) {
            name = substr(rest, RSTART + 1, RLENGTH - 2)
            rest = substr(rest, RSTART + RLENGTH)
            sub(/\/$/, "", name)
            print name, file
        }
    }' | sort -u >"$dir/rooms"
awk '
    FILENAME ~ /folders$/ {
        path = $0
        there[path]
        while (sub(/^[^\/]*\//, "", path))
            there[path]
        next
    }
    !($1 in there) { print "nothing called " $1 ", which " $2 " names" }' "$dir/folders" "$dir/rooms" >>"$dir/bad"

# Functions, types and constants of ours. One that ends in an underscore stands for several, as does one with "name" in it. Some
# are put together by a macro (wm_in_##name) from a row of a table: all that are possible count.
grep -oE '\b(wm|WM)_[A-Za-z0-9_]*[A-Za-z0-9]\b' "$dir/code" | sort -u >"$dir/words"
grep '\.def$' "$dir/files" | xargs sed -n 's/^ *[A-Z_]*(\([^"]*\).*/\1/p' | grep -oE '[A-Za-z0-9_]+' | sort -u >"$dir/rows"
for prefix in $(grep -oE '\b(wm|WM)_[A-Za-z0-9_]*_##' "$dir/code" | sort -u); do
    sed "s/^/${prefix%##}/" "$dir/rows"
done >>"$dir/words"
awk '
    {
        file = $0
        sub(/:.*/, "", file)
        rest = " " substr($0, length(file) + 2) " "
        while (match(rest, /[^A-Za-z0-9_](wm|WM)_[A-Za-z0-9_]*[A-Za-z0-9][^A-Za-z0-9_]/)) {
            print substr(rest, RSTART + 1, RLENGTH - 2), file
            rest = substr(rest, RSTART + RLENGTH - 1)
        }
    }' "$dir/said" | grep -vE '_(name|NAME)[_ ]' | sort -u >"$dir/named"
awk '
    FILENAME ~ /words$/ { there[$1]; next }
    !($1 in there) { print "no " $1 ", which " $2 " names" }' "$dir/words" "$dir/named" >>"$dir/bad"

# And the other way round: the page of the layers has a row for each folder of the sources.
sed -n 's|^src/\(.*\)/[^/]*$|\1|p' "$dir/files" | sort -u | while read -r room; do
    grep -q "^| \`$room\` *|" docs/design/layers.md || echo "no row for $room in docs/design/layers.md"
done >>"$dir/bad"

cat "$dir/bad"
echo "$(wc -l <"$dir/paths") files, $(wc -l <"$dir/rooms") rooms, $(wc -l <"$dir/named") words of ours are named"
[ -s "$dir/paths" ] && [ -s "$dir/rooms" ] && [ -s "$dir/named" ] && [ ! -s "$dir/bad" ]
