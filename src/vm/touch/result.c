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
    bool changing;            /* what follows, which is no one word: a signal handler leaves it alone */
    struct wm_range usual;    /* the last buffer of more than one page, in whole pages */
    uint64_t usual_yes;       /* as one of yes */
    uint64_t yes[REMEMBERED]; /* by page; see note_of */
} known __attribute__((tls_model("initial-exec"))) = {.left = WITHOUT_HANDLER};

/* Nothing is remembered of others. */
static bool one_page(uintptr_t start, size_t bytes)
{
    return bytes <= WM_PAGE - start % WM_PAGE && start - WM_SPACE_START < WM_SPACE_END - WM_SPACE_START;
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

static struct wm_range pages_of(uintptr_t start, size_t bytes)
{
    return (struct wm_range){wm_down(start, WM_PAGE), wm_up(start + bytes, WM_PAGE)};
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
    WM_STORE(known.usual_yes, 0);
    known.may_try = tries_are_allowed();
    known.left = BETWEEN_LOOKS;
}

static bool nothing_of_ours(const struct wm_peek *peek, struct wm_range pages)
{
    return !peek->found && peek->above >= pages.end;
}

/*
 * What is to be remembered of pages of which the kernel has said yes. 0: nothing, since they may go without a change to the
 * book.
 */
static uint64_t note_on(struct wm_range pages, uint32_t sequence)
{
    struct wm_peek peek;

    if (!known.may_try || sequence % 2 != 0 || !wm_ok(wm_home_ready()) ||
        !wm_ok(wm_land_peek(pages.start, &peek)))
        return 0;
    if (nothing_of_ours(&peek, pages))
        return note_of(pages.start, sequence) | NOT_OURS;
    return peek.found && peek.extent.kind != WM_VIEW && (peek.extent.traits & WM_TRAIT_PHYSICAL) == 0 &&
                   pages.end <= wm_extent_range(&peek.extent).end
               ? note_of(pages.start, sequence)
               : 0;
}

/* The book has changed, but this was not ours and is not: with a note of that. */
static __attribute__((noinline)) bool is_others_still(uint64_t *yes, struct wm_range pages, uint32_t sequence)
{
    const uint64_t others = note_of(pages.start, 0) | NOT_OURS, kept = ~(uint64_t)0 << SEQUENCE_BITS;
    struct wm_peek peek;

    if ((WM_LOAD(*yes) & kept) != others || sequence % 2 != 0 || !wm_ok(wm_land_peek(pages.start, &peek)) ||
        !nothing_of_ours(&peek, pages))
        return false;
    WM_STORE(*yes, note_of(pages.start, sequence) | NOT_OURS);
    return true;
}

static bool is_known(uint64_t *yes, struct wm_range pages)
{
    uint32_t sequence = WM_LOAD(wm_book()->sequence);

    return known.left > 0 && ((WM_LOAD(*yes) & ~NOT_OURS) == note_of(pages.start, sequence) ||
                              is_others_still(yes, pages, sequence));
}

/* --- results of at most a page --- */

/* Kept out of the short way. */
static __attribute__((noinline)) bool ask(uintptr_t start, size_t bytes)
{
    uint32_t sequence = WM_LOAD(wm_book()->sequence);

    count_down();
    if (!wm_kern_writable((void *)start, bytes))
        return false;
    if (one_page(start, bytes))
        WM_STORE(*place_of(start), note_on(pages_of(start, bytes), sequence));
    return true;
}

bool wm_op_takes_result(uintptr_t start, size_t bytes)
{
    if (bytes < sizeof(uint32_t) || !one_page(start, bytes) ||
        !is_known(place_of(start), pages_of(start, bytes)))
        return ask(start, bytes);
    known.left--;
    if (wm_try_clear_at_once(start))
        return true;
    WM_STORE(*place_of(start), 0);
    return ask(start, bytes);
}

/* --- buffers --- */

/* What is remembered lies in one word if it is of one page; else nobody else changes it meanwhile. */
static void remember(uintptr_t start, size_t bytes, uint32_t sequence)
{
    struct wm_range pages = pages_of(start, bytes);

    if (one_page(start, bytes)) {
        WM_STORE(*place_of(start), note_on(pages, sequence));
    } else if (!known.changing) {
        WM_STORE(known.changing, true);
        known.usual = pages;
        WM_STORE(known.usual_yes, note_on(pages, sequence));
        WM_STORE(known.changing, false);
    }
}

static bool ask_all(uintptr_t start, size_t bytes)
{
    uint32_t sequence = WM_LOAD(wm_book()->sequence);

    count_down();
    if (!wm_op_reaches(start, bytes, WM_TO_WRITE))
        return false;
    remember(start, bytes, sequence);
    return true;
}

/* The word that tells of these pages, or NULL. */
static uint64_t *word_on(uintptr_t start, size_t bytes)
{
    if (one_page(start, bytes))
        return is_known(place_of(start), pages_of(start, bytes)) ? place_of(start) : NULL;
    return !WM_LOAD(known.changing) && start >= known.usual.start && start < known.usual.end &&
                   bytes <= known.usual.end - start && is_known(&known.usual_yes, known.usual)
               ? &known.usual_yes
               : NULL;
}

static bool rewrite_each(uintptr_t start, size_t bytes)
{
    for (uintptr_t at = start; at < start + bytes; at = wm_down(at, WM_PAGE) + WM_PAGE)
        if (!wm_try_rewrite_at_once(at))
            return false;
    return true;
}

bool wm_op_takes_bytes(uintptr_t start, size_t bytes)
{
    uint64_t *yes = bytes > 0 ? word_on(start, bytes) : NULL;

    if (yes == NULL)
        return bytes == 0 || ask_all(start, bytes);
    known.left--;
    if (rewrite_each(start, bytes))
        return true;
    WM_STORE(*yes, 0);
    return ask_all(start, bytes);
}
