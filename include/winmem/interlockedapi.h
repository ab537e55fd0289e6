/*
 * interlockedapi.h: singly linked lists that threads push to and pop from without a lock. (The other Interlocked functions
 * are in wininterlocked.h.)
 */
#ifndef WINMEM_INTERLOCKEDAPI_H
#define WINMEM_INTERLOCKEDAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * InitializeSListHead, InterlockedPushEntrySList, InterlockedPushListSListEx, InterlockedPopEntrySList,
 * InterlockedFlushSList, QueryDepthSList: a list of the caller's entries, last in, first out.
 *
 * ListHead      aligned to 16 bytes; all zeros is an empty list
 * ListEntry     the first member of whatever is in the list; it is written while it is in it
 * List, ListEnd, Count  entries that are linked already, the first, the last, how many
 *
 * Push returns the entry that was first, Pop the one that it has taken, Flush the first of all that it has taken, which hang
 * together; NULL if there was none. QueryDepthSList returns how many there are, modulo 65536. None of them can fail.
 * On Linux      as on Windows: an entry's memory may be given back as soon as it is popped, though another thread may still be
 *               looking at it. That is met by the handler of faults; a program that has put a handler of its own over it
 *               (sigaction goes through this library, a raw system call does not) keeps its entries
 * Source        learn.microsoft.com, interlockedapi.h; "Interlocked Singly Linked Lists"
 */
WINBASEAPI VOID WINAPI InitializeSListHead(PSLIST_HEADER ListHead);
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry);
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedPushListSListEx(PSLIST_HEADER ListHead, PSLIST_ENTRY List,
                                                          PSLIST_ENTRY ListEnd, ULONG Count);
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedPopEntrySList(PSLIST_HEADER ListHead);
WINBASEAPI PSLIST_ENTRY WINAPI InterlockedFlushSList(PSLIST_HEADER ListHead);
WINBASEAPI USHORT WINAPI QueryDepthSList(PSLIST_HEADER ListHead);

WINMEM_C_END

#endif /* WINMEM_INTERLOCKEDAPI_H */
