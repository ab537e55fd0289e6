/*
 * ends.h: what is to be done when a thread ends.
 *
 * ends.def lists it; records.c goes through the list. A row is defined by its owner as `const struct wm_thread_ending
 * wm_ending_<name>`.
 *
 * Most threads end by libc's ways (the return of their function, pthread_exit, ExitThread), and their last acts are their
 * own. One that ends by a system call has none: whoever finds it gone does what is left, and that may be much later. So
 * each row must be able to do all of it in `reap`, and most threads come there with little left.
 */
#ifndef WM_VM_THREADS_ENDS_H
#define WM_VM_THREADS_ENDS_H

#include "vm/threads/self.h"

/* NULL in a row: nothing is to be done. No lock is held. */
struct wm_thread_ending {
    void (*act)(
        struct wm_thread *self); /* in the thread; may call the program, and is called several times */
    void (*leave)(
        struct wm_thread
            *self); /* in the thread, last of all, once: nobody runs the program's code in it any more */
    void (*reap)(struct wm_thread
                     *gone); /* in another one, always, once: what is still there of a thread that is not */
};

#define THREAD_ENDING(name)                                                                                  \
    extern const struct wm_thread_ending wm_ending_##name __attribute__((visibility("hidden")));
#include "vm/threads/ends.def"
#undef THREAD_ENDING

#endif
