/*
 * exchange.c: a request, its answer, and who may say what became of it.
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
#include "remote/exchange.h"

#include <string.h>

#include "kern/patience.h"
#include "kern/system/system.h"
#include "remote/line.h"
#include "remote/stray.h"
#include "vm/agent/estate.h"
#include "vm/agent/layout.h"

/* How long a request may lie before it is begun, and how long it may take then, while its thread shows signs of life. */
#define BEGIN_NANOSECONDS 3000000000u
#define WORK_NANOSECONDS 60000000000u

/*
 * How long a request is waited for that another caller has left behind. Its thread is not known, so there are
 * no signs of life to go by; and to give up then leaves nothing undecided, because our own request was not
 * sent yet.
 */
#define IDLE_NANOSECONDS 1000000000u

/* --- what is sent, and what comes back --- */

static size_t body_bytes(enum wm_call call)
{
    static const size_t bytes[WM_CALL_COUNT] = {
#define OPERATION(NAME, name, type, ...) sizeof(struct type),
#include "vm/operations.def"
#undef OPERATION
    };

    return bytes[call];
}

/* Where in a request of this kind the results begin. */
static const void *answer_in(enum wm_call call, const void *body)
{
    switch (call) {
#define OPERATION(NAME, name, type, rights, guards, answer, offering)                                        \
    case WM_CALL_##NAME: {                                                                                   \
        const struct type *request = body;                                                                   \
                                                                                                             \
        return answer;                                                                                       \
    }
#include "vm/operations.def"
#undef OPERATION
    default: return body;
    }
}

static void copy_answer(const struct wm_exchange *x, const struct wm_request *answer)
{
    size_t before = (size_t)((const char *)answer_in(x->call, x->request) - (const char *)x->request);

    memcpy((char *)x->request + before, (const char *)&answer->body + before, body_bytes(x->call) - before);
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

static uintptr_t place(const struct wm_exchange *x, size_t word)
{
    return x->anchor.agent + offsetof(struct wm_agent, words) + word;
}

static bool read_agent(const struct wm_exchange *x, struct wm_words *out, size_t bytes)
{
    return wm_line_read(x->process, place(x, 0), out, offsetof(struct wm_words, request) + bytes);
}

static bool withdraw_any(const struct wm_exchange *x)
{
    uint64_t none = 0;

    return wm_line_write(x->process, place(x, offsetof(struct wm_words, valid)), &none, sizeof none);
}

/* Nobody is at work, and whoever is still on his way finds another number. */
static bool is_idle(const struct wm_words *words)
{
    return words->running == 0 && (words->valid == words->done || words->valid == 0);
}

static bool somebody_is_at_work(void *context)
{
    const struct wm_exchange *x = context;
    struct wm_words words;

    return read_agent(x, &words, 0) && words.running != 0;
}

/*
 * The process was stopped while a thread of it was at work, or whoever held on to the thread has died: nobody ends that
 * work before the process goes on, so we do. False: it could not be done.
 */
static bool see_through(struct wm_exchange *x)
{
    struct wm_workplace place = {.code = wm_range_of(x->anchor.entry, WM_ENTRY_BYTES)};
    uint64_t top;

    if (!wm_thread_is_stuck(x->process))
        return true;
    if (!wm_line_read(x->process, x->anchor.agent + offsetof(struct wm_agent, top), &top, sizeof top))
        return false;
    place.stack = wm_range_of(top - WM_AGENT_STACK, WM_AGENT_STACK);
    wm_stray_finish(x->process, &place, somebody_is_at_work, x);
    return !somebody_is_at_work(x);
}

/* The request of a caller who died may still be at work, or not yet begun: then it never will be. */
static wm_status await_idle(struct wm_exchange *x)
{
    struct wm_patience patience = wm_patience_for(IDLE_NANOSECONDS);
    struct wm_words words;

    while (read_agent(x, &words, 0)) {
        if (is_idle(&words))
            return WM_OK;
        if (words.running == WM_AGENT_RETIRED)
            return WM_REENTERED;
        withdraw_any(x);
        if (!wm_patience_nap(&patience) || (wm_patience_wavers(&patience) && !see_through(x)))
            return WM_TARGET_BUSY;
    }
    return wm_exchange_lost(x->process);
}

/*
 * After true it will never be run. The caller clears valid and then reads running; the thread sets running and then reads
 * valid: so one of them sees the other, and a request that is not running now will not be begun.
 */
static bool withdraw(const struct wm_exchange *x)
{
    struct wm_words words;

    return withdraw_any(x) && read_agent(x, &words, 0) && words.running != x->sent.valid &&
           words.done != x->sent.valid;
}

/* --- the thread --- */

/* The request goes where the agent was found. */
static bool deliver(struct wm_loan *loan, void *context)
{
    struct wm_exchange *x = context;

    x->sent.request.stopped = loan->stopped;
    return wm_line_write(x->process, place(x, offsetof(struct wm_words, valid)), &x->sent.valid,
                         sizeof x->sent.valid + x->bytes) &&
           wm_line_push(x->process, loan->frame, &loan->back, sizeof loan->back);
}

static wm_status send(struct wm_exchange *x)
{
    x->sent.request.call = x->call;
    x->sent.request.status = 0;
    memcpy(&x->sent.request.body, x->request, body_bytes(x->call));
    x->errand = (struct wm_errand){
        .code = x->anchor.entry,
        .first = x->sent.valid,
        .second = x->anchor.agent,
        .wants_libc = !x->anchor.planted,
        .turn = x->turn,
        .deliver = deliver,
        .context = x,
    };
    return wm_thread_send(x->process, &x->errand);
}

/* --- the answer --- */

static wm_status take(const struct wm_exchange *x, const struct wm_words *answer)
{
    if (answer->request.status >= WM_STATUS_COUNT)
        return WM_KERNEL;
    if (answer->request.status == WM_OK)
        copy_answer(x, &answer->request);
    return (wm_status)answer->request.status;
}

struct patiences {
    struct wm_vigil begin, work;
};

/* A stopped process stands still again once the thread is let go: not before the agent is free. */
static bool has_answered(const struct wm_exchange *x, const struct wm_words *answer)
{
    return answer->done == x->sent.valid && (!x->errand.loan.stopped || answer->running != x->sent.valid);
}

/* It has not begun. In a process that was stopped since, another attempt finds it so and holds on to the thread. */
static bool will_not_begin(struct wm_exchange *x, const struct wm_words *answer, struct patiences *p)
{
    return answer->missed == x->sent.valid || answer->running == WM_AGENT_RETIRED ||
           (!x->errand.loan.stopped && wm_patience_wavers(&p->begin.patience) &&
            wm_thread_is_stuck(x->process));
}

static wm_status await_begin(struct wm_exchange *x, const struct wm_words *answer, struct patiences *p)
{
    const struct wm_loan *loan = &x->errand.loan;

    if (will_not_begin(x, answer, p) && withdraw(x))
        return WM_REENTERED;
    if (wm_vigil_nap(&p->begin, loan))
        return WM_OK;
    if (withdraw(x))
        return WM_TARGET_BUSY;
    /* A process that lies may change its words with each look; it gets no more time than honest work does. */
    return wm_vigil_nap(&p->work, loan) ? WM_OK : WM_TARGET_UNDECIDED;
}

/* It has begun, and cannot be withdrawn any more. */
static wm_status await_end(struct wm_exchange *x, const struct wm_words *answer, struct patiences *p)
{
    bool stays = !x->errand.loan.stopped && wm_patience_wavers(&p->work.patience) && !see_through(x);

    if (!stays && wm_vigil_nap(&p->work, &x->errand.loan))
        return WM_OK;
    return answer->done == x->sent.valid ? take(x, answer) : WM_TARGET_UNDECIDED;
}

/* That the agent cannot be read says nothing of the request, as long as the program is there that was asked. */
static wm_status await_sight(struct wm_exchange *x, struct patiences *p)
{
    if (!wm_line_is_alive(x->process))
        return wm_exchange_lost(x->process);
    return wm_vigil_nap(&p->begin, &x->errand.loan) ? WM_OK : WM_TARGET_UNDECIDED;
}

static wm_status await_answer(struct wm_exchange *x)
{
    struct patiences p = {wm_vigil_for(BEGIN_NANOSECONDS), wm_vigil_for(WORK_NANOSECONDS)};
    struct wm_words answer;
    wm_status st = WM_OK;

    while (wm_ok(st)) {
        if (!read_agent(x, &answer, x->bytes))
            st = await_sight(x, &p);
        else if (has_answered(x, &answer))
            return take(x, &answer);
        else if (answer.running == x->sent.valid || answer.done == x->sent.valid)
            st = await_end(x, &answer, &p);
        else
            st = await_begin(x, &answer, &p);
        if (wm_ok(st) && x->errand.loan.stopped)
            wm_borrow_push(&x->errand.loan);
    }
    return st;
}

static wm_status send_and_await(struct wm_exchange *x)
{
    wm_status st = send(x);

    if (!wm_ok(st))
        return st;
    st = await_answer(x);
    if (x->errand.loan.stopped)
        wm_borrow_release(&x->errand.loan);
    return st;
}

wm_status wm_exchange(struct wm_exchange *x)
{
    wm_status st = await_idle(x);

    x->bytes = offsetof(struct wm_request, body) + body_bytes(x->call);
    if (wm_ok(st))
        st = next_number(&x->sent.valid);
    return wm_ok(st) ? send_and_await(x) : st;
}
