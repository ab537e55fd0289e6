/*
 * records.c: a record for each thread that needs one (self.h).
 *
 * Records lie in chunks that are mapped when the ones before are full, and stay. The first chunk is a static: a thread of
 * a program with few always gets one.
 *
 *   FREE       in the list of free ones
 *   EXPECTED   kept by whoever makes the thread, or has opened it by its number; it has not taken it yet
 *   AWAITED    the same, and somebody sleeps until it is taken
 *   TAKEN      a thread's own, which may be gone by now
 *   REAPED     being emptied by somebody who found its thread gone
 *
 *   a record becomes free when its thread is gone and nobody keeps it, by whoever let go last; or, of a thread whose record
 *   nobody kept, by whoever takes one: each looks at a few, so there are never many more than threads
 *   the lock is held for a few instructions, and for a look at whether a thread is there; the rows of ends.def run
 *   without it
 *   epoch is the process's at the time: in a child of a fork only the thread that forked is in the new one, and all others
 *   are gone
 */
#include "vm/threads/records.h"

#include <stddef.h>
#include <string.h>

#include "base/atomic.h"
#include "kern/futex.h"
#include "kern/map/mapping.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "kern/threads/scheduling.h"
#include "vm/book/pulse.h"
#include "vm/threads/ends.h"

enum { FREE, EXPECTED, AWAITED, TAKEN, REAPED };
enum { FIRST = 32, CHUNKS = 20, LOOKS = 4 }; /* chunk k has FIRST << k records */

union cell {
    struct wm_thread thread;
    unsigned char bytes[WM_THREAD_RECORD_BYTES];
};

static _Alignas(WM_PAGE) union cell first[FIRST];
static union cell *chunks[CHUNKS] = {first};
static struct wm_lock lock;
static uint32_t count;     /* cells that have been in use */
static uint32_t free_head; /* number + 1; 0: none */
static uint32_t hand;      /* the next to be looked at */
static uint32_t epoch = 1;
static uint32_t
    opened; /* records that were made for threads which had none, so that these have to look for theirs */

__thread struct wm_thread *wm_thread_mine __attribute__((tls_model("initial-exec")));
static __thread uint32_t my_id __attribute__((tls_model("initial-exec")));

/* --- where they are --- */

static unsigned chunk_of(uint32_t index)
{
    return 31 - (unsigned)__builtin_clz(index / FIRST + 1);
}

static uint32_t first_of(unsigned chunk)
{
    return ((uint32_t)FIRST << chunk) - FIRST;
}

static struct wm_thread *record_at(uint32_t index)
{
    unsigned chunk = chunk_of(index);

    return &WM_LOAD(chunks[chunk])[index - first_of(chunk)].thread;
}

static uint32_t index_of(const struct wm_thread *thread)
{
    const union cell *cell = (const union cell *)(uintptr_t)thread;
    unsigned chunk = 0;

    while ((size_t)(cell - WM_LOAD(chunks[chunk])) >= (size_t)FIRST << chunk)
        chunk++;
    return first_of(chunk) + (uint32_t)(cell - WM_LOAD(chunks[chunk]));
}

static bool map_chunk(unsigned chunk)
{
    uintptr_t start;

    if (chunk >= CHUNKS || wm_kern_map_sparse(((size_t)FIRST << chunk) * sizeof(union cell), &start) != 0)
        return false;
    WM_STORE(chunks[chunk], (union cell *)start);
    return true;
}

struct wm_thread *wm_thread_next(const struct wm_thread *thread)
{
    uint32_t index = thread == NULL ? 0 : index_of(thread) + 1;

    return index < WM_LOAD(count) ? record_at(index) : NULL;
}

/* --- gone --- */

/* Of one that was opened by its number. That is another thread's by now, if that was born at another time. */
static bool is_there(const struct wm_thread *thread)
{
    return wm_kern_has_thread(WM_LOAD(thread->id)) &&
           wm_kern_thread_born(WM_LOAD(thread->id)) == thread->born;
}

/* What the thread has written last is read behind this, by whoever looks (leaves: suspend.c). */
static bool is_gone_by_mark(struct wm_thread *thread)
{
    bool gone = wm_end_mark_is_gone(&thread->mark);

    (void)WM_LOAD(thread->leaves);
    return gone;
}

bool wm_thread_is_gone(struct wm_thread *thread)
{
    if (thread == wm_thread_mine)
        return false;
    if (WM_LOAD(thread->epoch) != WM_LOAD(epoch))
        return true;
    if (wm_end_mark_is_taken(&thread->mark))
        return is_gone_by_mark(thread);
    return thread->born != 0 && !is_there(thread);
}

/* --- emptying --- */

static const struct wm_thread_ending *const endings[] = {
#define THREAD_ENDING(name) &wm_ending_##name,
#include "vm/threads/ends.def"
#undef THREAD_ENDING
    NULL,
};

void wm_thread_empty_more(void *memory, size_t bytes)
{
    if (memory != NULL && wm_kern_empty(wm_range_of((uintptr_t)memory, bytes)) != 0)
        memset(memory, 0, bytes);
}

static void make_free(struct wm_thread *thread)
{
    void **more_slots = thread->teb.more_slots, **more_fls = thread->own_fls.more;

    opened -= thread->born != 0;
    *thread =
        (struct wm_thread){.next_free = free_head, .teb.more_slots = more_slots, .own_fls.more = more_fls};
    free_head = index_of(thread) + 1;
}

static void reap(struct wm_thread *thread)
{
    for (const struct wm_thread_ending *const *row = endings; *row != NULL; row++)
        if ((*row)->reap != NULL)
            (*row)->reap(thread);
    if (!wm_lock_take(&lock))
        return; /* REAPED for ever: one record is lost in a handler that interrupted this room */
    make_free(thread);
    wm_lock_drop(&lock);
}

static bool is_expected(uint32_t state)
{
    return state == EXPECTED || state == AWAITED;
}

/* With the lock: true, if the caller is to reap it. */
static bool claim(struct wm_thread *thread)
{
    unsigned state = WM_LOAD(thread->state);

    if ((state != TAKEN && !is_expected(state)) || WM_LOAD(thread->keepers) != 0 ||
        !wm_thread_is_gone(thread))
        return false;
    WM_STORE(thread->state, REAPED);
    return true;
}

static struct wm_thread *claim_one(void)
{
    for (int i = 0; i < LOOKS && count > 0; i++) {
        struct wm_thread *thread = record_at(hand++ % count);

        if (claim(thread))
            return thread;
    }
    return NULL;
}

/* --- taking --- */

static struct wm_thread *take_free(void)
{
    struct wm_thread *thread;

    if (free_head == 0 && (count == first_of(chunk_of(count)) && count != 0 && !map_chunk(chunk_of(count))))
        return NULL;
    if (free_head == 0)
        return record_at(count++);
    thread = record_at(free_head - 1);
    free_head = thread->next_free;
    return thread;
}

static void set_out(struct wm_thread *thread, uint32_t id, uint64_t born)
{
    thread->teb.self = (uintptr_t)thread;
    thread->teb.process_id = (uint32_t)wm_sys_pid();
    thread->teb.thread_id = id;
    thread->born = born;
    thread->epoch = epoch;
    thread->created = wm_kern_wall_clock();
    opened += born != 0;
    WM_STORE(thread->state, EXPECTED);
    WM_STORE(thread->id, id);
}

static bool is_of(struct wm_thread *thread, uint32_t id)
{
    unsigned state = WM_LOAD(thread->state);

    return WM_LOAD(thread->id) == id && thread->epoch == epoch && (state == TAKEN || is_expected(state)) &&
           !wm_thread_is_gone(thread);
}

static struct wm_thread *find(uint32_t id)
{
    struct wm_thread *thread = NULL;

    while ((thread = wm_thread_next(thread)) != NULL)
        if (is_of(thread, id))
            break;
    return thread;
}

/*
 * That of the thread with this number (0: one that is to come), or a new one. Where one that is gone was found instead, that is
 * to be reaped first, and then asked again.
 */
static struct wm_thread *obtain_locked(uint32_t id, uint64_t born, struct wm_thread **gone)
{
    struct wm_thread *thread = id != 0 && (born != 0 || opened != 0) ? find(id) : NULL;

    *gone = NULL;
    if (thread != NULL)
        return thread;
    *gone = free_head == 0 ? claim_one() : NULL;
    thread = *gone == NULL ? take_free() : NULL;
    if (thread != NULL)
        set_out(thread, id, born);
    return thread;
}

static struct wm_thread *obtain(uint32_t id, uint64_t born, uint32_t keepers)
{
    struct wm_thread *thread, *gone;

    do {
        if (!wm_lock_take(&lock))
            return NULL;
        thread = obtain_locked(id, born, &gone);
        if (thread != NULL)
            __atomic_fetch_add(&thread->keepers, keepers, __ATOMIC_RELAXED);
        wm_lock_drop(&lock);
        if (gone != NULL)
            reap(gone);
    } while (gone != NULL);
    return thread;
}

/* --- the calling thread --- */

static void take(struct wm_thread *thread, uint32_t id)
{
    thread->teb.thread_id = id;
    wm_end_mark_take(&thread->mark);
    if (__atomic_exchange_n(&thread->state, TAKEN, __ATOMIC_ACQ_REL) == AWAITED)
        wm_futex_wake(&thread->state, WM_FUTEX_EVERYBODYS, WM_FUTEX_ALL_BITS, INT32_MAX);
    WM_STORE(thread->id, id);
    my_id = id;
    wm_thread_mine = thread;
    wm_kern_expect_last_acts(thread);
}

/* Somebody may have opened this thread before it came here: then it has one. */
static struct wm_thread *take_own(void)
{
    uint32_t id = wm_kern_thread_id();
    struct wm_thread *thread = obtain(id, 0, 0);

    if (thread != NULL)
        take(thread, id);
    return thread;
}

/* There is a book then, so that a fork is noticed. A signal handler that needs the record while it is made has interrupted this, or the lock is its own thread's. */
struct wm_thread *wm_thread_self(void)
{
    static __thread bool at_work __attribute__((tls_model("initial-exec")));
    struct wm_thread *mine;

    if (__builtin_expect(wm_thread_mine != NULL && !wm_lock_is_orphaned(), true))
        return wm_thread_mine;
    if (at_work || wm_lock_is_hurried() || !wm_ok(wm_home_ready()))
        return NULL;
    if (wm_thread_mine != NULL)
        return wm_thread_mine;
    at_work = true;
    mine = take_own();
    at_work = false;
    return mine;
}

/* Kept only where a fork will be noticed. */
uint32_t wm_thread_id(void)
{
    if (__builtin_expect(my_id != 0 && !wm_lock_is_orphaned(), true))
        return my_id;
    if (wm_lock_is_hurried() || !wm_ok(wm_home_ready()))
        return wm_kern_thread_id();
    return my_id = wm_kern_thread_id();
}

/* --- others --- */

struct wm_thread *wm_thread_expect(void)
{
    return obtain(0, 0, 1);
}

void wm_thread_forget(struct wm_thread *expected)
{
    expected->epoch = 0; /* gone */
    wm_thread_let_go(expected);
}

bool wm_thread_begin(struct wm_thread *expected)
{
    if (wm_thread_mine != NULL)
        return false; /* a constructor of the thread's has been here, or a signal handler */
    take(expected, wm_kern_thread_id());
    return true;
}

void wm_thread_keep(struct wm_thread *thread)
{
    __atomic_fetch_add(&thread->keepers, 1, __ATOMIC_RELAXED);
}

struct wm_thread *wm_thread_find(uint32_t id, bool *full)
{
    uint64_t born = wm_kern_has_thread(id) ? wm_kern_thread_born(id) : 0;
    struct wm_thread *thread = born != 0 ? obtain(id, born, 1) : NULL;

    *full = born != 0 && thread == NULL;
    return thread;
}

struct wm_thread *wm_thread_of_id(uint32_t id)
{
    return find(id);
}

void wm_thread_let_go(struct wm_thread *thread)
{
    bool last = false;

    if (!wm_lock_take(&lock)) {
        __atomic_fetch_sub(&thread->keepers, 1, __ATOMIC_RELAXED);
        return;
    }
    if (__atomic_sub_fetch(&thread->keepers, 1, __ATOMIC_RELAXED) == 0)
        last = claim(thread);
    wm_lock_drop(&lock);
    if (last)
        reap(thread);
}

/* --- waiting --- */

static const uint32_t *begin_awaited(struct wm_thread *thread, uint32_t *value)
{
    uint32_t seen = EXPECTED;

    __atomic_compare_exchange_n(&thread->state, &seen, AWAITED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    *value = AWAITED;
    return seen == EXPECTED || seen == AWAITED ? &thread->state : NULL;
}

/* First it has to begin: of one that is there, and has only not been here, nobody tells. */
const uint32_t *wm_thread_awaited(struct wm_thread *thread, uint32_t *value)
{
    if (thread->born == 0 && !wm_end_mark_is_taken(&thread->mark))
        return begin_awaited(thread, value);
    return wm_end_mark_awaited(&thread->mark, value);
}

/* --- the end --- */

static void act(void *value, int round)
{
    struct wm_thread *self = value;

    if (self != wm_thread_mine)
        return; /* of the parent, in a child whose thread has another record */
    for (const struct wm_thread_ending *const *row = endings; *row != NULL; row++)
        if ((*row)->act != NULL)
            (*row)->act(self);
    for (const struct wm_thread_ending *const *row = endings; round == WM_LAST_ROUND && *row != NULL; row++)
        if ((*row)->leave != NULL)
            (*row)->leave(self);
}

__attribute__((constructor(102))) static void expect_ends(void)
{
    wm_kern_tell_last_acts(act);
}

/* --- forks --- */

/* The child's one thread has another number; the others it has not. What they left is reaped as that of any that is gone. */
static void renew(void)
{
    epoch++;
    my_id = 0;
    if (wm_thread_mine == NULL)
        return;
    my_id = wm_kern_thread_id();
    wm_thread_mine->epoch = epoch;
    wm_thread_mine->teb.process_id = (uint32_t)wm_sys_pid();
    wm_thread_mine->teb.thread_id = my_id;
    WM_STORE(wm_thread_mine->id, my_id);
    wm_end_mark_take(&wm_thread_mine->mark);
}

const struct wm_renewal wm_renewed_threads = {.lock = &lock, .renew = renew};
