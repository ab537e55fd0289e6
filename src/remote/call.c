/*
 * call.c: asking another process for something, and who may say what became of it.
 *
 * A request is carried out once or not at all, and the caller is told which. Not at all is certain if no thread was
 * sent, if the one that was sent said so (missed), or if the request was withdrawn: valid is 0, and after that neither
 * running nor done is its number. A call that gives up on a request which was begun says WM_TARGET_UNDECIDED; every
 * other failure means that nothing was and nothing will be done. What is asked anew (WM_REENTERED) was not done, or was
 * done to a program that has gone.
 *
 * We write valid and the request, and nothing else: running and done are the process's own, also after a fork (wire.h).
 * tests/model/handshake.pml goes through all orders in which these steps can happen.
 */
#include "remote/call.h"

#include <string.h>

#include "kern/clock.h"
#include "kern/patience.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "remote/anchor.h"
#include "remote/line.h"
#include "remote/notes.h"
#include "remote/plant.h"
#include "remote/stray.h"
#include "remote/thread.h"
#include "vm/agent/estate.h"
#include "vm/agent/layout.h"

/* How long a request may lie before it is begun, and how long it may take then, while its thread shows signs of life. */
#define BEGIN_NANOSECONDS 3000000000u
#define WORK_NANOSECONDS 60000000000u

/* Somebody else's, of which nobody knows the thread. To give up then is not to know less. */
#define IDLE_NANOSECONDS 1000000000u

#define AGAIN_NANOSECONDS 3000000000u

enum { DENIALS = 20 };

struct call {
    struct wm_process *process;
    struct wm_request *request; /* the caller's: becomes the answer */
    size_t bytes;               /* of it, as far as it is used */
    struct wm_anchor anchor;
    struct wm_words sent; /* of which number and request go there */
    uint32_t turn;        /* attempts so far */
    struct wm_errand errand;
};

/* --- what is sent --- */

static size_t bytes_of(enum wm_call kind)
{
    static const size_t bytes[WM_CALL_COUNT] = {
        [WM_CALL_HELLO] = 0,
        [WM_CALL_ALLOC] = sizeof(struct wm_alloc_req),
        [WM_CALL_FREE] = sizeof(struct wm_free_req),
        [WM_CALL_PROTECT] = sizeof(struct wm_protect_req),
        [WM_CALL_MAP_VIEW] = sizeof(struct wm_view_req),
        [WM_CALL_UNMAP_VIEW] = sizeof(struct wm_unmap_req),
        [WM_CALL_LIFT_GUARD] = sizeof(struct wm_guard_req),
        [WM_CALL_UNLOCK] = sizeof(struct wm_unlock_req),
        [WM_CALL_PAGES] = sizeof(struct wm_pages_req),
        [WM_CALL_WORKING_SET] = sizeof(struct wm_workingset),
        [WM_CALL_SET_WORKING_SET] = sizeof(struct wm_workingset_req),
        [WM_CALL_EMPTY_WORKING_SET] = 0,
    };

    return offsetof(struct wm_request, alloc) + bytes[kind];
}

/* A random one: a process and its forked child would share a sequence. */
static wm_status next_number(uint64_t *out)
{
    if (wm_kern_random(out, sizeof *out) != 0)
        return WM_KERNEL;
    *out |= 1;
    return WM_OK;
}

/* --- the agent --- */

/* Another program may have begun in the process meanwhile: then it is asked anew. */
static wm_status lost(const struct call *c)
{
    return wm_peer_alive(&c->process->peer) ? WM_REENTERED : WM_PROCESS_ENDED;
}

static uintptr_t place(const struct call *c, size_t word)
{
    return c->anchor.agent + offsetof(struct wm_agent, words) + word;
}

static bool read_agent(const struct call *c, struct wm_words *out, size_t bytes)
{
    return wm_line_read(c->process, place(c, 0), out, offsetof(struct wm_words, request) + bytes);
}

static bool withdraw_any(const struct call *c)
{
    uint64_t none = 0;

    return wm_line_write(c->process, place(c, offsetof(struct wm_words, valid)), &none, sizeof none);
}

/* Nobody is at work, and whoever is still on his way finds another number. */
static bool is_idle(const struct wm_words *words)
{
    return words->running == 0 && (words->valid == words->done || words->valid == 0);
}

static bool somebody_is_at_work(void *context)
{
    const struct call *c = context;
    struct wm_words words;

    return read_agent(c, &words, 0) && words.running != 0;
}

/*
 * The process was stopped while a thread of it was at work, or whoever held on to the thread has died: nobody ends that
 * work before the process goes on, so we do. False: it could not be done.
 */
static bool see_through(struct call *c)
{
    struct wm_workplace place = {.code = wm_range_of(c->anchor.entry, WM_ENTRY_BYTES)};
    uint64_t top;

    if (!wm_thread_is_stuck(c->process))
        return true;
    if (!wm_line_read(c->process, c->anchor.agent + offsetof(struct wm_agent, top), &top, sizeof top))
        return false;
    place.stack = wm_range_of(top - WM_AGENT_STACK, WM_AGENT_STACK);
    wm_stray_finish(c->process, &place, somebody_is_at_work, c);
    return !somebody_is_at_work(c);
}

/* The request of a caller who died may still be at work, or not yet begun: then it never will be. */
static wm_status await_idle(struct call *c)
{
    struct wm_patience patience = wm_patience_for(IDLE_NANOSECONDS);
    struct wm_words words;

    while (read_agent(c, &words, 0)) {
        if (is_idle(&words))
            return WM_OK;
        if (words.running == WM_AGENT_RETIRED)
            return WM_REENTERED;
        withdraw_any(c);
        if (!wm_patience_nap(&patience) || (wm_patience_wavers(&patience) && !see_through(c)))
            return WM_TARGET_BUSY;
    }
    return lost(c);
}

/* After true it will never be run. The words are read in their order: one that is not running yet will not be any more. */
static bool withdraw(const struct call *c)
{
    struct wm_words words;

    return withdraw_any(c) && read_agent(c, &words, 0) && words.running != c->sent.valid &&
           words.done != c->sent.valid;
}

/* --- the thread --- */

/* The request goes where the agent was found. */
static bool deliver(struct wm_loan *loan, void *context)
{
    struct call *c = context;

    c->sent.request.stopped = loan->stopped;
    return wm_line_write(c->process, place(c, offsetof(struct wm_words, valid)), &c->sent.valid,
                         sizeof c->sent.valid + c->bytes) &&
           wm_line_push(c->process, loan->frame, &loan->back, sizeof loan->back);
}

static wm_status send(struct call *c)
{
    memcpy(&c->sent.request, c->request, c->bytes);
    c->errand = (struct wm_errand){
        .code = c->anchor.entry,
        .first = c->sent.valid,
        .second = c->anchor.agent,
        .wants_libc = !c->anchor.planted,
        .turn = c->turn,
        .deliver = deliver,
        .context = c,
    };
    return wm_thread_send(c->process, &c->errand);
}

/* --- the answer --- */

static wm_status take(const struct call *c, const struct wm_words *answer)
{
    if (answer->request.status >= WM_STATUS_COUNT)
        return WM_KERNEL;
    if (answer->request.status == WM_OK)
        memcpy(c->request, &answer->request, c->bytes);
    return (wm_status)answer->request.status;
}

struct patiences {
    struct wm_vigil begin, work;
};

/* A stopped process stands still again once the thread is let go: not before the agent is free. */
static bool has_answered(const struct call *c, const struct wm_words *answer)
{
    return answer->done == c->sent.valid && (!c->errand.loan.stopped || answer->running != c->sent.valid);
}

/* It has not begun. In a process that was stopped since, another attempt finds it so and holds on to the thread. */
static bool will_not_begin(struct call *c, const struct wm_words *answer, struct patiences *p)
{
    return answer->missed == c->sent.valid || answer->running == WM_AGENT_RETIRED ||
           (!c->errand.loan.stopped && wm_patience_wavers(&p->begin.patience) &&
            wm_thread_is_stuck(c->process));
}

static wm_status await_begin(struct call *c, const struct wm_words *answer, struct patiences *p)
{
    const struct wm_loan *loan = &c->errand.loan;

    if (will_not_begin(c, answer, p) && withdraw(c))
        return WM_REENTERED;
    if (wm_vigil_nap(&p->begin, loan))
        return WM_OK;
    if (withdraw(c))
        return WM_TARGET_BUSY;
    /* one that lies changes its words meanwhile */
    return wm_vigil_nap(&p->work, loan) ? WM_OK : WM_TARGET_UNDECIDED;
}

/* It has begun, and cannot be withdrawn any more. */
static wm_status await_end(struct call *c, const struct wm_words *answer, struct patiences *p)
{
    bool stays = !c->errand.loan.stopped && wm_patience_wavers(&p->work.patience) && !see_through(c);

    if (!stays && wm_vigil_nap(&p->work, &c->errand.loan))
        return WM_OK;
    return answer->done == c->sent.valid ? take(c, answer) : WM_TARGET_UNDECIDED;
}

/* That the agent cannot be read says nothing of the request, as long as the program is there that was asked. */
static wm_status await_sight(struct call *c, struct patiences *p)
{
    if (!wm_line_is_alive(c->process))
        return lost(c);
    return wm_vigil_nap(&p->begin, &c->errand.loan) ? WM_OK : WM_TARGET_UNDECIDED;
}

static wm_status await_answer(struct call *c)
{
    struct patiences p = {wm_vigil_for(BEGIN_NANOSECONDS), wm_vigil_for(WORK_NANOSECONDS)};
    struct wm_words answer;
    wm_status st = WM_OK;

    while (wm_ok(st)) {
        if (!read_agent(c, &answer, c->bytes))
            st = await_sight(c, &p);
        else if (has_answered(c, &answer))
            return take(c, &answer);
        else if (answer.running == c->sent.valid || answer.done == c->sent.valid)
            st = await_end(c, &answer, &p);
        else
            st = await_begin(c, &answer, &p);
        if (wm_ok(st) && c->errand.loan.stopped)
            wm_borrow_push(&c->errand.loan);
    }
    return st;
}

static wm_status send_and_await(struct call *c)
{
    wm_status st = send(c);

    if (!wm_ok(st))
        return st;
    st = await_answer(c);
    if (c->errand.loan.stopped)
        wm_borrow_release(&c->errand.loan);
    return st;
}

/* --- the call --- */

static wm_status ask(struct call *c)
{
    wm_status st = await_idle(c);

    if (wm_ok(st))
        st = next_number(&c->sent.valid);
    return wm_ok(st) ? send_and_await(c) : st;
}

/*
 * What was found once through this line stays right as long as there is something to be read through it, but for a
 * planted one, which a library that comes later takes over (vm/agent/heir.c). That there is no agent is believed by
 * those who ask only, not by those who would leave another one.
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
static wm_status anchor_after_planting(struct call *c, struct wm_anchor *planted)
{
    struct wm_request hello = {.call = WM_CALL_HELLO};
    struct call first = {
        .process = c->process, .request = &hello, .bytes = bytes_of(WM_CALL_HELLO), .anchor = *planted};
    wm_status st;

    wm_anchor_forget(&wm_notes_of(c->process)->anchor);
    st = anchor_of(c->process, &c->anchor);
    if (st != WM_NO_ANCHOR)
        return st;
    st = ask(&first);
    if (!wm_ok(st))
        return st;
    wm_anchor_forget(&wm_notes_of(c->process)->anchor);
    return anchor_of(c->process, &c->anchor);
}

/* A new agent that cannot leave its page would be planted again by the next caller: it is not used. */
static wm_status plant(struct call *c)
{
    struct wm_anchor planted;
    wm_status st = wm_plant(c->process, &planted);

    if (wm_ok(st))
        st = anchor_after_planting(c, &planted);
    return st == WM_NO_ANCHOR ? WM_TARGET_KIND : st;
}

/* It fails for any reason in a process that ends or begins another program meanwhile. */
static wm_status attempt(struct call *c)
{
    wm_status st = anchor_of(c->process, &c->anchor);

    if (st == WM_NO_ANCHOR)
        st = wm_line_is_alive(c->process) ? plant(c) : WM_REENTERED;
    if (wm_ok(st))
        st = ask(c);
    return wm_ok(st) || wm_line_is_alive(c->process) ? st : lost(c);
}

/*
 * A thread that was met in the middle of the library's own work says so (WM_REENTERED), and is through in a moment;
 * so is another caller who does not see our lock, and a program that is just being begun.
 */
static bool may_pass(wm_status st, int attempts)
{
    return st == WM_REENTERED || ((st == WM_TARGET_DENIED || st == WM_TARGET_KIND) && attempts < DENIALS);
}

static wm_status call_on_line(struct call *c)
{
    uint64_t until = wm_clock_now() + AGAIN_NANOSECONDS; /* an attempt may take long as well */
    struct wm_patience patience = wm_patience_for(AGAIN_NANOSECONDS);
    wm_status st = attempt(c);

    for (int attempts = 0; may_pass(st, attempts) && wm_clock_now() < until && wm_patience_nap(&patience);
         attempts++) {
        c->turn++;
        st = wm_line_is_alive(c->process) ? WM_OK : wm_line_renew(c->process);
        if (wm_ok(st))
            st = attempt(c);
    }
    return st == WM_REENTERED ? WM_TARGET_BUSY : st;
}

wm_status wm_remote_call(struct wm_process *process, struct wm_request *request)
{
    struct call c; /* large, and mostly not used */
    wm_status st;

    c.process = process;
    c.request = request;
    c.bytes = bytes_of(request->call);
    c.turn = 0;
    if (!wm_lock_take(&process->lock))
        return WM_REENTERED;
    st = wm_line_take(process);
    if (wm_ok(st)) {
        st = call_on_line(&c);
        wm_notes_stale(process);
        wm_line_drop(process);
    }
    wm_lock_drop(&process->lock);
    return st;
}
