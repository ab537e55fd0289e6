#!/bin/sh
# versions.sh <project>: every place that has the number of the release has the same (docs/versioning.md lists them).
# WINMEM_VERSION_* of winmem.h are compared with what was built by exports.sh.
set -eu
cd "$1"
number=$(sed -n 's/^ *VERSION \([0-9]*\.[0-9]*\.[0-9]*\)$/\1/p' CMakeLists.txt)
[ -n "$number" ] || { echo "FAILED: CMakeLists.txt has no version"; exit 1; }
escaped=$(echo "$number" | sed 's/\./\\./g')
status=0

# says <file> <line>: a basic regular expression
says()
{
    grep -q "$2" "$1" || { echo "FAILED: $1 does not say $number"; status=1; }
}

IFS=. read -r major minor patch <<end
$number
end
says include/winmem/winmem.h "^#define WINMEM_VERSION_MAJOR $major$"
says include/winmem/winmem.h "^#define WINMEM_VERSION_MINOR $minor$"
says include/winmem/winmem.h "^#define WINMEM_VERSION_PATCH $patch$"
says CHANGELOG.md "^## $escaped$"
says packaging/winmem.spec "^Version: *$escaped$"
head -n 1 debian/changelog | grep -q "^winmem ($escaped)" || { echo "FAILED: debian/changelog begins with another"; status=1; }
echo "version $number"
exit $status
