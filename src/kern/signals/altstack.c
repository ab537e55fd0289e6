/*
 * altstack.c: the stacks of all threads, and how they go.
 *
 * A thread gets its stack in the middle of whatever it was doing, also inside malloc: so nothing here
 * allocates or waits. Threads end without telling us, so each stack has a record with the number of its
 * thread; whoever makes a stack looks at a few records, and takes away the stacks of threads that the
 * kernel no longer knows. Where a key of this library's own can be set without allocating, a stack goes
 * earlier, with its thread.
 *
 *   a record belongs to whoever has changed its owner from what it was: to BUSY, by one exchange
 *   records are never given back, so they are read without a lock
 *   a thread's own record is left alone by it: in a child of a fork its number is the parent's until we are told
 *
 * How large a stack must be depends on the processor: the kernel's frame holds all its registers, and says
 * how large that is (AT_MINSIGSTKSZ; pinned: signals.the_size_of_a_frame_is_told).
 *
 * Compiled without sanitizers, as newthread.c is: a new thread adopts its stack before theirs knows of it.
 */
#include "kern/signals/altstack.h"

#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "base/atomic.h"
#include "kern/lock.h"
#include "kern/map/mapping.h"
#include "kern/renew.h"
#include "kern/sys.h"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

/* A mapping is inaccessible ground, the stack, and what its maker keeps above. */
enum { ALIGNMENT = 64, HANDLER_BYTES = 0x10000, OLDEST_FRAME = 0x1000 };

__thread bool wm_altstack_settled __attribute__((tls_model("initial-exec")));
__thread uintptr_t wm_altstack_lowest __attribute__((tls_model("initial-exec")));

/* --- mappings --- */

/* The kernel's frame grows with the processor's registers (AVX-512, AMX). */
static size_t needed_bytes(size_t extra)
{
    size_t frame = getauxval(AT_MINSIGSTKSZ);

    return wm_up(ALIGNMENT + (frame > OLDEST_FRAME ? frame : OLDEST_FRAME) + HANDLER_BYTES + extra, WM_PAGE);
}

/* A sanitizer must see it go, or takes the next thread at these addresses for the last one. */
static void unmap(struct wm_range r)
{
#ifdef WM_SANITIZED
    munmap((void *)r.start, wm_range_bytes(r));
#else
    wm_kern_unmap(r);
#endif
}

bool wm_altstack_make(size_t extra, struct wm_altstack *out)
{
    size_t bytes = WM_ALTSTACK_GUARD + needed_bytes(extra);
    uintptr_t start;

    if (wm_kern_reserve(bytes, &start) != 0)
        return false;
    out->mapping = wm_range_of(start, bytes);
    out->stack.start = start + WM_ALTSTACK_GUARD;
    out->stack.end = wm_down(out->mapping.end - extra, ALIGNMENT);
    if (wm_kern_protect((struct wm_range){out->stack.start, out->mapping.end},
                        WM_ACCESS_READ | WM_ACCESS_WRITE) == 0)
        return true;
    wm_altstack_drop(out);
    return false;
}

void wm_altstack_drop(const struct wm_altstack *altstack)
{
    unmap(altstack->mapping);
}

/* --- records --- */

/* owner: the number of the thread, and above it how often that has changed: a number that is back is another thread. */
struct record {
    uint64_t owner;
    struct wm_range mapping;
};

enum { NOBODY = 0, BUSY = INT32_MAX };
enum { FIRST = 128, CHUNKS = 16, LOOKS = 8 }; /* chunk k has FIRST << k records */

static struct record first[FIRST];
static struct record *chunks[CHUNKS] = {first};
static uint32_t count; /* records that have been in use */
static uint32_t hand;  /* the next one to be looked at */
static __thread struct record *mine __attribute__((tls_model("initial-exec")));

static uint32_t self(void)
{
    return (uint32_t)wm_sys_enter(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

static bool pass(struct record *record, uint64_t from, uint32_t to)
{
    uint64_t next = ((from >> 32) + 1) << 32 | to;

    return __atomic_compare_exchange_n(&record->owner, &from, next, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

static struct record *map_chunk(struct record **chunk, size_t records)
{
    struct record *before = NULL;
    size_t bytes = wm_up(records * sizeof(struct record), WM_PAGE);
    uintptr_t start;

    if (wm_kern_map_sparse(bytes, &start) != 0)
        return NULL;
    if (__atomic_compare_exchange_n(chunk, &before, (struct record *)start, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return (struct record *)start;
    wm_kern_unmap(wm_range_of(start, bytes));
    return before;
}

/* NULL: there is no memory for it, or there are too many. */
static struct record *record_at(uint32_t index)
{
    int chunk = 31 - __builtin_clz(index / FIRST + 1);
    uint32_t before = ((uint32_t)FIRST << chunk) - FIRST;
    struct record *records;

    if (chunk >= CHUNKS)
        return NULL;
    records = WM_LOAD(chunks[chunk]);
    if (records == NULL)
        records = map_chunk(&chunks[chunk], (size_t)FIRST << chunk);
    return records == NULL ? NULL : &records[index - before];
}

static bool is_gone(uint32_t thread)
{
    const long no_such_thread = -3; /* ESRCH */
    long pid = wm_sys_enter(SYS_getpid, 0, 0, 0, 0, 0, 0);

    return wm_sys_enter(SYS_tgkill, pid, thread, 0, 0, 0, 0) == no_such_thread;
}

static void let_go(struct record *record)
{
    unmap(record->mapping);
    pass(record, WM_LOAD(record->owner), NOBODY);
}

/* True: the record is the caller's, BUSY. Else it may have become free by this look. */
static bool take_if_free(struct record *record)
{
    uint64_t owner = WM_LOAD(record->owner);

    if ((uint32_t)owner == NOBODY)
        return pass(record, owner, BUSY);
    if (record != mine && (uint32_t)owner != BUSY && is_gone((uint32_t)owner) && pass(record, owner, BUSY))
        let_go(record);
    return false;
}

/* The hand goes round: each stack that is made pays for a few looks, however many threads there are. */
static struct record *take_record(void)
{
    uint32_t known = WM_LOAD(count);
    struct record *record;

    for (int i = 0; i < LOOKS && known > 0; i++) {
        record = record_at(__atomic_fetch_add(&hand, 1, __ATOMIC_RELAXED) % known);
        if (record != NULL && take_if_free(record))
            return record;
    }
    record = record_at(__atomic_fetch_add(&count, 1, __ATOMIC_ACQ_REL));
    return record != NULL && pass(record, WM_LOAD(record->owner), BUSY) ? record : NULL;
}

/* --- ends --- */

/* glibc keeps the values of so many keys in the thread itself; for others it allocates. */
enum { KEYS_WITHIN_THREADS = 32 };

static pthread_key_t at_thread_end;
static bool has_key;

/* A stack that somebody has put in place instead stays. Who ends in a signal handler still stands on ours. */
static void at_end(void *value)
{
    static const stack_t none = {.ss_flags = SS_DISABLE};
    struct record *record = value;
    stack_t now = {0};

    wm_sys_enter(SYS_sigaltstack, 0, (long)&now, 0, 0, 0, 0);
    if (now.ss_flags & SS_ONSTACK)
        return;
    if ((uintptr_t)now.ss_sp == wm_altstack_lowest)
        wm_sys_enter(SYS_sigaltstack, (long)&none, 0, 0, 0, 0, 0);
    wm_altstack_lowest = 0;
    mine = NULL;
    if (pass(record, WM_LOAD(record->owner), BUSY))
        let_go(record);
}

__attribute__((constructor)) static void make_key(void)
{
    if (has_key || pthread_key_create(&at_thread_end, at_end) != 0)
        return;
    if (at_thread_end < KEYS_WITHIN_THREADS)
        has_key = true;
    else
        pthread_key_delete(at_thread_end);
}

/* --- threads --- */

/* Without a record the mapping outlives its thread. */
static void note(struct wm_range mapping)
{
    mine = take_record();
    if (mine == NULL)
        return;
    mine->mapping = mapping;
    pass(mine, WM_LOAD(mine->owner), self());
    if (has_key)
        pthread_setspecific(at_thread_end, mine);
}

void wm_altstack_adopt(const struct wm_altstack *altstack)
{
    stack_t ours = {.ss_sp = (void *)altstack->stack.start, .ss_size = wm_range_bytes(altstack->stack)};
    stack_t now = {0};

    wm_altstack_settled = true;
    wm_sys_enter(SYS_sigaltstack, 0, (long)&now, 0, 0, 0, 0);
    if ((now.ss_flags & SS_DISABLE) == 0 || wm_sys_enter(SYS_sigaltstack, (long)&ours, 0, 0, 0, 0, 0) != 0) {
        wm_altstack_drop(altstack);
        return;
    }
    wm_altstack_lowest = altstack->stack.start;
    note(altstack->mapping);
}

void wm_altstack_settle(void)
{
    struct wm_altstack altstack;
    stack_t now = {0};

    if (wm_lock_is_hurried())
        return;
    wm_altstack_settled = true;
    wm_sys_enter(SYS_sigaltstack, 0, (long)&now, 0, 0, 0, 0);
    if ((now.ss_flags & SS_DISABLE) && wm_altstack_make(0, &altstack))
        wm_altstack_adopt(&altstack);
}

/* The child's one thread has another number now. The records of the others are of threads that do not exist. */
static void renew(void)
{
    if (mine != NULL)
        pass(mine, WM_LOAD(mine->owner), self());
}

const struct wm_renewal wm_renewed_altstack = {.renew = renew};
