/* startthread.h: making threads, and leaving them. */
#ifndef WM_VM_STARTTHREAD_H
#define WM_VM_STARTTHREAD_H

#include "base/status.h"
#include "vm/threads/self.h"

typedef uint32_t wm_thread_fn(void *arg);

struct wm_thread_req {
    wm_thread_fn *start;
    void *arg;
    size_t stack_bytes; /* 0: as libc likes */
    bool suspended;
    uintptr_t crt_start; /* not 0: of _beginthread, whose handle the thread closes itself */
    uint32_t id;         /* out */
    uintptr_t handle;    /* out: with all rights */
};

WM_FOR_WIN32 wm_status wm_op_create_thread(struct wm_thread_req *req);

/* The calling thread ends with this code. What is on its stack is left as it is, if it is one of ours. */
WM_FOR_WIN32 _Noreturn void wm_thread_exit(uint32_t code);

/* WM_STILL_ACTIVE until it is gone. */
WM_FOR_WIN32 uint32_t wm_thread_exit_code(struct wm_thread *thread);

/* Its number, also if it has just been made: waits until it has one. 0: it has never begun (a fork). */
WM_FOR_WIN32 uint32_t wm_thread_number(struct wm_thread *thread);

/* The calling thread's TEB, with its stack filled in. NULL: no memory. */
WM_FOR_WIN32 struct wm_teb *wm_thread_teb(void);

#endif
