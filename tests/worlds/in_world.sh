#!/bin/sh
# in_world.sh <launcher> <world> <program>: runs a test program in another world (world.c), and compares which of its tests
# fail with differences.txt. One that is not listed is a failure; so is one that does not say what its line says that it
# does. A line whose test has passed is told, and is no failure: the list is for many kernels.
set -u
launcher=$1 world=$2 program=$3
list=$(dirname "$0")/differences.txt
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

"$launcher" "$world" "$program" </dev/null >"$out" 2>&1
code=$?
cat "$out"
[ $code -eq 77 ] && exit 77
last=$(tail -n 1 "$out")
case $last in
*' passed, '*) ;;
*) echo "the program has not come to its end (exit $code)"; exit 1 ;;
esac

awk -v world="$world" -v out="$out" '
    function is_here(worlds,    names, n, i) {
        n = split(worlds, names, ",")
        for (i = 1; i <= n; i++)
            if (names[i] == world)
                return 1
        return 0
    }
    # of a pattern only an asterisk at its end means something
    function fits(test, pattern) {
        if (substr(pattern, length(pattern)) == "*")
            return index(test, substr(pattern, 1, length(pattern) - 1)) == 1
        return test == pattern
    }
    BEGIN {
        while ((getline line < out) > 0) {
            if (match(line, /^FAILED [^ ]+/))
                failed[substr(line, 8, RLENGTH - 7)] = 1
            if (match(line, /^skip [^ :]+/))
                skipped[substr(line, 6, RLENGTH - 5)] = 1
            said = said line "\n"
            n = split(line, words, " ")
            if (n > 2 && words[1] ~ /:$/)
                words_of[words[2]] = words_of[words[2]] line "\n"
            else if (n > 2 && words[1] ~ /^[a-z0-9_]+\.[A-Za-z0-9_]+:$/)
                words_of[substr(words[1], 1, length(words[1]) - 1)] = line
        }
        close(out)
    }
    /^#/ || NF < 4 || !is_here($1) { next }
    {
        for (test in failed)
            if (fits(test, $2)) {
                used[NR] = 1
                if ($3 == "-" || index(words_of[test], $3))
                    listed[test] = 1
            }
        group = $2
        sub(/\..*/, "", group)
        if (!(NR in used) && !($2 in skipped) && $4 !~ /^Sometimes/ && index(program_name, "-" group "-"))
            print "--- " $2 " has not failed: line " NR " of differences.txt is not needed here"
    }
    END {
        for (test in failed)
            if (!(test in listed))
                wrong = wrong "\n--- " test " failed, and differences.txt does not say why, or that it says something else"
        if (wrong != "") {
            print wrong
            exit 1
        }
    }' program_name="$(basename "$program")" "$list"
