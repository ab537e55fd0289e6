#!/bin/sh
# tracepoints.sh <library> <header>: the library carries each USDT probe of base/tracepoint.h, with its arguments and its
# semaphore, as readelf sees them.
set -eu
command -v readelf >/dev/null || { echo "skipped: no readelf"; exit 77; }
notes=$(readelf -n "$1" | awk '
    /Provider:/ { provider = $2 }
    /Name:/ { name = $2 }
    /Semaphore:/ { semaphore = $NF }
    /Arguments:/ { print provider, name, NF - 1, semaphore }')
[ -n "$notes" ] || { echo "no probe at all"; exit 1; }
status=0
names=$(awk '/define WM_TRACEPOINTS_ALL/ { on = 1 } on { print } on && !/\\$/ { exit }' "$2" | grep -o 'row([a-z_]*)' |
    sed 's/row(\(.*\))/\1/')
[ "$(echo "$names" | wc -w)" -ge 8 ] || { echo "the header lists only: $names"; exit 1; }
for name in $names; do
    echo "$notes" | grep -q "^winmem $name 4 0x0*[1-9a-f][0-9a-f]*$" || { echo "no probe $name with 4 arguments"; status=1; }
done
echo "$notes"
exit $status
