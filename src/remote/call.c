/*
 * call.c: finding the agent of another process, or bringing one, until somebody has answered.
 *
 * The caller has the process's lock and its line from the first step to the last: so he is the only one who
 * asks, of this process's threads by the lock, of other processes by the line. A signal handler that
 * interrupts its own thread in here is told (WM_REENTERED) and does not wait for itself.
 *
 * What one exchange says is final only if it was decided there. "Not now" (a thread that was met inside the
 * library's own work, a program that is just being begun, another caller whose lock we cannot see) is tried
 * again for three seconds, with another thread each time: afterwards the process is called busy. Nothing is
 * asked twice that may have been done (exchange.c).
 *
 * Whatever was known of the process's memory may have changed by such a call, so the notes are marked as
 * stale.
 */
#include "remote/call.h"

#include "base/tracepoint.h"
#include "kern/clock.h"
#include "kern/patience.h"
#include "remote/anchor.h"
#include "remote/exchange.h"
#include "remote/line.h"
#include "remote/notes.h"
#include "remote/plant.h"

#define AGAIN_NANOSECONDS 3000000000u

enum { DENIALS = 20 };

__attribute__((unused)) static const char *const names[] = {
#define OPERATION(NAME, name, type, rights, guards, answer, offering) [WM_CALL_##NAME] = #name,
#include "vm/operations.def"
#undef OPERATION
};

/* --- the agent --- */

/*
 * What was found once through this line stays right as long as there is something to be read through it, but for a
 * planted one, which a library that comes later takes over (vm/agent/heir.c). That none was found a moment ago is good
 * enough for a question, but not here: whoever finds none will plant one, so it is looked for once more.
 */
static wm_status anchor_of(struct wm_process *process, struct wm_anchor *out)
{
    struct wm_notes *notes = wm_notes_of(process);

    for (int tries = 0; tries < 2; tries++) {
        if (wm_anchor_find(&notes->files, &notes->anchor) &&
            ((notes->anchor.page.cookie == notes->line.cookie && !notes->anchor.page.planted) ||
             (wm_line_read(process, notes->anchor.at, out, sizeof *out) &&
              wm_anchor_is(&notes->anchor, out)))) {
            *out = notes->anchor.page;
            notes->line.cookie = out->cookie;
            return WM_OK;
        }
        if (notes->anchor.other_version)
            return WM_TARGET_VERSION;
        wm_anchor_forget(&notes->anchor);
    }
    return WM_NO_ANCHOR;
}

/*
 * The program's own library may have come meanwhile. It has seen our brand, or we see its anchor now: then the agent that
 * was planted is never asked.
 */
static wm_status anchor_after_planting(struct wm_exchange *x, struct wm_anchor *planted)
{
    struct wm_bare_req hello = {0};
    struct wm_exchange first = {
        .process = x->process, .anchor = *planted, .call = WM_CALL_HELLO, .request = &hello};
    wm_status st;

    wm_anchor_forget(&wm_notes_of(x->process)->anchor);
    st = anchor_of(x->process, &x->anchor);
    if (st != WM_NO_ANCHOR)
        return st;
    st = wm_exchange(&first);
    if (!wm_ok(st))
        return st;
    wm_anchor_forget(&wm_notes_of(x->process)->anchor);
    return anchor_of(x->process, &x->anchor);
}

/* A new agent that cannot leave its page would be planted again by the next caller: it is not used. */
static wm_status plant(struct wm_exchange *x)
{
    struct wm_anchor planted;
    wm_status st = wm_plant(x->process, &planted);

    if (wm_ok(st))
        st = anchor_after_planting(x, &planted);
    return st == WM_NO_ANCHOR ? WM_TARGET_KIND : st;
}

/* --- the call --- */

/* It fails for any reason in a process that ends or begins another program meanwhile. */
static wm_status attempt(struct wm_exchange *x)
{
    wm_status st = anchor_of(x->process, &x->anchor);

    if (st == WM_NO_ANCHOR)
        st = wm_line_is_alive(x->process) ? plant(x) : WM_REENTERED;
    if (wm_ok(st))
        st = wm_exchange(x);
    return wm_ok(st) || wm_line_is_alive(x->process) ? st : wm_exchange_lost(x->process);
}

/*
 * A thread that was met in the middle of the library's own work says so (WM_REENTERED), and is through in a moment;
 * so is another caller who does not see our lock, and a program that is just being begun.
 */
static bool may_pass(wm_status st, int attempts)
{
    return st == WM_REENTERED || ((st == WM_TARGET_DENIED || st == WM_TARGET_KIND) && attempts < DENIALS);
}

static wm_status call_on_line(struct wm_exchange *x)
{
    uint64_t until = wm_clock_now() + AGAIN_NANOSECONDS; /* an attempt may take long as well */
    struct wm_patience patience = wm_patience_for(AGAIN_NANOSECONDS);
    wm_status st = attempt(x);

    for (int attempts = 0; may_pass(st, attempts) && wm_clock_now() < until && wm_patience_nap(&patience);
         attempts++) {
        x->turn++;
        st = wm_line_is_alive(x->process) ? WM_OK : wm_line_renew(x->process);
        if (wm_ok(st))
            st = attempt(x);
    }
    return st == WM_REENTERED ? WM_TARGET_BUSY : st;
}

static wm_status call_locked(struct wm_process *process, enum wm_call call, void *request)
{
    struct wm_exchange x; /* large, and mostly not used */
    wm_status st;

    x.process = process;
    x.call = call;
    x.request = request;
    x.turn = 0;
    if (!wm_lock_take(&process->lock))
        return WM_REENTERED;
    st = wm_line_take(process);
    if (wm_ok(st)) {
        st = call_on_line(&x);
        wm_notes_stale(process);
        wm_line_drop(process);
    }
    wm_lock_drop(&process->lock);
    return st;
}

wm_status wm_remote_call(struct wm_process *process, enum wm_call call, void *request)
{
    wm_status st = call_locked(process, call, request);

    if (WM_IS_TRACED(remote_call))
        WM_TRACEPOINT(remote_call, (uint32_t)process->peer.pid, (uint32_t)call, names[call],
                      wm_tracepoint_error(st));
    return st;
}
