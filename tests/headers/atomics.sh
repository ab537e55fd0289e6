#!/bin/sh
# atomics.sh INCLUDE_DIR COMPILER: the Interlocked functions and intrinsics of the headers give what they should, with and
# without optimisation, and compile without a warning; a COMPILER with ++ compiles C++. Exit 77 where it is missing.
set -u
include=${1:?usage: $0 INCLUDE_DIR COMPILER}
compiler=${2:?usage: $0 INCLUDE_DIR COMPILER}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
windows_flags="-D_WIN32 -D_WIN64 -DWIN32 -includewinwords.h \
    -U__linux__ -Ulinux -U__linux -U__gnu_linux__ -U__unix__ -Uunix -U__unix"
command -v "$compiler" >/dev/null 2>&1 || { echo "SKIP: no $compiler"; exit 77; }
bad=0

# try FILE FLAGS...
try()
{
    file=$1
    shift
    "$compiler" "$@" -Wall -Wextra -Wpedantic -Werror -I "$include" -o "$work/atomics" "$here/$file" &&
        "$work/atomics" && return 0
    echo "FAILED: $compiler $*"
    bad=1
}

# shellcheck disable=SC2086
case $compiler in
*++*)
    try atomics.cpp -std=c++11 -O0
    try atomics.cpp -std=c++20 -O1 $windows_flags ;;
*)
    try atomics.c -std=c11 -O0
    try atomics.c -std=gnu11 -O2 -march=native $windows_flags ;;
esac
exit $bad
