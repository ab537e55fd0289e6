#!/bin/sh
# layers.sh <src>: nothing looks upstairs, core and kern do not know each other, and no two files have one name
# (docs/design/layers.md).
set -u
cd "$1" || exit 1
status=0

# below <layer> <layers that it must not know>
below()
{
    [ -d "$1" ] || { echo "there is no layer $1"; status=1; }
    found=$(grep -rnE "^#include \"($2)/" "$1")
    [ -z "$found" ] && return
    echo "$1 knows what it must not know:"
    echo "$found"
    status=1
}

below base 'core|kern|vm|remote|heap|api|win32|start|planted'
below core 'kern|vm|remote|heap|api|win32|start|planted'
below kern 'core|vm|remote|heap|api|win32|start|planted'
below vm 'remote|heap|api|win32|start|planted'
below remote 'heap|api|win32|start|planted'
below heap 'core|remote|api|win32|start|planted'
below api 'win32|start|planted'
below win32 'core|heap|remote|start|planted'
below start 'base|core|kern|vm|remote|heap|api|win32|planted'

twice=$(find . -name '*.[chS]' | sed 's|.*/||' | sort | uniq -d)
[ -z "$twice" ] || { echo "several files are called $twice"; status=1; }
exit $status
