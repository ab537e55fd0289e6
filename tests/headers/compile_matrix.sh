#!/bin/sh
# compile_matrix.sh INCLUDE_DIR SRC [COMPILERS]: the public headers compile without a warning in every way a program
# may use them (L540), and declare what they should. Nothing is linked or run.
#
#   INCLUDE_DIR   where windows.h is
#   SRC           where the tables of exported functions are, which name their headers and prototypes
#   COMPILERS     default "gcc g++ clang clang++"; a name with ++ compiles C++. Those that are missing are named and
#                 left out; none at all is a skip (exit 77)
#
# Of X11's headers, if they are there (x11proto-dev), Xmd.h goes before and after ours.
#
# Exits 0 when all compiled, 1 when one did not, 2 when called wrongly.

set -u

if [ $# -lt 2 ] || [ ! -f "$1/windows.h" ] || ! grep -q '^WM_EXPORT' "$2/api/exports.def"; then
    echo "usage: $0 INCLUDE_DIR SRC [COMPILERS]" >&2
    exit 2
fi
include=$(cd "$1" && pwd)
compilers=${3:-gcc g++ clang clang++}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
exports=$work/exports.def
cat "$2/api/exports.def" "$2/win32/win32.def" >"$exports" || exit 2
trap 'exit 1' HUP INT TERM

windows_flags="-I$include/crt -D_WIN32 -D_WIN64 -DWIN32 -includewinwords.h \
    -U__linux__ -Ulinux -U__linux -U__gnu_linux__ -U__unix__ -Uunix -U__unix"

# One configuration a line: name, then flags.
cat >"$work/configurations" <<END
plain
lean -DWIN32_LEAN_AND_MEAN -DNOMINMAX
unicode -DUNICODE -D_UNICODE
wchar16 -DWINMEM_WCHAR16
wchar16_unicode -DWINMEM_WCHAR16 -DUNICODE -D_UNICODE
short_wchar -fshort-wchar -DUNICODE -D_UNICODE
win32 $windows_flags
win32_short_wchar $windows_flags -fshort-wchar -DUNICODE -D_UNICODE -DWIN32_LEAN_AND_MEAN
win32_unix_calls $windows_flags -U_WIN64
old_windows -D_WIN32_WINNT=0x0601
not_strict -DNO_STRICT
psapi_version_1 -DPSAPI_VERSION=1
own_words -include $here/own_words.h
after_x11 -include $here/x11_first.h
status_first -include ntstatus.h
status_apart -DWIN32_NO_STATUS -include windows.h -UWIN32_NO_STATUS -include ntstatus.h
END

# Every header alone, when it declares the functions whose rows name it; and again around windows.h, so that order does
# not matter.
mkdir "$work/c" "$work/cpp"
for path in "$include"/*.h; do
    header=$(basename "$path")
    case $header in pshpack*.h | poppack.h) continue ;; esac # only together
    for language in c cpp; do
        {
            printf '#include <%s>\n' "$header"
            awk -F '[(,] *' -v header="$header" \
                '/^WM_EXPORT/ && $3 == header { print "enum { has_" $6 " = sizeof(&" $6 ") };" }' "$exports"
            printf '#include <windows.h>\n#include <%s>\ntypedef int not_empty;\n' "$header"
        } >"$work/$language/${header%.h}.$language"
    done
done

# check COMPILER STANDARD NAME FLAGS... : one compilation of the files among the arguments.
check()
{
    compiler=$1 standard=$2 name=$3
    shift 3
    count=$((count + 1))
    if ! "$compiler" -std="$standard" -Wall -Wextra -Wpedantic -Werror $show -fsyntax-only -I "$include" "$@" \
        >"$work/$log.out" 2>&1
    then
        failed=$((failed + 1))
        echo "FAILED $compiler -std=$standard: $name"
        head -n 20 "$work/$log.out"
    fi
}

# symbols COMPILER STANDARD SUFFIX FLAG: the W functions and GetProcAddress are called by names with this suffix, all
# others by their own; the mark for the start code is there when the suffix is.
symbols()
{
    suffix=$3
    count=$((count + 1))
    # shellcheck disable=SC2086
    "$1" -std="$2" -I "$include" $4 -S -o "$work/$log.s" "$here/usage.$language" >"$work/$log.out" 2>&1
    for name in "CreateFileMappingW$suffix" "GetModuleHandleExW$suffix" "LoadLibraryW$suffix" \
        "GetProcAddress$suffix" VirtualFree ${suffix:+winmem_wide_is_utf16}
    do
        grep -Eq "(^|[^A-Za-z0-9_])$name([^A-Za-z0-9_]|\$)" "$work/$log.s" && continue
        failed=$((failed + 1))
        echo "FAILED $1 -std=$2 $4: no symbol $name"
        return
    done
}

# run COMPILER: everything for one compiler; leaves "count failed" in a file.
run()
{
    compiler=$1 log=$2 count=0 failed=0
    case $compiler in
    *++*) language=cpp standards="c++11 c++14 c++17 c++20" thorough="c++11 c++20" ;;
    *)    language=c standards="c11 gnu11" thorough="c11" ;;
    esac
    show=-DWINMEM_SHOW_WARNINGS # also of what counts as the system's
    for file in "$work/$language"/*; do
        check "$compiler" "${thorough%% *}" "$(basename "$file" ".$language").h alone" "$file"
    done
    symbols "$compiler" "${thorough%% *}" "" "-DUNICODE -D_UNICODE"
    symbols "$compiler" "${thorough%% *}" _utf16 "-fshort-wchar -DUNICODE -D_UNICODE"
    symbols "$compiler" "${thorough%% *}" _utf16 "-DWINMEM_WCHAR16 -DUNICODE -D_UNICODE"
    # What is compiled into a program bears the program's warnings.
    show=
    check "$compiler" "${thorough%% *}" "warnings of the program's" -Wconversion -Wshadow \
        $([ "$language" = c ] || echo -Wold-style-cast) "$here/own_warnings.$language"
    show=-DWINMEM_SHOW_WARNINGS
    # The flags are meant to split into words.
    # shellcheck disable=SC2086
    for standard in $thorough; do
        check "$compiler" "$standard" "words above windows.h" $windows_flags "$here/early.$language"
        check "$compiler" "$standard" "packed structures" -Wno-pragma-pack "$here/packing.$language"
        if [ -f /usr/include/X11/Xmd.h ]; then
            check "$compiler" "$standard" "Xmd.h below windows.h" "$here/x11_after.$language"
            check "$compiler" "$standard" "Xmd.h above windows.h" "$here/x11_before.$language"
        fi
        check "$compiler" "$standard" "SSE with the Windows side" $windows_flags "$here/sse.$language"
    done
    for standard in $standards; do
        if [ "$language" = cpp ]; then
            check "$compiler" "$standard" "beside the C++ library" "$here/stdlib.cpp"
        fi
        while read -r name flags; do
            case " plain wchar16 win32 $thorough " in
            *" $name "* | *" $standard "*) ;;
            *) continue ;;                      # the standards in between: the main configurations only
            esac
            # The flags are meant to split into words.
            # shellcheck disable=SC2086
            check "$compiler" "$standard" "$name" $flags -DWM_EXPORTS="\"$exports\"" "$here/layout.$language" \
                "$here/prototypes.$language" "$here/usage.$language" "$here/names.$language"
        done <"$work/configurations"
    done
    echo "$count $failed" >"$work/$log.result"
}

found=0
for compiler in $compilers; do
    if ! command -v "$compiler" >/dev/null 2>&1; then
        echo "not here: $compiler"
        continue
    fi
    found=$((found + 1))
    run "$compiler" "$found" >"$work/$found.text" &
done
[ "$found" -gt 0 ] || { echo "SKIP: no compiler"; exit 77; }
wait

total=0 bad=0 i=0
while [ "$i" -lt "$found" ]; do
    i=$((i + 1))
    cat "$work/$i.text"
    read -r count failed <"$work/$i.result" || exit 1
    total=$((total + count)) bad=$((bad + failed))
done
echo "$found compilers, $total compilations, $bad failed"
[ "$bad" -eq 0 ]
