#!/bin/sh
# trace_types.sh <src> <include> <compiler>: a trace shows a value as what it is: api/calltrace.h takes those of the
# right type and refuses any other.
set -u
command -v "$3" >/dev/null || { echo "skipped: no $3"; exit 77; }
status=0

# The trace of a call with everything that there is to show.
compiles()
{
    cat <<END | "$3" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$1" -I"$2" -x c - >/dev/null 2>&1
#include <windows.h>
#include "api/calltrace.h"
struct all { HANDLE handle; HMODULE module; const void *at; SIZE_T size; DWORD flags; ULONG64 offset; USHORT node;
             BOOL yes; const char *text; WCHAR *wide; int number; double real; void (*function)(void); };
void call(wm_status st, struct all a);
void call(wm_status st, struct all a)
{
    (void)a;
    WM_TRACE(st, $4);
}
END
}

takes()
{
    compiles "$src" "$include" "$compiler" "$1" || { echo "FAILED: does not compile: $1"; status=1; }
}

refuses()
{
    ! compiles "$src" "$include" "$compiler" "$1" || { echo "FAILED: compiles: $1"; status=1; }
}

src=$1 include=$2 compiler=$3
takes 'WM_RETURNS_TRUE, WM_NO_ARGUMENTS'
takes 'WM_RETURNS(WM_HEX(a.at)), WM_HEX(a.handle), WM_HEX(a.module), WM_HEX(a.size), WM_HEX(a.flags), WM_HEX(a.offset)'
takes 'WM_RETURNS(WM_DECIMAL(a.size)), WM_DECIMAL(a.node), WM_DECIMAL(a.flags), WM_BOOL(a.yes), WM_STRING(a.text)'
takes 'WM_RETURNS_ZERO, WM_ALLOC_FLAGS(a.flags), WM_FREE_FLAGS(a.flags), WM_PROTECTION(a.flags), WM_MAP_FLAGS(a.flags)'

# A number is not negative, a fraction or a function.
for wrong in number real function; do
    refuses "WM_RETURNS_TRUE, WM_HEX(a.$wrong)"
    refuses "WM_RETURNS_TRUE, WM_DECIMAL(a.$wrong)"
done
refuses 'WM_RETURNS_TRUE, WM_DECIMAL(a.handle)'
refuses 'WM_RETURNS_TRUE, WM_BOOL(a.flags)'
refuses 'WM_RETURNS_TRUE, WM_STRING(a.flags)'
refuses 'WM_RETURNS_TRUE, WM_STRING(a.wide)'

# What has names is a DWORD: no size, no pointer.
for names in WM_ALLOC_FLAGS WM_FREE_FLAGS WM_PROTECTION WM_MAP_FLAGS; do
    for wrong in size at yes node; do
        refuses "WM_RETURNS_TRUE, $names(a.$wrong)"
    done
done

# Arguments and what was returned do not stand for each other, and neither is a bare value.
refuses 'WM_HEX(a.at), WM_HEX(a.at)'
refuses 'WM_RETURNS_TRUE, WM_RETURNS_TRUE'
refuses 'WM_RETURNS_TRUE, WM_HEX(a.at), WM_RETURNS_TRUE'
refuses 'WM_RETURNS(a.at), WM_HEX(a.at)'
refuses 'a.flags, WM_HEX(a.at)'
refuses 'WM_RETURNS_TRUE, a.flags'
refuses 'WM_RETURNS_TRUE, WM_HEX(a.at), a.size'
refuses 'WM_RETURNS_TRUE, WM_HEX(a.at), 0'
exit $status
