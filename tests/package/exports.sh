#!/bin/sh
# exports.sh <prefix> <winmem.map>: the names in the version script, the names libwinmem.so defines
# and the names a program refers to through the headers are the same. Beside them it defines the functions
# of libc that it stands in for, without a version, and nothing else.
set -eu
. "$(dirname "$0")/installed.sh" "$1"
map=$2
need gcc nm

sed -n 's/^ *\([A-Za-z0-9_]*\);.*/\1/p' "$map" | sort >"$dir/map"
nm -D --defined-only "$LD_LIBRARY_PATH/libwinmem.so" | awk '$2 != "A" { print $3 }' | sort >"$dir/all"
sed -n 's/@.*//p' "$dir/all" | sort >"$dir/library"
sed '/@/d' "$dir/all" >"$dir/unversioned"
printf '%s\n' pthread_create sigaction signal >"$dir/interposed"

# Every function declared, by its name in C, then by the symbol it stands for: with either WCHAR, and by either name
# that psapi.h has for its functions.
printf '#include <windows.h>\n#include <psapi.h>\n#include <winmem.h>\n' >"$dir/declared.c"
: >"$dir/referred"
for variant in '' -DPSAPI_VERSION=1 -DWINMEM_WCHAR16 '-DPSAPI_VERSION=1 -DWINMEM_WCHAR16'; do
    gcc -std=c11 $variant -I"$prefix/include/winmem" -fsyntax-only -aux-info "$dir/prototypes" "$dir/declared.c"
    {
        cat "$dir/declared.c"
        echo 'typedef void (*any)(void); any all[] = {'
        sed -n 's|^/\* .*/include/winmem/.* \*/ extern [^(]*[ *]\([A-Za-z0-9_]*\) (.*|(any)\1,|p' "$dir/prototypes"
        echo '};'
    } >"$dir/use.c"
    gcc -std=c11 $variant -I"$prefix/include/winmem" -c "$dir/use.c" -o "$dir/use.o"
    nm -u "$dir/use.o" | awk '{ print $2 }' >>"$dir/referred"
done
# WinMain and wWinMain are declared for programs to define (startup.h).
sort -u "$dir/referred" | grep -vx "WinMain\|wWinMain" >"$dir/headers"


version=$(printf 'WINMEM_VERSION_MAJOR.WINMEM_VERSION_MINOR.WINMEM_VERSION_PATCH\n' |
    gcc -E -P -include "$prefix/include/winmem/winmem.h" - | tail -n 1 | tr -d ' ')
packaged=$(sed -n 's/^Version: //p' "$PKG_CONFIG_PATH/winmem.pc")

echo "names: $(wc -l <"$dir/map") in the map, $(wc -l <"$dir/library") in the library, $(wc -l <"$dir/headers") in the headers"
status=0
diff "$dir/map" "$dir/library" || { echo "FAILED: map (<) and library (>) differ"; status=1; }
diff "$dir/map" "$dir/headers" || { echo "FAILED: map (<) and headers (>) differ"; status=1; }
diff "$dir/interposed" "$dir/unversioned" || { echo "FAILED: what stands in for libc (<) and what has no version (>) differ"; status=1; }
[ "$version" = "$packaged" ] || { echo "FAILED: winmem.h says $version, winmem.pc $packaged"; status=1; }
exit $status
