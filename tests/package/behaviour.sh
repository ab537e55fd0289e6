#!/bin/sh
# behaviour.sh <project>: the rules that tests quote and those of docs/behaviour are the same.
#
# Each rule stands there once, with its source, and is quoted by a test or says why not; and what a test quotes (all words
# of the last argument of a TEST, and ids elsewhere in the text) stands there.
set -u
cd "$1" || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# A rule is an item of a list: "- **O12** sentence *observed; untested: why*", over several lines.
awk '
    function close_item(    source) {
        if (id == "")
            return
        source = text
        if (!sub(/^.* \*(documented|observed|ours)/, "", source) || source !~ /\*$/)
            print "no source: " id " in " file >"/dev/stderr"
        print id, (text ~ /untested[^:*]*: [^ ]/ ? "untested" : "tested")
        id = text = ""
    }
    /^- \*\*/ { close_item(); id = $2; file = FILENAME; gsub(/\*/, "", id) }
    !/^- \*\*/ && !/^  / { close_item() }
    id != "" { sub(/^ +/, ""); text = text " " $0 }
    END { close_item() }' docs/behaviour/*.md >"$dir/rules" 2>"$dir/bad"

# Where a test says -O2 it means the compiler.
find tests \( -name '*.[ch]' -o -name '*.cpp' -o -name '*.sh' -o -name '*.txt' \) ! -name behaviour.sh | sort >"$dir/files"
xargs awk '
    FNR == 1 { call = "" }
    /^TEST\(/ || call != "" { call = call $0 }
    call ~ /"\)/ {
        sub(/^[^"]*"/, "", call)
        sub(/"\).*/, "", call)
        count = split(call, words, /[ ,]+/)
        for (i = 1; i <= count; i++)
            print words[i], FILENAME
        call = ""
    }
    {
        line = " " $0 " "
        while (match(line, /[^-A-Za-z0-9_.][SODL][0-9]+(\.[0-9]+)?[a-z]?[^A-Za-z0-9_]/)) {
            print substr(line, RSTART + 1, RLENGTH - 2), FILENAME
            line = substr(line, RSTART + RLENGTH - 1)
        }
    }' <"$dir/files" | sort -u >"$dir/quotes"

awk '
    FILENAME ~ /rules$/ && $1 in state { print "twice: " $1 }
    FILENAME ~ /rules$/ { state[$1] = $2; next }
    !($1 in state) { print "not in docs/behaviour: " $1 ", quoted in " $2 }
    { quoted[$1] = 1 }
    END {
        for (id in state) {
            if (state[id] == "tested" && !(id in quoted))
                print "no test quotes " id ", and it does not say why: \"untested: ...\""
            if (state[id] == "untested" && id in quoted)
                print "a test quotes " id ", which says that it is untested"
        }
    }' "$dir/rules" "$dir/quotes" | sort >>"$dir/bad"

cat "$dir/bad"
echo "$(wc -l <"$dir/rules") rules, $(grep -c ' untested' "$dir/rules") of them untested"
[ -s "$dir/rules" ] && [ -s "$dir/quotes" ] && [ ! -s "$dir/bad" ]
