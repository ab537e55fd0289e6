#!/bin/sh
# aarch64.sh <project> <generated headers>: the libraries compile for aarch64, by Debian's cross compiler, without a warning.
# Seconds, because no code is made but of the assembly files.
set -eu
generated=$(realpath "$2")
cd "$1/src"
cc=aarch64-linux-gnu-gcc
command -v $cc >/dev/null || { echo "skipped: no $cc (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross)"; exit 77; }

# Where a file has the processor's name behind it, that stands for the one without (CMakeLists.txt).
sources=$(find base core kern vm remote heap api win32 -name '*.[cS]' | sort | while read -r file; do
    [ -e "${file%.*}_aarch64.${file##*.}" ] || echo "$file"
done | grep -v -e '^kern/signals/instruction.c$' -e '^remote/seed_file.S$')

flags="-std=c11 -Wall -Wextra -Wpedantic -Werror -Wstrict-prototypes -Wmissing-prototypes
    -D_GNU_SOURCE -DWM_FAULT_SCRIPT=1 -I. -I../include/winmem -I$generated"
c=$(echo "$sources" | grep '[.]c$')
# shellcheck disable=SC2086
$cc $flags -fsyntax-only $(echo "$c" | grep -v '^win32/')
# shellcheck disable=SC2086
$cc $flags -DWM_WIN32_LIBRARY -fsyntax-only $(echo "$c" | grep '^win32/')
for file in $(echo "$sources" | grep '[.]S$'); do
    $cc -I. -c "$file" -o /dev/null
done
