#!/bin/sh
# shapes.sh <prefix> <gcc|clang>: wmain in all its shapes, linked with the installed library through
# pkg-config and no extra flag; what it receives; and when the start object stays out.
set -u
. "$(dirname "$0")/../package/installed.sh" "$1"
cc=$2
case $cc in gcc) cxx=g++ ;; *) cxx=clang++ ;; esac
need "$cc" "$cxx" pkg-config nm
here=$(cd "$(dirname "$0")" && pwd)
cflags=$(pkg-config --cflags winmem) || exit 1
libs=$(pkg-config --libs winmem) || exit 1

count=0
failed=0
fail() { echo "FAILED: $*"; failed=$((failed + 1)); }

# build <source> <flags...>: $dir/program, in the language of the source
build()
{
    case $1 in *.c) compiler="$cc -std=c11" ;; *) compiler="$cxx -std=c++11" ;; esac
    source=$1
    shift
    # shellcheck disable=SC2086
    $compiler -Wall -Wextra $cflags "$@" "$source" -o "$dir/program" $libs 2>"$dir/log"
}

# check <source> <flags...>: builds, runs with difficult arguments, wants exit code 42
check()
{
    count=$((count + 1))
    build "$@" || { fail "$* does not build"; cat "$dir/log"; return; }
    # e-acute, the euro sign, U+10348, a byte that is no UTF-8, an overlong slash, an empty string
    env -i LD_LIBRARY_PATH="$LD_LIBRARY_PATH" KEY=value "$dir/program" \
        plain "$(printf '\303\251')" "$(printf '\342\202\254')" "$(printf '\360\220\215\210')" \
        "$(printf 'a\377b')" "$(printf '\300\257')" '' >"$dir/out" 2>&1
    code=$?
    [ $code -eq 42 ] || { fail "$* exits with $code"; cat "$dir/out"; }
}

for optimize in -O0 -O2; do
    for wide in '' -fshort-wchar -DWINMEM_WCHAR16; do
        # shellcheck disable=SC2086
        for source in c_args.c c_none.c; do
            check "$here/$source" $optimize $wide
        done
        # shellcheck disable=SC2086
        for shape in '' 'int' 'int, WCHAR **' 'int, const WCHAR **' 'int, WCHAR *const *' \
            'int, const WCHAR *const *' 'int, WCHAR **, WCHAR **' 'int, const WCHAR **, const WCHAR **'; do
            name=$(echo "$shape" | tr -cd 'a-zA-Z*,' | sed 's/\*/P/g; s/,/_/g')
            check "$here/cxx.cpp" $optimize $wide "-DSHAPE_${name:-none}"
        done
        # shellcheck disable=SC2086
        for kind in '' -DWIDE; do
            check "$here/winmain.c" $optimize $wide $kind
            check "$here/winmain.cpp" $optimize $wide $kind
        done
    done
done
check "$here/cxx.cpp" -O2 -flto -DSHAPE_int_WCHARPP
check "$here/cxx.cpp" -O2 -static-pie -fPIE -DSHAPE_int_WCHARPP

# A wmain that ends without a return: status 0, and its line once, whatever the compiler makes of such ends.
for optimize in -O0 -O2; do
    for standard in 11 14 17 20; do
        for shape in '' -DSHAPE_void -DSHAPE_VOID -DSHAPE_result -DSHAPE_c -DGENERIC; do
            count=$((count + 1))
            # shellcheck disable=SC2086
            build "$here/no_return.cpp" $optimize -std=c++$standard -Wpedantic -Werror $shape ||
                { fail "no_return.cpp $optimize $shape does not build"; cat "$dir/log"; continue; }
            said=$(timeout 5 "$dir/program" | head -n 3)
            timeout 5 "$dir/program" >"$dir/out"
            code=$?
            [ "$code $said" = "0 once" ] || fail "no_return.cpp $optimize c++$standard $shape exits with $code: $said"
        done
    done
done

# How the command line of WinMain quotes.
count=$((count + 1))
build "$here/quoting.c" || { fail "quoting.c does not build"; cat "$dir/log"; }
# shellcheck disable=SC1003
line=$("$dir/program" 'a b' 'c\d' 'e\' 'f g\' 'h"i' 'j\"k' '')
# shellcheck disable=SC1003
[ "$line" = '"a b" c\d e\ "f g\\" "h\"i" "j\\\"k" ""' ] || fail "the command line is $line"

# A program with main takes nothing out of the archive.
count=$((count + 1))
printf 'int main(void) { return 0; }\n' >"$dir/main.c"
build "$dir/main.c" || { fail "a program with main does not build"; cat "$dir/log"; }
if nm "$dir/program" | grep -q winmem_start; then
    fail "a program with main contains the start object"
fi

# A program with neither is the linker's error, in words that help.
count=$((count + 1))
printf 'int nothing(void) { return 0; }\n' >"$dir/neither.c"
if build "$dir/neither.c"; then
    fail "a program without main and wmain links"
elif ! grep -q "found_no_main_wmain_or_WinMain" "$dir/log"; then
    fail "the linker's error does not say what is missing"
    cat "$dir/log"
fi

echo "$cc: $count checks, $failed failed"
[ $failed -eq 0 ]
