/*
 * stray.c: seeing a thread through that was borrowed and then stopped.
 *
 * Whoever sends a thread of a stopped process holds on to it until it is done. If he is killed, or the process is
 * stopped while it works for somebody, the thread stands still in the middle of a request, and with it everybody who
 * asks later, until SIGCONT. Nobody wrote down which thread it is, and its number could mean another one to us
 * (namespaces): but it is the only one that stands on the agent's stack, or is about to step there.
 */
#include "remote/stray.h"

#include "kern/patience.h"
#include "kern/process/borrow.h"
#include "kern/process/traced.h"

#define FINISH_NANOSECONDS 1000000000u

enum { THREADS = 256 };

static bool is_there(const struct wm_loan *loan, const struct wm_workplace *place)
{
    uint64_t sp = wm_traced_sp(loan), pc = wm_traced_pc(loan);

    return loan->stopped && ((sp > place->stack.start && sp <= place->stack.end) ||
                             (pc >= place->code.start && pc < place->code.end));
}

static void push_until_done(struct wm_loan *loan, bool (*is_at_work)(void *context), void *context)
{
    struct wm_patience patience = wm_patience_for(FINISH_NANOSECONDS);

    while (wm_borrow_push(loan) && is_at_work(context) && wm_patience_nap(&patience))
        ;
    wm_borrow_release(loan);
}

static void help(const struct wm_process *process, int32_t tid, const struct wm_workplace *place,
                 bool (*is_at_work)(void *context), void *context)
{
    struct wm_loan loan;

    if (wm_borrow_take(process->peer.pid, tid, &loan) != 0)
        return;
    if (is_there(&loan, place))
        push_until_done(&loan, is_at_work, context);
    else
        wm_borrow_give_back(&loan);
}

void wm_stray_finish(struct wm_process *process, const struct wm_workplace *place,
                     bool (*is_at_work)(void *context), void *context)
{
    int32_t tids[THREADS];
    int count = wm_peer_threads(&process->peer, tids, THREADS);

    for (int i = 0; i < count && is_at_work(context); i++)
        help(process, tids[i], place, is_at_work, context);
}
