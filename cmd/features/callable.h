/*
 * callable.h: whether what a feature needs of the kernel may be called at all.
 *
 * The library tells that a feature is lacking, not why: a kernel that is too old, and a filter that answers for it, look
 * alike to whoever only wants to do without. Here each call is made once more in a form that asks for nothing and of which
 * it is known what the kernel answers, as in the library's own policy of refusals. Nothing is changed by it.
 */
#ifndef FEATURES_CALLABLE_H
#define FEATURES_CALLABLE_H

enum callable {
    CALL_NOTHING,
    CALL_MADVISE,
    CALL_USERFAULTFD,
    CALL_MBIND,
    CALL_MOVE_PAGES,
    CALL_MLOCK,
    CALL_MEMFD,
    CALL_PIDFD,
    CALL_PROCESS_VM,
    CALL_FUTEX_WAITV,
    CALL_MEMBARRIER,
    CALL_MAPS,
    CALL_PAGEMAP,
    CALL_HUGE_POOLS,
    CALL_TRANSPARENT,
    CALLS
};

/* What it is called: "userfaultfd", "/proc/self/pagemap". */
const char *callable_name(enum callable call);

/* 0: it can be called. Else the errno that it was refused with. */
int callable_error(enum callable call);

#endif
