/*
 * agent.c: running a request, on a thread of this process that a caller has borrowed (agent.h).
 *
 * Nothing is known of that thread. It may be in malloc, hold any lock of the program or of ours, or be the
 * only one that runs while the process stands stopped. So
 *
 *   nothing here or below allocates by malloc, sets errno, or needs the dynamic linker
 *   it waits for our locks no longer than the request allows, since whoever holds them may be stopped
 *   if it holds one of them itself, the request is refused as a signal handler's call would be
 *   (WM_REENTERED)
 *
 * A request that was begun is answered, and one whose number is not valid any more is not begun: of these
 * words we write running, done, missed and the answer, and the caller writes valid and the request (wire.h,
 * with its proof).
 */
#include "vm/agent/agent.h"

#include "base/atomic.h"
#include "base/planted.h"
#include "kern/lock.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "vm/book/home.h"
#include "vm/pages/guard.h"

/* Where nobody answers for faults a guard page would be the end of the process. */
static wm_status may_guard(uint16_t protect)
{
    if (!(protect & WM_PAGE_GUARD))
        return WM_OK;
    return wm_guard_catch_faults != NULL ? wm_guard_catch_faults() : WM_GUARD_UNHANDLED;
}

wm_status wm_op_hello(const struct wm_bare_req *req)
{
    (void)req;
    return wm_home_ready();
}

#define OPERATION(NAME, name, type, rights, guards, ...)                                                     \
    static wm_status run_##name(union wm_request_body *body)                                                 \
    {                                                                                                        \
        struct type *request = &body->name;                                                                  \
        wm_status st = may_guard(guards);                                                                    \
                                                                                                             \
        return wm_ok(st) ? wm_op_##name(request) : st;                                                       \
    }
#include "vm/operations.def"
#undef OPERATION

static wm_status (*const operations[WM_CALL_COUNT])(union wm_request_body *) = {
#define OPERATION(NAME, name, ...) run_##name,
#include "vm/operations.def"
#undef OPERATION
};

/* A program that does not use the library keeps none of our descriptors. */
static void tidy_up(void)
{
    if (WM_IS_PLANTED) {
        wm_kern_maps_forget();
        wm_kern_scan_forget();
    }
}

static struct wm_agent *own; /* whose words are this process's alone */

/*
 * Threads of a stopped process do not let go of their locks: there a short time is enough to find that out.
 * In others there may be many who want the same one. A thread that was met in a sleep which the kernel is
 * to take up again must not sleep here: the kernel remembers one such sleep a thread (restart_syscall;
 * pinned: interrupted.sleeps_are_made_again_by_another_call).
 */
static void hurry(const struct wm_request *r, const struct wm_borrowed *self)
{
    const uint64_t millisecond = 1000000;

    wm_lock_hurry((r->stopped ? 50 : 20000) * millisecond,
                  self->registers[WM_BORROWED_NUMBER] != SYS_restart_syscall);
}

static wm_status run(struct wm_request *r, const struct wm_borrowed *self)
{
    wm_status st;

    if (r->call >= WM_CALL_COUNT)
        return WM_KERNEL;
    if (wm_home_is_mine()) /* as a signal handler would be told */
        return WM_REENTERED;
    hurry(r, self);
    st = operations[r->call](&r->body);
    wm_lock_hurry(0, false);
    tidy_up();
    return st;
}

/* An agent that was planted a moment ago has not seen to its words yet; nobody but its planter has heard of it. */
void wm_agent_run(uint64_t number, struct wm_borrowed *self, struct wm_agent *agent)
{
    struct wm_words *words = &agent->words;

    if (own != agent)
        wm_agent_keep_apart(agent);
    if (WM_LOAD(words->valid) == number) {
        WM_STORE(words->request.status, (uint32_t)run(&words->request, self));
        WM_STORE(words->done, number);
    } else {
        WM_STORE(words->missed, number);
    }
    wm_kern_end_loan(self);
}

/* --- forks --- */

static uint64_t process_number(void)
{
    return (uint64_t)wm_sys_pid();
}

void wm_agent_keep_apart(struct wm_agent *agent)
{
    own = agent;
    agent->process = 0;
    if (wm_kern_wipe_on_fork(wm_range_of((uintptr_t)&agent->words, wm_up(sizeof agent->words, WM_PAGE))) != 0)
        agent->process = process_number();
}

void wm_agent_forget(void)
{
    own = NULL;
}

/*
 * Where forks wipe nothing. Until the words are the child's, nobody gets as far as them (entry.S); who came too early
 * has said so, and that stays.
 */
static void renew(void)
{
    if (own == NULL || own->process == 0)
        return;
    WM_STORE(own->words.running, 0);
    WM_STORE(own->words.done, 0);
    WM_STORE(own->words.valid, 0);
    WM_STORE(own->process, process_number());
}

const struct wm_renewal wm_renewed_agent = {.renew = renew};
