/*
 * initonce.c: INIT_ONCE: something is done once, by whoever comes first.
 *
 * One word, whose two lowest bits say how far it is:
 *
 *   0                       nobody has begun
 *   ONE_AT_IT               one is at it, others wait: with whether anybody sleeps, who it is and in which process
 *   MANY_AT_IT              several may be at it, and the first to finish wins (INIT_ONCE_ASYNC)
 *   DONE                    with the context in the bits above
 *
 * As pthread_once, the child of a fork does not wait for a thread that it does not have: whoever comes there begins anew,
 * unless it was the thread that forked which is at it.
 */
#include <unistd.h>

#include "base/atomic.h"
#include "win32/locks/lockowner.h"
#include "win32/locks/lockwait.h"
#include "win32/win32.h"

_Static_assert(sizeof(INIT_ONCE) == 8, "as on Windows");

enum { ONE_AT_IT = 1, DONE = 2, MANY_AT_IT = 3, STATE = 3, ANYBODY_SLEEPS = 4, OWNER_SHIFT = 3 };

static uint64_t *word_of(INIT_ONCE *once)
{
    return (uint64_t *)&once->Ptr;
}

/* Whether it was so; if not, seen is what it is. */
static bool change(INIT_ONCE *once, uint64_t *seen, uint64_t wanted)
{
    return __atomic_compare_exchange_n(word_of(once), seen, wanted, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

/* --- beginning --- */

static uint64_t being_at_it(DWORD flags)
{
    uint32_t lower = wm_owner_self() << OWNER_SHIFT | ONE_AT_IT;

    return flags & INIT_ONCE_ASYNC ? MANY_AT_IT : (uint64_t)getpid() << 32 | lower;
}

/* Did whoever is at it stay behind in the parent of a fork? */
static bool is_abandoned(uint64_t seen)
{
    uint32_t owner = (uint32_t)seen >> OWNER_SHIFT;

    return (int32_t)(seen >> 32) != getpid() && owner != wm_owner_self() && !wm_owner_was_self(owner);
}

/* Until another one is not at it any more, or for a while. */
static void wait_for_other(INIT_ONCE *once, uint64_t seen)
{
    struct wm_lock_patience patience = {0};
    uint64_t wanted = seen | ANYBODY_SLEEPS;

    if (seen == wanted || change(once, &seen, wanted))
        wm_lock_sleep(&patience, (uint32_t *)word_of(once), (uint32_t)wanted, WM_FUTEX_ALL_BITS,
                      WM_LOCK_SLEEP);
}

/* WM_OK: it is done already, or the caller is to do it. */
static wm_status begin(INIT_ONCE *once, DWORD flags, uint64_t *seen)
{
    uint64_t mine = 0;

    for (;;) {
        *seen = WM_LOAD(*word_of(once));
        if ((*seen & STATE) == DONE)
            return WM_OK;
        if (flags & INIT_ONCE_CHECK_ONLY)
            return WM_ONCE_NOT_DONE;
        if (*seen != 0 && (*seen & STATE) != (flags & INIT_ONCE_ASYNC ? MANY_AT_IT : ONE_AT_IT))
            return WM_ONCE_OTHER_WAY;
        if (*seen == MANY_AT_IT)
            return WM_OK;
        mine = mine != 0 ? mine : being_at_it(flags);
        if (*seen != 0 && !is_abandoned(*seen))
            wait_for_other(once, *seen);
        else if (change(once, seen, mine))
            return WM_OK;
    }
}

/* --- ending --- */

static void wake(INIT_ONCE *once, uint64_t before)
{
    if ((before & STATE) == ONE_AT_IT && before & ANYBODY_SLEEPS)
        wm_lock_wake((uint32_t *)word_of(once), WM_FUTEX_ALL_BITS, INT_MAX);
}

static wm_status complete(INIT_ONCE *once, DWORD flags, uint64_t result)
{
    uint64_t seen = WM_LOAD(*word_of(once));

    do {
        if (seen == 0 || (seen & STATE) == DONE)
            return WM_ONCE_NOT_BEGUN;
        if ((seen & STATE) != (flags & INIT_ONCE_ASYNC ? MANY_AT_IT : ONE_AT_IT))
            return WM_ONCE_OTHER_WAY;
    } while (!change(once, &seen, result));
    wake(once, seen);
    return WM_OK;
}

static wm_status end(INIT_ONCE *once, DWORD flags, const void *context)
{
    if (flags & ~(DWORD)(INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED) ||
        flags == (INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED))
        return WM_LOCK_UNKNOWN_FLAGS;
    if ((uintptr_t)context & STATE || (flags & INIT_ONCE_INIT_FAILED && context != NULL))
        return WM_ONCE_CONTEXT;
    return complete(once, flags, flags & INIT_ONCE_INIT_FAILED ? 0 : (uintptr_t)context | DONE);
}

/* --- as the functions have it --- */

static void tell_context(LPVOID *context, uint64_t word)
{
    if (context != NULL && (word & STATE) == DONE)
        *context = (void *)(uintptr_t)(word & ~(uint64_t)STATE);
}

VOID WINAPI InitOnceInitialize(PINIT_ONCE InitOnce)
{
    *InitOnce = (INIT_ONCE)INIT_ONCE_STATIC_INIT;
    WM_TRACE(WM_OK, WM_RETURNS_NOTHING, WM_HEX(InitOnce));
}

BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE lpInitOnce, DWORD dwFlags, PBOOL fPending, LPVOID *lpContext)
{
    uint64_t seen = 0;
    wm_status st = WM_OK;

    if (dwFlags & ~(DWORD)(INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC) ||
        dwFlags == (INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC))
        st = WM_LOCK_UNKNOWN_FLAGS;
    if (wm_ok(st))
        st = begin(lpInitOnce, dwFlags, &seen);
    if (wm_ok(st)) {
        *fPending = (seen & STATE) != DONE;
        tell_context(lpContext, seen);
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpInitOnce), WM_HEX(dwFlags), WM_HEX(fPending), WM_HEX(lpContext));
    return wm_edge_bool(st);
}

BOOL WINAPI InitOnceComplete(LPINIT_ONCE lpInitOnce, DWORD dwFlags, LPVOID lpContext)
{
    wm_status st = end(lpInitOnce, dwFlags, lpContext);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpInitOnce), WM_HEX(dwFlags), WM_HEX(lpContext));
    return wm_edge_bool(st);
}

/* The caller is the one to do it. What the function says of its failure stays the last error. */
static BOOL execute(INIT_ONCE *once, PINIT_ONCE_FN function, void *parameter, LPVOID *context)
{
    void *made = NULL;
    wm_status st;

    if (!function(once, parameter, &made)) {
        end(once, INIT_ONCE_INIT_FAILED, NULL);
        return FALSE;
    }
    st = end(once, 0, made);
    if (wm_ok(st) && context != NULL)
        *context = made;
    return wm_edge_bool(st);
}

BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn, PVOID Parameter, LPVOID *Context)
{
    uint64_t seen = WM_LOAD(*word_of(InitOnce));
    wm_status st = WM_OK;

    if (__builtin_expect((seen & STATE) != DONE, 0))
        st = begin(InitOnce, 0, &seen);
    if (wm_ok(st) && (seen & STATE) != DONE)
        return execute(InitOnce, InitFn, Parameter, Context);
    if (wm_ok(st))
        tell_context(Context, seen);
    return wm_edge_bool(st);
}
