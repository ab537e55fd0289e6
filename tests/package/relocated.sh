#!/bin/sh
# relocated.sh <prefix> <pkg-config|cmake|meson>: a copy of the prefix at another place serves programs in
# C and C++, shared and static, with and without the flags for the Windows side.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
moved=$(mktemp -d)
cp -a "$1" "$moved/a prefix moved"
. "$here/installed.sh" "$moved/a prefix moved"
trap 'rm -rf "$moved" "$dir"' EXIT

by_pkg_config()
{
    need gcc g++ pkg-config
    # pkg-config escapes the blanks in the path; eval takes them back
    for package in winmem winmem-win32; do
        for compiler in 'gcc -x c' 'g++ -x c++'; do
            flags="-DEXPECT_VERSION='\"$(pkg-config --modversion $package)\"'"
            [ $package = winmem ] || flags="$flags -DEXPECT_WIN32 -DEXPECT_FILES"
            eval "$compiler $flags $(pkg-config --cflags $package) '$here/consumer.c' -x none \
                -o '$dir/consumer' $(pkg-config --libs $package)"
            "$dir/consumer" argument
        done
    done
    eval "gcc $(pkg-config --cflags winmem) '$here/consumer.c' -o '$dir/static' \
        -static $(pkg-config --libs --static winmem)"
    "$dir/static" argument
    eval "gcc -DEXPECT_WIN32 -DEXPECT_FILES $(pkg-config --cflags winmem-win32) '$here/consumer.c' -o '$dir/static' \
        -static $(pkg-config --libs --static winmem-win32)"
    "$dir/static" argument
}

by_cmake()
{
    need cmake g++
    generator='Unix Makefiles'
    command -v ninja >/dev/null && generator=Ninja
    cmake -G "$generator" -S "$here/consumer" -B "$dir/build" -DCMAKE_PREFIX_PATH="$prefix"
    cmake --build "$dir/build"
    for program in shared static win32 win32_static files shared_cxx; do
        "$dir/build/$program" argument
    done
}

by_meson()
{
    need meson ninja g++ pkg-config
    meson setup "$dir/build" "$here/consumer"
    meson compile -C "$dir/build"
    for program in shared static win32 win32_static shared_cxx; do
        "$dir/build/$program" argument
    done
}

case $2 in
pkg-config) by_pkg_config ;;
cmake) by_cmake ;;
meson) by_meson ;;
esac
