#!/bin/sh
# plain_build.sh <source> <compiler> <prefix>: with -DBUILD_TESTING=OFF, a C compiler, CMake and its build
# tool are enough. The build sees a PATH with nothing else in it; a warning is an error. It is installed at <prefix>.
set -eu
source=$1
compiler=$2
prefix=$3
for tool in cmake "$compiler"; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
if command -v ninja >/dev/null; then
    generator=Ninja
    tool=ninja
else
    generator='Unix Makefiles'
    tool=make
fi

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
rm -rf "$prefix"
mkdir "$dir/bin"
for name in cmake $tool "$compiler" ld as ar ranlib sh; do
    ln -s "$(command -v "$name")" "$dir/bin/$name"
done
PATH=$dir/bin
export PATH
cmake -G "$generator" -S "$source" -B "$dir/build" -DCMAKE_C_COMPILER="$compiler" \
    -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DWINMEM_WERROR=ON
cmake --build "$dir/build"
cmake --install "$dir/build" --prefix "$prefix"
PATH=$PATH:/usr/bin:/bin
