#!/bin/sh
# outside.sh <libwinmem.a> <outside.txt>: what the library asks of libc is on the list, file by file, with a reason.
#
# Operations run in threads that were borrowed or have met a fault, in the middle of whatever they were doing: in malloc,
# in stdio, with the dynamic linker's lock. Whatever can lock, allocate or wait for such a thread must be noticed when
# somebody begins to use it. And libc's functions are found when a program is loaded, never when they are first called:
# that would ask the dynamic linker in the middle of something.
set -eu
archive=$1
list=$2
for tool in nm readelf awk; do command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# "file symbol" for each that no file of the archive defines. The linker makes the names of tables.
nm -A "$archive" | awk '
    { split($1, where, ":"); file = where[2]; sub(/\.o$/, "", file); type = $(NF - 1); name = $NF }
    type !~ /[Uwv]/ { defined[name] = 1 }
    type ~ /[Uwv]/ && name !~ /^(_GLOBAL_OFFSET_TABLE_|__(start|stop)_wm_.*)$/ { used[file " " name] = name }
    END { for (u in used) if (!(used[u] in defined)) print u }' | sort >"$dir/used"
[ -s "$dir/used" ] || { echo "FAILED: no names in $archive"; exit 1; }

# A row: symbol, files (a,b or *), reason.
awk '
    NR == FNR && (/^#/ || NF == 0) { next }
    NR == FNR && NF < 3 { print "no reason: " $0; bad = 1; next }
    NR == FNR { files[$1] = files[$1] "," $2 ","; next }
    files[$2] !~ /,\*,/ && index(files[$2], "," $1 ",") == 0 { print "not on the list: " $1 " asks for " $2; bad = 1 }
    END { exit bad }' "$list" "$dir/used" || { echo "FAILED: see $list"; exit 1; }

sed 's/.* //' "$dir/used" | sort -u >"$dir/names"
readelf -rW "$archive" | awk '/R_X86_64_PLT32/ { print $5 }' | sort -u >"$dir/stubs"
late=$(comm -12 "$dir/names" "$dir/stubs")
[ -z "$late" ] || { echo "FAILED: found when first called:" $late; exit 1; }
echo "$(wc -l <"$dir/names") names in $(cut -d ' ' -f 1 "$dir/used" | sort -u | wc -l) files, each with a reason"
