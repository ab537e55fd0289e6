/* agent.c: running a request. */
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

wm_status (*wm_agent_catch_faults)(void);

/* Where nobody answers for faults a guard page would be the end of the process. */
static wm_status may_guard(uint16_t protect)
{
    if (!(protect & WM_PAGE_GUARD))
        return WM_OK;
    return wm_agent_catch_faults != NULL ? wm_agent_catch_faults() : WM_GUARD_UNHANDLED;
}

static wm_status hello(struct wm_request *r)
{
    (void)r;
    return wm_home_ready();
}

static wm_status alloc(struct wm_request *r)
{
    wm_status st = may_guard(r->alloc.protect);

    return wm_ok(st) ? wm_op_alloc(&r->alloc) : st;
}

static wm_status free_pages(struct wm_request *r)
{
    return wm_op_free(&r->free);
}

static wm_status protect(struct wm_request *r)
{
    wm_status st = may_guard(r->protect.protect);

    return wm_ok(st) ? wm_op_protect(&r->protect) : st;
}

static wm_status map_view(struct wm_request *r)
{
    wm_status st = may_guard(r->view.protect);

    return wm_ok(st) ? wm_op_map_view(&r->view) : st;
}

static wm_status unmap_view(struct wm_request *r)
{
    return wm_op_unmap_view(&r->unmap);
}

static wm_status lift_guard(struct wm_request *r)
{
    return wm_op_lift_guard(&r->guard);
}

static wm_status unlock(struct wm_request *r)
{
    return wm_op_unlock(&r->unlock);
}

static wm_status pages(struct wm_request *r)
{
    return wm_op_pages(&r->pages);
}

static wm_status working_set(struct wm_request *r)
{
    return wm_op_working_set(&r->working_set);
}

static wm_status set_working_set(struct wm_request *r)
{
    return wm_op_set_working_set(&r->set_working_set);
}

static wm_status empty_working_set(struct wm_request *r)
{
    return wm_op_empty_working_set(&r->bare);
}

static wm_status (*const operations[WM_CALL_COUNT])(struct wm_request *) = {
    [WM_CALL_HELLO] = hello,
    [WM_CALL_ALLOC] = alloc,
    [WM_CALL_FREE] = free_pages,
    [WM_CALL_PROTECT] = protect,
    [WM_CALL_MAP_VIEW] = map_view,
    [WM_CALL_UNMAP_VIEW] = unmap_view,
    [WM_CALL_LIFT_GUARD] = lift_guard,
    [WM_CALL_UNLOCK] = unlock,
    [WM_CALL_PAGES] = pages,
    [WM_CALL_WORKING_SET] = working_set,
    [WM_CALL_SET_WORKING_SET] = set_working_set,
    [WM_CALL_EMPTY_WORKING_SET] = empty_working_set,
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

/* Threads of a stopped process do not let go of their locks. In others there may be many who want the same one. */
static void hurry(const struct wm_request *r, const struct wm_borrowed *self)
{
    const uint64_t millisecond = 1000000;

    wm_lock_hurry((r->stopped ? 50 : 20000) * millisecond,
                  self->registers[WM_BORROWED_RAX] != SYS_restart_syscall);
}

static wm_status run(struct wm_request *r, const struct wm_borrowed *self)
{
    wm_status st;

    if (r->call >= WM_CALL_COUNT)
        return WM_KERNEL;
    if (wm_home_is_mine()) /* as a signal handler would be told */
        return WM_REENTERED;
    hurry(r, self);
    st = operations[r->call](r);
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
    return (uint64_t)wm_sys3(SYS_getpid, 0, 0, 0);
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
