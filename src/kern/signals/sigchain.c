/*
 * sigchain.c: the program's actions for the signals that ours has taken (sigchain.h).
 *
 * What the program wants done is kept in two levels: what it has now, and what was there before ours took
 * the top a second time, because handlers that save and call "the one before" may have saved ours. So a
 * call that comes from such a handler goes to the earlier level, and none goes round in a circle.
 *
 *   an action is read in signal handlers, without a lock: it is published by one word, and a reader who
 *   finds the word changed reads again
 *   writers hold a lock with all signals blocked, so that no handler of theirs sets an action or forks
 *   meanwhile
 *
 * A handler is called as the kernel would have called it: with its mask, once if it said so (SA_RESETHAND),
 * on the alternate stack if it asked for that.
 */
#include "kern/signals/sigchain.h"

#include <stddef.h>

#include "base/atomic.h"
#include "kern/lock.h"
#include "kern/renew.h"
#include "kern/signals/frame.h"
#include "kern/signals/signals.h"
#include "kern/signals/trap.h"
#include "kern/sys.h"

static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};

enum { SIGNALS = sizeof signals / sizeof signals[0], MASK_BYTES = 8 };

/* What was under ours when it last took the top, or was set since; and what was under that. */
enum { NOW, EARLIER, LEVELS };

/*
 * Actions are read in signal handlers and in children of forks, where whoever changes one may never go on: so a change is
 * made in a place that nobody reads, and published by one word.
 *
 *   the word names the places of the levels that are there; the third place is spare
 *   it is another one after each change, so who has read a place knows whether that was still what the word says
 *
 * From its lowest bit on: the place of NOW; that of EARLIER, with its lowest bit turned; the flags; how many changes.
 */
enum { PLACES = LEVELS + 1, PLACE_BITS = 2, HAS_EARLIER = 1 << 4, COVERED = 1 << 5, CHANGE = 1 << 6 };

static struct link {
    uint64_t word;
    struct wm_action place[PLACES];
} links[SIGNALS + 1]; /* the last: of all other signals, never covered */

static struct wm_lock links_lock;

/* Not held over a fork: whoever holds it has blocked all signals. */
static void renew(void)
{
    wm_lock_renew(&links_lock);
}

const struct wm_renewal wm_renewed_chain = {.renew = renew};

/*
 * The place of a level. One bit of EARLIER is turned so that a word of 0, as it is in the beginning, names
 * two places.
 */
static unsigned place_of(uint64_t word, int level)
{
    return (word >> (level * PLACE_BITS) & ((1 << PLACE_BITS) - 1)) ^ (unsigned)level;
}

static struct link *link_of(int signal)
{
    int i = 0;

    while (i < SIGNALS && signals[i] != signal)
        i++;
    return &links[i];
}

static uint64_t bit(int signal)
{
    return 1ull << (signal - 1);
}

static void mask_signals(int how, uint64_t set, uint64_t *old)
{
    wm_sys4(SYS_rt_sigprocmask, how, (long)&set, (long)old, MASK_BYTES);
}

int wm_chain_kernel(int signal, const struct wm_action *act, struct wm_action *old)
{
    return (int)wm_sys4(SYS_rt_sigaction, signal, (long)act, (long)old, MASK_BYTES);
}

/*
 * With all signals blocked: a handler that sets an action would wait for its own thread. Nobody is asked about a step that
 * comes here all the same (wm_chain_is_stepped).
 */
static uint64_t enter(void)
{
    uint64_t mask;

    mask_signals(SIG_BLOCK, wm_kern_all_signals(), &mask);
    wm_lock_take_back(&links_lock);
    return mask;
}

static void leave(uint64_t mask)
{
    wm_lock_drop(&links_lock);
    mask_signals(SIG_SETMASK, mask, NULL);
}

static void publish(struct link *link, unsigned now, unsigned earlier, uint64_t flags)
{
    uint64_t changes = (link->word & ~(uint64_t)(CHANGE - 1)) + CHANGE;

    WM_STORE(link->word, changes | flags | (earlier ^ EARLIER) << PLACE_BITS | now);
}

/* Writes an action into the place that the word does not name, where nobody reads, and returns that place. */
static unsigned fill_spare(struct link *link, const struct wm_action *action)
{
    unsigned spare = 0 + 1 + 2 - place_of(link->word, NOW) - place_of(link->word, EARLIER);
    struct wm_action *place = &link->place[spare];

    WM_STORE(place->handler, action->handler);
    WM_STORE(place->flags, action->flags);
    WM_STORE(place->restorer, action->restorer);
    WM_STORE(place->mask, action->mask);
    return spare;
}

static void store(struct link *link, int level, const struct wm_action *action)
{
    unsigned spare = fill_spare(link, action), now = place_of(link->word, NOW);
    unsigned earlier = place_of(link->word, EARLIER);

    publish(link, level == NOW ? spare : now, level == NOW ? earlier : spare,
            link->word & (COVERED | HAS_EARLIER));
}

static struct wm_action load(struct link *link, int level)
{
    struct wm_action action, *place;
    uint64_t before;

    do {
        before = WM_LOAD(link->word);
        place = &link->place[place_of(before, level)];
        action.handler = WM_LOAD(place->handler);
        action.flags = WM_LOAD(place->flags);
        action.restorer = WM_LOAD(place->restorer);
        action.mask = WM_LOAD(place->mask);
    } while (WM_LOAD(link->word) != before);
    return action;
}

bool wm_chain_covers(int signal)
{
    return (WM_LOAD(link_of(signal)->word) & COVERED) != 0;
}

bool wm_chain_was_covered(int signal)
{
    return (WM_LOAD(link_of(signal)->word) & HAS_EARLIER) != 0;
}

/*
 * What was found is under ours now. If ours had the top before, what was under it then becomes the earlier
 * level.
 */
static void put_below(struct link *link, const struct wm_action *found)
{
    unsigned spare = fill_spare(link, found), now = place_of(link->word, NOW);

    if (link->word & COVERED)
        publish(link, spare, now, COVERED | HAS_EARLIER);
    else
        publish(link, spare, place_of(link->word, EARLIER), COVERED | (link->word & HAS_EARLIER));
}

/* What is below is in its place before ours takes the top. */
static int take_top(int signal, struct link *link, const struct wm_action *ours)
{
    struct wm_action found = {0};
    uint64_t covered = link->word & COVERED;
    int result = wm_chain_kernel(signal, NULL, &found);

    if (result != 0 || found.handler == ours->handler)
        return result;
    put_below(link, &found);
    result = wm_chain_kernel(signal, ours, NULL);
    if (result != 0 && covered == 0)
        WM_STORE(link->word, (link->word + CHANGE) & ~(uint64_t)COVERED);
    return result;
}

int wm_chain_take_top(int signal, const struct wm_action *ours)
{
    struct wm_action found = {0};
    struct link *link = link_of(signal);
    uint64_t mask;
    int result;

    if (wm_chain_covers(signal) && wm_chain_kernel(signal, NULL, &found) == 0 &&
        found.handler == ours->handler)
        return 0;
    mask = enter();
    result = take_top(signal, link, ours);
    leave(mask);
    return result;
}

void wm_chain_exchange(int signal, const struct wm_action *act, struct wm_action *old)
{
    struct link *link = link_of(signal);
    uint64_t mask = enter();

    if (old != NULL)
        *old = load(link, NOW);
    if (act != NULL)
        store(link, NOW, act);
    leave(mask);
}

static void forget(int signal, int level)
{
    static const struct wm_action none;
    uint64_t mask = enter();

    store(link_of(signal), level, &none);
    leave(mask);
}

void wm_chain_die(int signal, siginfo_t *info)
{
    static const struct wm_action by_default;

    wm_chain_kernel(signal, &by_default, NULL);
    if (info->si_code <= 0 || wm_trap_is_past(signal))
        wm_chain_send(signal, info);
}

void wm_chain_send(int signal, siginfo_t *info)
{
    static const struct wm_action by_default;
    long process = wm_sys3(SYS_getpid, 0, 0, 0), thread = wm_sys3(SYS_gettid, 0, 0, 0);

    wm_chain_kernel(signal, &by_default, NULL);
    mask_signals(SIG_BLOCK, bit(signal), NULL);
    if (wm_sys4(SYS_rt_tgsigqueueinfo, process, thread, signal, (long)info) != 0)
        wm_sys3(SYS_tgkill, process, thread, signal);
}

/* The interrupted mask comes back when the kernel's frame is left, however the handler ends. */
static void block_for(int signal, const struct wm_action *action)
{
    uint64_t block = action->mask | (action->flags & SA_NODEFER ? 0 : bit(signal));

    if (block != 0)
        mask_signals(SIG_BLOCK, block, NULL);
}

static bool is_default(const struct wm_action *action)
{
    return action->handler == (uintptr_t)SIG_IGN || action->handler == (uintptr_t)SIG_DFL;
}

bool wm_chain_is_default(int signal)
{
    struct wm_action action = load(link_of(signal), NOW);

    return is_default(&action);
}

uintptr_t wm_chain_run(int signal, siginfo_t *info, void *context, int called, bool recalled)
{
    int level = recalled ? EARLIER : NOW;
    struct wm_action action = load(link_of(signal), level);

    if (action.handler == (uintptr_t)SIG_IGN && info->si_code <= 0)
        return 0;
    if (is_default(&action)) {
        wm_chain_die(signal, info);
        return 0;
    }
    if (action.flags & SA_RESETHAND)
        forget(signal, level);
    block_for(signal, &action);
    if (called == WM_CALLED_MOVED && (action.flags & SA_ONSTACK))
        return action.handler;
    ((void (*)(int, siginfo_t *, void *))action.handler)(signal, info, context);
    return 0;
}

bool wm_chain_is_stepped(int signal, const siginfo_t *info)
{
    return signal == SIGTRAP && info->si_code > 0 && wm_lock_mine(&links_lock);
}
