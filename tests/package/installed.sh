# Sourced by the scripts that use an installed winmem: `. installed.sh <prefix>` points pkg-config
# and the dynamic linker at it, and makes $dir, which goes away again.

prefix=$1
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name winmem.pc)")
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
export PKG_CONFIG_PATH LD_LIBRARY_PATH

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

skip() { echo "skipped: $*"; exit 77; }
need() { for tool; do command -v "$tool" >/dev/null || skip "no $tool"; done; }
