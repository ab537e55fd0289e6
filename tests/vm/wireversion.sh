# Two builds talk to each other only if all that they have to agree on is the same text (cmake/wireversion.cmake).
#
# usage: wireversion.sh <source> <build of src> <cmake>
set -u
source=$1 build=$2 cmake=$3
copy=$(mktemp -d) || exit 1
trap 'rm -rf "$copy"' EXIT
bad=0

complain()
{
    echo "$*"
    bad=1
}

version()
{
    (cd "$copy/src" && "$cmake" "-DLIST=$build/wiretexts" "-DOUT=$copy/version.h" -P "$source/cmake/wireversion.cmake")
    cat "$copy/version.h"
}

# differs <file> <what> <sed script>
differs()
{
    sed "$3" "$copy/src/$1" >"$copy/changed"
    cmp -s "$copy/changed" "$copy/src/$1" && complain "$2: nothing of the kind in $1"
    cp "$copy/changed" "$copy/src/$1"
    [ "$(version)" = "$built" ] && complain "$2: same version"
    cp "$source/src/$1" "$copy/src/$1"
}

cp -R "$source/src" "$copy/src"
built=$(cat "$build/generated/wireversion.h")
[ "$(version)" = "$built" ] || complain "the same text, and the version is $(version), not $built"

differs vm/operations.def "two rows that changed places" '/^OPERATION(FREE,/{h;d;};/^OPERATION(PROTECT,/{G;}'
differs base/status.def "a reason less" '0,/^WM_STATUS(/{/^WM_STATUS(/d;}'
differs vm/ops.h "two members that changed places" '/^    size_t minimum;/{h;d;};/^    size_t maximum;/{G;}'
differs vm/agent/wire.h "the word that is changed by hand" 's/third/fourth/'
[ "$(version)" = "$built" ] || complain "what was changed back left a difference"

for file in vm/operations.def base/status.def vm/ops.h vm/agent/wire.h vm/book/home.h core/space.h kern/lock.h; do
    grep -qx "$file" "$build/wiretexts" || complain "$file is not looked at"
done
exit $bad
