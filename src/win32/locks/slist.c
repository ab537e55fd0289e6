/*
 * slist.c: singly linked lists that threads push to and pop from without a lock: InterlockedPushEntrySList and its kin.
 *
 * A head is 16 bytes that change at once: a depth, a number that every change makes another, and the first entry. Who pops
 * has to read that entry to find the next one, and by then another may have popped it and given its memory back: so it is
 * read as memory that may not be there. Whatever was read counts only if the number is the same still.
 */
#include <stdbool.h>

#include "kern/signals/tryword.h"
#include "win32/win32.h"

/* In the first word of a head. */
enum { DEPTH_BITS = 16 };

#define DEPTH_MASK ((ULONGLONG)0xffff)

static SLIST_HEADER read_head(PSLIST_HEADER head)
{
    SLIST_HEADER seen;

    seen.Alignment = __atomic_load_n(&head->Alignment, __ATOMIC_ACQUIRE);
    seen.Region = __atomic_load_n(&head->Region, __ATOMIC_ACQUIRE);
    return seen;
}

static SLIST_HEADER next_head(const SLIST_HEADER *seen, ULONGLONG depth, PSLIST_ENTRY first)
{
    SLIST_HEADER next;

    next.Alignment = ((seen->Alignment >> DEPTH_BITS) + 1) << DEPTH_BITS | (depth & DEPTH_MASK);
    next.Region = (ULONGLONG)(ULONG_PTR)first;
    return next;
}

/* If the head is not what was seen, what is there is seen now. */
static bool change(PSLIST_HEADER head, SLIST_HEADER *seen, const SLIST_HEADER *next)
{
    return InterlockedCompareExchange128(head, (LONG64)next->Region, (LONG64)next->Alignment, seen) != 0;
}

static PSLIST_ENTRY first_of(const SLIST_HEADER *head)
{
    return (PSLIST_ENTRY)(ULONG_PTR)head->Region;
}

/* An entry that cannot be read and is the first still was freed in the list: whoever pops it meets the fault. */
static PSLIST_ENTRY read_next(PSLIST_HEADER head, const SLIST_HEADER *seen)
{
    uint64_t word = wm_try_word((uintptr_t)first_of(seen));
    SLIST_HEADER now;

    if (word == UINT64_MAX) {
        now = read_head(head);
        if (now.Alignment == seen->Alignment && now.Region == seen->Region)
            return *(PSLIST_ENTRY volatile *)&first_of(seen)->Next;
    }
    return (PSLIST_ENTRY)word;
}

VOID WINAPI InitializeSListHead(PSLIST_HEADER ListHead)
{
    ListHead->Alignment = 0;
    ListHead->Region = 0;
}

PSLIST_ENTRY WINAPI InterlockedPushListSListEx(PSLIST_HEADER ListHead, PSLIST_ENTRY List,
                                               PSLIST_ENTRY ListEnd, ULONG Count)
{
    SLIST_HEADER seen = read_head(ListHead), next;

    do {
        __atomic_store_n(&ListEnd->Next, first_of(&seen), __ATOMIC_RELAXED);
        next = next_head(&seen, seen.Alignment + Count, List);
    } while (!change(ListHead, &seen, &next));
    return first_of(&seen);
}

PSLIST_ENTRY WINAPI InterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry)
{
    return InterlockedPushListSListEx(ListHead, ListEntry, ListEntry, 1);
}

PSLIST_ENTRY WINAPI InterlockedPopEntrySList(PSLIST_HEADER ListHead)
{
    SLIST_HEADER seen = read_head(ListHead), next;

    do {
        if (first_of(&seen) == NULL)
            return NULL;
        next = next_head(&seen, seen.Alignment - 1, read_next(ListHead, &seen));
    } while (!change(ListHead, &seen, &next));
    return first_of(&seen);
}

PSLIST_ENTRY WINAPI InterlockedFlushSList(PSLIST_HEADER ListHead)
{
    SLIST_HEADER seen = read_head(ListHead), next;

    do {
        if (first_of(&seen) == NULL)
            return NULL;
        next = next_head(&seen, 0, NULL);
    } while (!change(ListHead, &seen, &next));
    return first_of(&seen);
}

USHORT WINAPI QueryDepthSList(PSLIST_HEADER ListHead)
{
    return (USHORT)(__atomic_load_n(&ListHead->Alignment, __ATOMIC_RELAXED) & DEPTH_MASK);
}
