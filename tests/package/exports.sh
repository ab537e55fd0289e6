#!/bin/sh
# exports.sh <prefix> <src>: the functions of the tables in the sources (api/exports.def of libwinmem, win32/win32.def of
# libwinmem-win32), those that the libraries define and those that a program refers to through the headers are the same; a
# library has them with the version of their row, the headers in the one that the row names. Beside them libwinmem defines
# what api/private.def lists for the other, the functions of libc that it stands in for, without a version, and nothing else.
set -eu
. "$(dirname "$0")/installed.sh" "$1"
need gcc nm
private=$2/api/private.def

# rows <what awk prints of a row> <table...>: $2 node, $3 header, $4 dll, $5 type, $6 name; wide is "_utf16" or "".
rows()
{
    action=$1
    shift
    awk -F '[(,] *' "/^WM_EXPORT/ { wide = \$1 ~ /WIDE/ ? \"_utf16\" : \"\"; $action }" "$@" | sort -u
}

api=$2/api/exports.def
win32=$2/win32/win32.def
with_version='print $6 "@@" $2; if (wide) print $6 wide "@@" $2'
rows 'print $6; if (wide) print $6 wide' "$api" "$win32" >"$dir/table"
rows 'print $3, $6' "$api" "$win32" >"$dir/places"
{
    rows "$with_version" "$api"
    sed -nE 's/^WM_FOR_WIN32\([^ ]*, ([a-z0-9_]*)\)/\1@@WINMEM_PRIVATE/p' "$private" | grep -v '^wm_fault_'
} | sort >"$dir/versions"
rows "$with_version" "$win32" >"$dir/versions-win32"

# defined <library>. Kernels that fail by a script are in builds for tests only.
defined()
{
    nm -D --with-symbol-versions --defined-only "$LD_LIBRARY_PATH/$1.so" |
        awk '$2 != "A" && $3 !~ /^wm_fault_/ { print $3 }' | sort
}

defined libwinmem >"$dir/all"
sed -n '/@/p' "$dir/all" >"$dir/library"
sed '/@/d' "$dir/all" >"$dir/unversioned"
printf '%s\n' pthread_create sigaction signal >"$dir/interposed"
defined libwinmem-win32 >"$dir/library-win32"

# Every function declared, by its name in C, then by the symbol it stands for: with either WCHAR, and by either name
# that psapi.h has for its functions. (Those that the headers define are part of whoever calls them.)
printf '#include <windows.h>\n#include <bcrypt.h>\n#include <crt/float.h>\n#include <crt/stdio.h>\n#include <crt/stdlib.h>\n#include <crt/string.h>\n#include <crt/time.h>\n#include <direct.h>\n#include <io.h>\n#include <ntifs.h>\n#include <ntsecapi.h>\n#include <process.h>\n#include <psapi.h>\n#include <shlwapi.h>\n#include <tlhelp32.h>\n#include <winmem.h>\n' >"$dir/declared.c"
printf '#include <apiquery2.h>\n' >>"$dir/declared.c"
: >"$dir/referred"
: >"$dir/declared"
for variant in '' -DPSAPI_VERSION=1 -DWINMEM_WCHAR16 '-DPSAPI_VERSION=1 -DWINMEM_WCHAR16'; do
    gcc -std=c11 $variant -DWINMEM_OWN_FUNCTIONS_ONLY -I"$prefix/include/winmem" -fsyntax-only -aux-info "$dir/prototypes" "$dir/declared.c"
    sed -n 's|^/\* .*/include/winmem/\([^:]*\):[0-9]*:.C \*/ extern [^(]*[ *]\([A-Za-z0-9_]*\) (.*|\1 \2|p' "$dir/prototypes" \
        >"$dir/found"
    cat "$dir/found" >>"$dir/declared"
    {
        cat "$dir/declared.c"
        echo 'typedef void (*any)(void); any all[] = {'
        sed 's|.* \(.*\)|(any)\1,|' "$dir/found"
        echo '};'
    } >"$dir/use.c"
    gcc -std=c11 $variant -DWINMEM_OWN_FUNCTIONS_ONLY -I"$prefix/include/winmem" -c "$dir/use.c" -o "$dir/use.o"
    nm -u "$dir/use.o" | awk '{ print $2 }' >>"$dir/referred"
done
# WinMain and wWinMain are declared for programs to define (startup.h).
sort -u "$dir/referred" | grep -vx "WinMain\|wWinMain" >"$dir/headers"
sort -u "$dir/declared" | grep -v '^startup\.h ' >"$dir/declarations"

version=$(printf 'WINMEM_VERSION_MAJOR.WINMEM_VERSION_MINOR.WINMEM_VERSION_PATCH\n' |
    gcc -E -P -include "$prefix/include/winmem/winmem.h" - | tail -n 1 | tr -d ' ')
packaged=$(sed -n 's/^Version: //p' "$PKG_CONFIG_PATH/winmem.pc")

echo "names: $(wc -l <"$dir/table") in the table, $(wc -l <"$dir/library") and $(wc -l <"$dir/library-win32") in the libraries, $(wc -l <"$dir/headers") in the headers"
status=0
diff "$dir/versions" "$dir/library" || { echo "FAILED: table (<) and library (>) differ"; status=1; }
diff "$dir/versions-win32" "$dir/library-win32" || { echo "FAILED: table (<) and libwinmem-win32 (>) differ"; status=1; }
diff "$dir/table" "$dir/headers" || { echo "FAILED: table (<) and headers (>) differ"; status=1; }
diff "$dir/places" "$dir/declarations" || { echo "FAILED: headers in the table (<) and where it is declared (>) differ"; status=1; }
diff "$dir/interposed" "$dir/unversioned" || { echo "FAILED: what stands in for libc (<) and what has no version (>) differ"; status=1; }
[ "$version" = "$packaged" ] || { echo "FAILED: winmem.h says $version, winmem.pc $packaged"; status=1; }
exit $status
