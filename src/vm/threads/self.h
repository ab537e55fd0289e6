/*
 * self.h: what is known of a thread: its record.
 *
 * A record begins with what Windows programs read of their thread themselves, the TEB, at the offsets that it has there.
 * Threads get theirs when they first need one, whoever made them; threads of CreateThread are born with it.
 *
 *   a record never moves, and its memory stays: it may be read by anybody at any time, as what it may be by then
 *   it is its thread's own from wm_thread_self until the thread is gone (its mark says so), and is used again only when
 *   nobody keeps it
 *   id, and what stands below, is read by others without a lock
 */
#ifndef WM_VM_SELF_H
#define WM_VM_SELF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/private.h"
#include "kern/lock.h"
#include "kern/threads/ownthreads.h"

enum { WM_TLS_WITHIN = 64, WM_TLS_BEHIND = 1024, WM_FLS_WITHIN = 64 };

/* As winnt.h and winternl.h have it. */
struct wm_teb {
    uintptr_t exceptions;
    uintptr_t stack_base;  /* behind the highest byte of the stack */
    uintptr_t stack_limit; /* the lowest that may be touched */
    uintptr_t subsystem;
    uintptr_t fiber;
    uintptr_t arbitrary;
    uintptr_t self;
    uintptr_t environment;
    uintptr_t process_id, thread_id;
    uintptr_t unused[(0x1478 - 0x50) / 8];
    uintptr_t stack_mapping; /* DeallocationStack */
    void *slots[WM_TLS_WITHIN];
    uintptr_t unused_too[(0x1780 - 0x1680) / 8];
    void **more_slots; /* TlsExpansionSlots: WM_TLS_BEHIND of them, or NULL */
    uintptr_t unused_behind[(0x1800 - 0x1788) / 8];
};

_Static_assert(__builtin_offsetof(struct wm_teb, stack_mapping) == 0x1478 &&
                   __builtin_offsetof(struct wm_teb, slots) == 0x1480 &&
                   __builtin_offsetof(struct wm_teb, more_slots) == 0x1780 && sizeof(struct wm_teb) == 0x1800,
               "where Windows has them");

/* Of the objects behind handles (threadtype.c): also what a planted agent knows of them. */
enum { WM_THREAD_OBJECT_BYTES = 24, WM_THREAD_SHARE = 4 };

enum { WM_STILL_ACTIVE = 259, WM_THREAD_RECORD_BYTES = 0x2000 };

struct wm_registers;
struct wm_description;

/* Values of FLS slots: each thread has a set, and each fiber with a stack of its own. */
struct wm_fls_set {
    void *within[WM_FLS_WITHIN];
    void **more;                        /* the others, by their index; NULL: none yet */
    struct wm_fls_set *next, *previous; /* of fibers (fls.c) */
};

struct wm_thread {
    struct wm_teb teb;
    struct wm_end_mark mark;
    uint32_t id;        /* the kernel's number; 0: the thread has not begun, or there is none */
    uint32_t state;     /* records.c */
    uint32_t keepers;   /* references to the record by others than its thread */
    uint32_t epoch;     /* records.c */
    uint32_t next_free; /* records.c */
    uint32_t exit_code;
    uint32_t stop;                        /* suspend.c */
    bool has_code;                        /* it has said with what it ends */
    bool insisted;                        /* the same: it is to stop inside malloc as well */
    bool leaves;                          /* its last acts are done */
    uint64_t born;                        /* of a thread that has not been here itself: wm_kern_thread_born */
    uint32_t mutexes;                     /* how many it owns (vm/waits/owner.c) */
    const struct wm_registers *registers; /* while it is stopped */
    void (*look)(const struct wm_registers *registers, void *arg); /* what it is to do about its own */
    void *look_arg;
    bool ours; /* made by wm_op_create_thread */
    bool told; /* somebody has seen that it is gone, and told the others who wait */
    uint32_t (*start)(void *arg);
    void *arg;
    void *end;                       /* where it began (startthread.c) */
    uintptr_t crt_start, own_handle; /* of _beginthread (win32/threads/createthread.c) */
    uint32_t in_fls;                 /* the index whose function it is in; 0: none */
    struct wm_fls_set own_fls;
    struct wm_fls_set *fiber_fls;                 /* of the fiber that it is on; NULL: its own */
    struct wm_description *description;           /* describe.c */
    uint64_t user_ns, kernel_ns, created, exited; /* cputimes.c */
    void *spare_slots;                            /* heap/store.c */
    uint32_t ideal;                               /* the processor that it would like */
    uint32_t guarantee;                           /* SetThreadStackGuarantee */
};

_Static_assert(sizeof(struct wm_thread) <= WM_THREAD_RECORD_BYTES, "a record each");

/* NULL until it has one. Exported as data for what must be quick (TlsGetValue). */
WM_FOR_WIN32 extern __thread struct wm_thread *wm_thread_mine __attribute__((tls_model("initial-exec")));

/* The calling thread's record; NULL if there is no memory for it, or if it is interrupted in the middle of making one. */
WM_FOR_WIN32 struct wm_thread *wm_thread_self(void);

/* The calling thread's number, also in a child just forked. */
WM_FOR_WIN32 uint32_t wm_thread_id(void);

/* Is it gone, for good? */
WM_FOR_WIN32 bool wm_thread_is_gone(struct wm_thread *thread);

#endif
