/*
 * threadattributes.h: what a list of attributes looks like: where values stand, which are the program's until it deletes
 * the list.
 */
#ifndef WM_WIN32_THREADATTRIBUTES_H
#define WM_WIN32_THREADATTRIBUTES_H

#include "win32/win32.h"

/* There is one kind of attribute, so a list with room for more has one value as well. */
struct _PROC_THREAD_ATTRIBUTE_LIST {
    DWORD room;
    DWORD used;
    const GROUP_AFFINITY *affinity; /* NULL: none was given */
};

#endif
