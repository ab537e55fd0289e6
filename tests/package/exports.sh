#!/bin/sh
# exports.sh <prefix> <exports.def>: the functions of the table, those that libwinmem.so defines and those that a program
# refers to through the headers are the same; the library has them with the version of their row, the headers in the one
# that the row names. Beside them it defines the functions of libc that it stands in for, without a version, and nothing else.
set -eu
. "$(dirname "$0")/installed.sh" "$1"
table=$2
need gcc nm

# rows <what awk prints of a row>: $2 node, $3 header, $4 dll, $5 type, $6 name; wide is "_utf16" or "".
rows() { awk -F '[(,] *' "/^WM_EXPORT/ { wide = \$1 ~ /WIDE/ ? \"_utf16\" : \"\"; $1 }" "$table" | sort -u; }

rows 'print $6; if (wide) print $6 wide' >"$dir/table"
rows 'print $6 "@@" $2; if (wide) print $6 wide "@@" $2' >"$dir/versions"
rows 'print $3, $6' >"$dir/places"

nm -D --with-symbol-versions --defined-only "$LD_LIBRARY_PATH/libwinmem.so" | awk '$2 != "A" { print $3 }' | sort >"$dir/all"
sed -n '/@/p' "$dir/all" >"$dir/library"
sed '/@/d' "$dir/all" >"$dir/unversioned"
printf '%s\n' pthread_create sigaction signal >"$dir/interposed"

# Every function declared, by its name in C, then by the symbol it stands for: with either WCHAR, and by either name
# that psapi.h has for its functions.
printf '#include <windows.h>\n#include <psapi.h>\n#include <winmem.h>\n' >"$dir/declared.c"
: >"$dir/referred"
: >"$dir/declared"
for variant in '' -DPSAPI_VERSION=1 -DWINMEM_WCHAR16 '-DPSAPI_VERSION=1 -DWINMEM_WCHAR16'; do
    gcc -std=c11 $variant -I"$prefix/include/winmem" -fsyntax-only -aux-info "$dir/prototypes" "$dir/declared.c"
    sed -n 's|^/\* .*/include/winmem/\([^:]*\):.* \*/ extern [^(]*[ *]\([A-Za-z0-9_]*\) (.*|\1 \2|p' "$dir/prototypes" \
        >"$dir/found"
    cat "$dir/found" >>"$dir/declared"
    {
        cat "$dir/declared.c"
        echo 'typedef void (*any)(void); any all[] = {'
        sed 's|.* \(.*\)|(any)\1,|' "$dir/found"
        echo '};'
    } >"$dir/use.c"
    gcc -std=c11 $variant -I"$prefix/include/winmem" -c "$dir/use.c" -o "$dir/use.o"
    nm -u "$dir/use.o" | awk '{ print $2 }' >>"$dir/referred"
done
# WinMain and wWinMain are declared for programs to define (startup.h).
sort -u "$dir/referred" | grep -vx "WinMain\|wWinMain" >"$dir/headers"
sort -u "$dir/declared" | grep -v '^startup\.h ' >"$dir/declarations"

version=$(printf 'WINMEM_VERSION_MAJOR.WINMEM_VERSION_MINOR.WINMEM_VERSION_PATCH\n' |
    gcc -E -P -include "$prefix/include/winmem/winmem.h" - | tail -n 1 | tr -d ' ')
packaged=$(sed -n 's/^Version: //p' "$PKG_CONFIG_PATH/winmem.pc")

echo "names: $(wc -l <"$dir/table") in the table, $(wc -l <"$dir/library") in the library, $(wc -l <"$dir/headers") in the headers"
status=0
diff "$dir/versions" "$dir/library" || { echo "FAILED: table (<) and library (>) differ"; status=1; }
diff "$dir/table" "$dir/headers" || { echo "FAILED: table (<) and headers (>) differ"; status=1; }
diff "$dir/places" "$dir/declarations" || { echo "FAILED: headers in the table (<) and where it is declared (>) differ"; status=1; }
diff "$dir/interposed" "$dir/unversioned" || { echo "FAILED: what stands in for libc (<) and what has no version (>) differ"; status=1; }
[ "$version" = "$packaged" ] || { echo "FAILED: winmem.h says $version, winmem.pc $packaged"; status=1; }
exit $status
