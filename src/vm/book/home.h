/*
 * home.h: the address space of the calling process, and the locks of its book.
 *
 * The book lies in one private mapping of its own: a fork copies it with everything else it describes.
 * How it comes to be, and what the child of a fork makes of it, is told in vm/life.
 */
#ifndef WM_VM_HOME_H
#define WM_VM_HOME_H

#include "base/status.h"
#include "core/frames.h"
#include "core/objects.h"
#include "core/space.h"
#include "kern/lock.h"
#include "vm/book/pulse.h"
#include "vm/ops.h"

/*
 * An extent whose mapping one thread is changing without the lock, so that long system calls of one
 * thread do not hold up the others. The extent's record and runs are that thread's alone meanwhile.
 */
struct wm_claim {
    uint32_t index;
    uintptr_t thread;
};

enum { WM_CLAIMS = 64 }; /* one more works under the lock */

/* See vm/ground/spare.h. */
enum { WM_SPARE_PAGES = 4 };

struct wm_spare {
    uintptr_t start; /* 2 * WM_SPARE_PAGES + 1 pages */
    uint32_t kept;
};

/* See vm/pages/dense.h, and of what is shielded vm/pages/shield.h. */
struct wm_dense {
    size_t bytes;
    size_t
        limit; /* of mappings, by which stretches are turned; 0: not looked up yet, SIZE_MAX: they are not */
    size_t table;    /* the limit itself; 0: not looked up yet */
    size_t shielded; /* in bytes */
    bool shields;    /* there was something shielded, ever */
    bool first;
};

/* See vm/ground/crowd.h: questions since mappings were counted, and whether they were too many then. */
struct wm_crowd {
    uint32_t asked;
    bool is;
};

/* See vm/ground/apart.h: pages whose protection was changed so often lately, and whether they are kept apart. */
enum { WM_APARTS = 16 };

struct wm_flip {
    struct wm_range range;
    uint8_t changes;
    bool kept;
};

struct wm_apart {
    uint32_t kept;
    struct wm_flip flips[WM_APARTS];
};

struct wm_home {
    struct wm_lock lock; /* of all that follows, but for objects and frames: they have locks of their own */
    uint32_t claimed;    /* how many claims there are, from the front */
    bool waiting;        /* some thread may wait for a claim to end */
    uint32_t ended;      /* futex: changes when one does */
    struct wm_space space;
    struct wm_claim claims[WM_CLAIMS];
    struct wm_spare spare;
    uint32_t given_up;             /* the first extent of ground that was: see givenup.h; 0: none */
    bool unsettled;                /* some page can do less than the book says: see pages_kern.h */
    size_t warm_bytes, warm_pages; /* see warm.h */
    size_t warm_more;              /* what may be kept beyond what always may */
    struct wm_dense dense;
    struct wm_crowd crowd;
    struct wm_apart apart;
    size_t locked_pages;               /* see locked.h */
    struct wm_left_table *left_tables; /* see marks.h */
    bool watch_lost;                   /* the kernel has forgotten what it watched: see watch.h */
    struct wm_objects objects;
    struct wm_lock object_lock; /* objects; held for a few instructions */
    uintptr_t large_hint;       /* where the next large mapping may find room; 0: unknown */
    struct wm_window *windows;  /* tables of all windows, in no order; guarded by lock */
    struct wm_lock frame_lock;  /* frames; taken after lock, never before it (physical.h) */
    struct wm_frames frames;
    uint32_t piecewise_views;         /* see vm/sections/piecewise.h; guarded by lock */
    struct wm_workingset working_set; /* its limits; a maximum of 0: as they were in the beginning */
};

extern struct wm_home wm_home __attribute__((aligned(64)));

/* Its extents and pages: what this process's operations read and change. */
static inline struct wm_space *wm_book(void)
{
    return &wm_home.space;
}

/* At birth: memory for the book. False: there is none. */
bool wm_home_make(void);

/* Gives it back: nobody has used it. */
void wm_home_unmake(void);

/* In its stead that of another copy of this code in the process, by value; nobody uses it any more. False: it is cut in two. */
bool wm_home_adopt(const struct wm_home *left);

/*
 * For writers: ready, and the lock taken while one statement is passed.
 *
 *   WM_AT_HOME(st)
 *       st = lock(r);
 *   return st;
 *
 * If that cannot be, st becomes why, and the statement is not passed; else st is WM_OK when it begins. However
 * the statement is left, by return as well, the lock is dropped; break leaves no more than this.
 */
#define WM_AT_HOME(st) WM_HOME_HOLDS(&wm_home.lock, st)

/* The same with the lock of handles and their objects, which is held for a few instructions. */
#define WM_AT_OBJECTS(st) WM_HOME_HOLDS(&wm_home.object_lock, st)

#define WM_HOME_HOLDS(which, st)                                                                             \
    for (struct wm_stay wm_stay_ __attribute__((cleanup(wm_stay_end))) = wm_stay_begin(which, &(st));        \
         wm_stay_.held != NULL && !wm_stay_.passed; wm_stay_.passed = true)

/* The two halves of WM_AT_HOME. */
wm_status wm_home_enter(void);
void wm_home_leave(void);

/* Ready, and this lock taken. */
wm_status wm_home_take(struct wm_lock *lock);

struct wm_stay {
    struct wm_lock *held;
    bool passed;
};

/* Without a lock it cannot be, and st says why already. */
static inline struct wm_stay wm_stay_begin(struct wm_lock *lock, wm_status *st)
{
    if (lock == NULL)
        return (struct wm_stay){0};
    *st = wm_home_take(lock);
    return (struct wm_stay){.held = wm_ok(*st) ? lock : NULL};
}

static inline void wm_stay_end(const struct wm_stay *stay)
{
    if (stay->held != NULL)
        wm_lock_drop(stay->held);
}

/*
 * Finds the extent that is in use at addr, after whoever changes it has finished. False: nothing of ours
 * is there. Call it first: while it waits, the lock is dropped.
 */
wm_status wm_home_find(uintptr_t addr, struct wm_found *out, bool *found);

/*
 * Waits, with the lock dropped, until some claim has ended. False: one is this thread's own, which a
 * signal handler has interrupted.
 */
bool wm_home_await(void);

/*
 * In the child of a fork, before anything is renewed: was a thread that stayed behind in the middle of changing the book, or
 * the handles? Nothing of it can be believed then.
 */
bool wm_home_is_torn(void);

/* In the child of a fork: the claims are its own thread's alone. */
void wm_home_inherit(void);

/* Is another thread changing this extent? */
bool wm_home_is_claimed(uint32_t index);

/*
 * Around a system call that changes the mapping of bytes of an extent which wm_home_find found, for which the
 * book has been made ready: the lock is dropped for this one statement if that is worth it and possible.
 *
 *   WM_HOME_CLAIM(found, bytes)
 *       error = wm_kern_discard(r);
 *
 * The extent is this thread's alone meanwhile; of others nothing is known any more behind it.
 */
#define WM_HOME_CLAIM(found, bytes)                                                                          \
    for (struct wm_claimed wm_claimed_                                                                       \
         __attribute__((cleanup(wm_claimed_end))) = wm_claimed_begin(found, bytes);                          \
         !wm_claimed_.passed; wm_claimed_.passed = true)

/*
 * The same around a call that sets markers or takes them away, for which the kernel keeps no two threads from one
 * another: the lock is dropped if others have waited for it lately.
 */
#define WM_HOME_CLAIM_MARKERS(found) WM_HOME_CLAIM(found, wm_home_is_contended() ? SIZE_MAX : 0)

bool wm_home_is_contended(void);

/* The two halves. False: the lock is held as before. */
bool wm_home_claim(const struct wm_found *found, size_t bytes);
void wm_home_unclaim(const struct wm_found *found, bool claimed);

struct wm_claimed {
    const struct wm_found *found;
    bool claimed, passed;
};

static inline struct wm_claimed wm_claimed_begin(const struct wm_found *found, size_t bytes)
{
    return (struct wm_claimed){.found = found, .claimed = wm_home_claim(found, bytes)};
}

static inline void wm_claimed_end(const struct wm_claimed *claimed)
{
    wm_home_unclaim(claimed->found, claimed->claimed);
}

/* Does this thread hold one of the home's locks? Then it is to be told, as a signal handler is. */
bool wm_home_is_mine(void);

#endif
