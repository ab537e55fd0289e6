/* fixing.h: a vectored handler that notes what it was told and makes the page accessible, whatever the processor. */
#ifndef FIXING_H
#define FIXING_H

#include "api.h"

static struct seen {
    EXCEPTION_RECORD record;
    CONTEXT context;
    unsigned calls;
} seen;

static BYTE *fix;    /* the page */
static DWORD fix_to; /* its protection */

static inline void look(EXCEPTION_POINTERS *info)
{
    seen.record = *info->ExceptionRecord;
    seen.context = *info->ContextRecord;
    seen.calls++;
}

static inline LONG CALLBACK fixes(EXCEPTION_POINTERS *info)
{
    DWORD old;

    look(info);
    return VirtualProtect(fix, PAGE, fix_to, &old) ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

static inline void fixing(BYTE *page, DWORD protection)
{
    fix = page;
    fix_to = protection;
    seen.calls = 0;
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
}

#endif
