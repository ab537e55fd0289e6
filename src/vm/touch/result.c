/*
 * result.c: can a result be stored where the caller wants it?
 *
 * The kernel knows (user.c), and asking it costs several times what a query of own memory does. A caller mostly wants his
 * results in the same place as before. So each thread remembers the last pages of which the kernel has said yes, and a
 * store into one of these is tried: if the page is gone meanwhile the fault's handler says so (trywrite.h), and the kernel
 * is asked again.
 *
 *   an address that the kernel has not said yes to is never tried: a wild pointer costs no signal, and is an error also
 *   where a fault would be the end (SIGSEGV blocked, another handler than ours)
 *   whatever changes in the book is the end of what is remembered of our pages: one that is protected, decommitted,
 *   released or offered since is asked about anew, and a guard page is not met. Memory of others need only be no
 *   one of ours
 *   views and windows are not remembered: their pages may go without a change to the book
 *   nothing is tried before the handler is there and its signals come; looked at every so many questions, because no
 *   program needs to tell us what it blocks, or that it sets a handler by the bare system call. Then all is forgotten
 *
 * What is left to chance: a program unmaps a page of its own by a system call of its own, names it again as the place of a
 * result, and has just blocked SIGSEGV: a fault, as it would be for its own store, and no error.
 *
 * A signal handler may come at any moment and ask in the same thread: what is remembered of a page is one word.
 */
#include "kern/map/mapping.h"
#include "kern/signals/signals.h"
#include "kern/signals/trywrite.h"
#include "vm/book/home.h"
#include "vm/book/land.h"

enum { REMEMBERED = 8, SEQUENCE_BITS = 28 };

#define NOT_OURS ((uint64_t)1 << SEQUENCE_BITS)

/* The first questions of a thread cost one system call each and no more, and set no handler: many programs ask no others. */
enum { WITHOUT_HANDLER = 16, BETWEEN_LOOKS = 256 };

static __thread struct {
    uint32_t left; /* questions until the next look */
    bool may_try;
    uint64_t yes[REMEMBERED]; /* by page; see note_of */
} known __attribute__((tls_model("initial-exec"))) = {.left = WITHOUT_HANDLER};

/* Nothing is remembered of others. */
static bool one_page(uintptr_t start, size_t bytes)
{
    return bytes >= sizeof(uint32_t) && start % WM_PAGE + bytes <= WM_PAGE &&
           start - WM_SPACE_START < WM_SPACE_END - WM_SPACE_START;
}

/* A page, whether it is not ours, and how the book was: never 0, since no page of the address space is the first. */
static uint64_t note_of(uintptr_t start, uint32_t sequence)
{
    return start / WM_PAGE << (SEQUENCE_BITS + 1) | (sequence & ((1u << SEQUENCE_BITS) - 1));
}

static uint64_t *place_of(uintptr_t start)
{
    return &known.yes[start / WM_PAGE % REMEMBERED];
}

static bool tries_are_allowed(void)
{
    static bool allowed;

    if (!WM_LOAD(allowed))
        WM_STORE(allowed, wm_kern_allow_tries() == 0);
    return WM_LOAD(allowed) && wm_kern_answers_tries();
}

static void count_down(void)
{
    if (known.left > 0) {
        known.left--;
        return;
    }
    for (int i = 0; i < REMEMBERED; i++)
        WM_STORE(known.yes[i], 0);
    known.may_try = tries_are_allowed();
    known.left = BETWEEN_LOOKS;
}

/* Remembers a page of which the kernel has said yes, if only the book's changes make it go: others', or private memory. */
static void remember(uintptr_t start, uint32_t sequence)
{
    struct wm_peek peek;

    if (sequence % 2 != 0 || !wm_ok(wm_home_ready()) || !wm_ok(wm_land_peek(start, &peek)))
        return;
    if (!peek.found)
        WM_STORE(*place_of(start), note_of(start, sequence) | NOT_OURS);
    else if (peek.extent.kind != WM_VIEW && (peek.extent.traits & WM_TRAIT_PHYSICAL) == 0)
        WM_STORE(*place_of(start), note_of(start, sequence));
}

/* Kept out of the short way, as the next. */
static __attribute__((noinline)) bool ask(uintptr_t start, size_t bytes)
{
    uint32_t sequence = WM_LOAD(wm_book()->sequence);

    count_down();
    if (!wm_kern_writable((void *)start, bytes))
        return false;
    if (known.may_try && one_page(start, bytes))
        remember(start, sequence);
    return true;
}

/* The book has changed, but this was not ours and is not: with a note of that. */
static __attribute__((noinline)) bool is_others_still(uintptr_t start, uint32_t sequence)
{
    const uint64_t others = note_of(start, 0) | NOT_OURS, kept = ~(uint64_t)0 << SEQUENCE_BITS;
    uint64_t *yes = place_of(start);
    struct wm_peek peek;

    if ((WM_LOAD(*yes) & kept) != others || sequence % 2 != 0 || !wm_ok(wm_land_peek(start, &peek)) ||
        peek.found)
        return false;
    WM_STORE(*yes, note_of(start, sequence) | NOT_OURS);
    return true;
}

bool wm_op_takes_result(uintptr_t start, size_t bytes)
{
    uint32_t sequence = WM_LOAD(wm_book()->sequence);

    if (!one_page(start, bytes) || known.left == 0)
        return ask(start, bytes);
    if ((WM_LOAD(*place_of(start)) & ~NOT_OURS) != note_of(start, sequence) &&
        !is_others_still(start, sequence))
        return ask(start, bytes);
    known.left--;
    if (wm_try_clear_at_once(start))
        return true;
    WM_STORE(*place_of(start), 0);
    return ask(start, bytes);
}
