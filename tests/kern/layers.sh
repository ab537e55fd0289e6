#!/bin/sh
# layers.sh <project> [libwinmem.a]: nothing looks upstairs, no two files know each other both ways, and no two have one
# name. The order is the list in docs/design/layers.md. With the library, functions and variables are looked at as well:
# who declares by himself what a room above him defines includes nothing, and depends on it all the same.
set -u
library=${2:+$(realpath "$2")}
cd "$1/src" || exit 1
order=$(sed -n '/^```layers$/,/^```$/p' ../docs/design/layers.md | grep -v '^```')
files=$(find . -type f \( -name '*.[chS]' -o -name '*.def' \) | sed 's|^\./||')

{
    echo "$order"
    echo "$files" | sed 's/^/file /'
    # shellcheck disable=SC2086
    grep -E '^#include "' $files | sed -E 's/^([^:]*):#include "([^"]*)".*/include \1 \2/'
    [ -z "$library" ] || nm -AP "$library" | sed -nE 's/^[^[]*\[(.*)\.o\]: ([^ ]*) ([A-Za-z]).*/symbol \1 \2 \3/p'
} | awk '
function folder(file)  { sub("/[^/]*$", "", file); return file }
function layer(file)   { sub("/.*", "", file); return file }
function unit(file)    { sub("[.][^.]*$", "", file); return file in module ? module[file] : file }
function complain(text) { print text; failed = 1 }

function may_know(a, b,    x, y)
{
    x = folder(a); y = folder(b)
    return layer(a) != layer(b) ? (layer(a), layer(b)) in uses : x == y || rank[y] < rank[x]
}

# One file needs another one, for a reason.
function need(a, b, why)
{
    if (!may_know(a, b) && !told[a, b, why]++)
        complain(a " must not know " b why)
    if (folder(a) == folder(b) && unit(a) != unit(b))
        needs[unit(a), unit(b)] = 1
}

function is_hook(room, name,    h)
{
    for (h in hook)
        if (name ~ h && hook[h] == room) return 1
    return 0
}

# What nobody needs, or what needs nobody, is in no circle: the rest is.
function open_circles(    e, p, from, to, gone)
{
    do {
        split("", from); split("", to); gone = 0
        for (e in needs) { split(e, p, SUBSEP); from[p[1]]; to[p[2]] }
        for (e in needs) { split(e, p, SUBSEP); if (!(p[1] in to) || !(p[2] in from)) { delete needs[e]; gone++ } }
    } while (gone)
    for (e in needs) { split(e, p, SUBSEP); complain("in a circle: " p[1] " needs " p[2]) }
}

$1 == "layer"  { rank[$2] = 0; for (i = 3; i <= NF; i++) uses[$2, $i] }
$1 == "rooms"  { for (i = 2; i <= NF; i++) rank[$i] = ++floors }
$1 == "module" { for (i = 2; i <= NF; i++) module[$i] = $2 }
$1 == "hook"   { gsub("[*]", ".*", $3); hook["^" $3 "$"] = $2 }
$1 == "file" {
    name = $2; sub(".*/", "", name)
    if (name in path) complain("two files have one name: " path[name] " " $2)
    if (!(folder($2) in rank)) complain("not in the order: " folder($2))
    path[name] = $2; used[folder($2)]
}
$1 == "include" { file = $3 in path ? path[$3] : $3; if (file ~ "/") need($2, file, "") }
$1 == "symbol" && $2 in path && $4 ~ "[TDBRCVW]" { defined[$3] = path[$2] }
$1 == "symbol" && $2 in path && $4 ~ "[Uvw]"     { wants[++count] = path[$2] " " $3 }
END {
    for (room in rank) if (!(room in used)) complain("nobody lives in " room)
    for (i = 1; i <= count; i++) {
        split(wants[i], w)
        if (w[2] in defined && !is_hook(folder(w[1]), w[2])) need(w[1], defined[w[2]], " (" w[2] ")")
    }
    open_circles()
    exit failed
}'
