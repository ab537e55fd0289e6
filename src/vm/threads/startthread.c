/*
 * startthread.c: CreateThread and ExitThread without their names (startthread.h).
 *
 *   all that can fail is done before the thread is made: it is born with a record that its handle keeps
 *   a thread of ours ends by returning to where it began, from wherever it is: nothing on its stack is unwound, as on
 *   Windows. Threads that libc made for others end by libc's way
 *   a thread that is to begin suspended stops before its function is called
 */
#include "vm/threads/startthread.h"

#include <setjmp.h>

#include "base/atomic.h"
#include "kern/busy.h"
#include "kern/clock.h"
#include "kern/kern.h"
#include "vm/threads/records.h"
#include "vm/threads/suspend.h"
#include "vm/threads/threadtype.h"

static void set_code(struct wm_thread *self, uint32_t code)
{
    self->exit_code = code;
    WM_STORE(self->has_code, true);
}

static void run(struct wm_thread *self)
{
    jmp_buf end;

    self->end = &end;
    if (_setjmp(end) == 0)
        set_code(self, self->start(self->arg));
    self->end = NULL;
}

static void *begin(void *arg)
{
    struct wm_thread *self = arg;

    wm_thread_begin(self);
    wm_thread_stop_if_suspended(self);
    run(self);
    return NULL;
}

/* Inside libc, whose locks a new thread needs as well. */
static wm_status launch(struct wm_thread *thread, struct wm_thread_req *req)
{
    bool inside = wm_busy_is_inside(); /* the caller is a signal handler, and may be lucky */
    int result;

    if (!inside)
        wm_busy_inside_begin();
    result = wm_kern_launch(req->stack_bytes, begin, thread, &req->id);
    if (!inside)
        wm_busy_inside_end();
    if (result != 0)
        return WM_THREAD_MEMORY;
    if (req->id == 0)
        req->id = WM_LOAD(thread->id); /* it has ended already */
    WM_STORE(thread->id, req->id);
    return WM_OK;
}

static void set_out(struct wm_thread *thread, const struct wm_thread_req *req)
{
    thread->start = req->start;
    thread->arg = req->arg;
    thread->ours = true;
    thread->stop = req->suspended;
    thread->crt_start = req->crt_start;
}

wm_status wm_op_create_thread(struct wm_thread_req *req)
{
    struct wm_thread *thread = wm_ok(wm_home_ready()) ? wm_thread_expect() : NULL;
    wm_status st;

    if (thread == NULL)
        return WM_THREAD_MEMORY;
    set_out(thread, req);
    st = wm_thread_handle(thread, WM_THREAD_ALL, &req->handle);
    if (!wm_ok(st)) {
        wm_thread_forget(thread);
        return st;
    }
    thread->own_handle = req->crt_start != 0 ? req->handle : 0;
    wm_thread_keep(thread); /* the handle may be closed by whoever guesses it */
    st = launch(thread, req);
    if (wm_ok(st)) {
        wm_thread_let_go(thread);
        return st;
    }
    wm_op_close(req->handle);
    wm_thread_forget(thread);
    return st;
}

/* --- its end --- */

void wm_thread_exit(uint32_t code)
{
    struct wm_thread *self = wm_thread_self();

    if (self != NULL)
        set_code(self, code);
    if (self != NULL && self->end != NULL)
        _longjmp(*(jmp_buf *)self->end, 1);
    wm_kern_end_thread();
}

uint32_t wm_thread_exit_code(struct wm_thread *thread)
{
    if (!wm_thread_is_gone(thread))
        return WM_STILL_ACTIVE;
    return WM_LOAD(thread->has_code) ? thread->exit_code : 0;
}

uint32_t wm_thread_number(struct wm_thread *thread)
{
    const uint64_t pause = 20000;
    uint32_t id;

    while ((id = WM_LOAD(thread->id)) == 0 && !wm_thread_is_gone(thread))
        wm_clock_sleep(wm_clock_after(pause));
    return id;
}

/* --- its TEB --- */

struct wm_teb *wm_thread_teb(void)
{
    struct wm_thread *self = wm_thread_self();
    struct wm_stack_bounds stack;

    if (self == NULL)
        return NULL;
    if (self->teb.stack_base == 0 && wm_kern_stack_bounds(&stack)) {
        self->teb.stack_mapping = stack.mapping;
        self->teb.stack_limit = stack.limit;
        self->teb.stack_base = stack.base;
    }
    return &self->teb;
}
