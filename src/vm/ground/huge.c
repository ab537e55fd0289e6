/*
 * huge.c: for which memory huge pages are asked for (huge.h).
 *
 * Whether memory will be touched all over, nobody knows when it is committed. But programs commit by habit: an allocator
 * takes its arenas in one length and fills them, a sparse table has a length of its own. So pieces are told apart by
 * length, by powers of two, and of each length one piece is the witness: one that was not asked for, so that its page
 * tables tell which pages were touched. When the next piece is committed, or the witness goes, it is looked at:
 *
 *   dense: the next 16 pieces of that length are asked for, then one is not and is the next witness; each time that one
 *   is dense as well, twice as many, up to 1,024
 *   not dense: nothing is asked for, and the next look is 1, 2, 4 ... 16 pieces away
 *   not touched yet: it is no witness, and what was believed before holds for 16 pieces more
 *   partly: another thread may be filling it, so what was believed holds until it has been looked at four more times
 *
 * Dense is what grows by a tenth at most if it is filled up: of the blocks of 2 MiB that were touched at all ten
 * elevenths of the pages are there. A piece that was asked for is no witness: one touch fills it.
 */
#include "vm/ground/huge.h"

#include <string.h>

#include "base/atomic.h"
#include "kern/pages/pagestate.h"

enum { LENGTHS = 20, LOOKS = 8, TRUST = 16, MOST_TRUST = 1024, DOUBT = 1, MOST_DOUBT = 16, AGAIN = 4 };

/* Guarded by the lock of the book. A child of a fork has its parent's: its memory is as dense. */
static struct length {
    struct wm_range witness; /* empty: there is none */
    uint16_t wait;           /* so many pieces until a look, */
    uint16_t span;           /* and how many it were */
    uint8_t again;           /* so often the witness was found filled in part */
    bool dense;              /* what the last look said */
} lengths[LENGTHS];

static uint8_t chosen = WM_HUGE_DENSE;

/* --- what the program says --- */

static const char *const words[WM_HUGE_COUNT] = {"never", "large", "always"};

void wm_huge_read(const char *word)
{
    for (int i = 0; word != NULL && i < WM_HUGE_COUNT; i++)
        if (strcmp(word, words[i]) == 0)
            wm_huge_choose((enum wm_huge)i);
}

void wm_huge_choose(enum wm_huge choice)
{
    WM_STORE(chosen, (uint8_t)choice);
}

enum wm_huge wm_huge_chosen(void)
{
    return (enum wm_huge)WM_LOAD(chosen);
}

/* --- what the memory says --- */

static struct length *length_of(size_t bytes)
{
    int power = __builtin_ctzll(WM_LARGE), log = 63 - __builtin_clzll(bytes);

    return &lengths[log - power < LENGTHS ? log - power : LENGTHS - 1];
}

/* Whole blocks that can be huge pages. */
static struct wm_range blocks_in(struct wm_range r)
{
    struct wm_range blocks = {wm_up(r.start, WM_LARGE), wm_down(r.end, WM_LARGE)};

    return blocks.start < blocks.end ? blocks : (struct wm_range){0, 0};
}

enum verdict { UNTOUCHED, SPARSE, PARTLY, FILLED };

/* By a few blocks that are spread over it. What cannot be told is not there. */
static enum verdict judge(struct wm_range piece)
{
    struct wm_range blocks = blocks_in(piece);
    size_t count = wm_range_bytes(blocks) / WM_LARGE, looks = count < LOOKS ? count : LOOKS;
    size_t pages = 0, present = 0;

    for (size_t i = 0; i < looks; i++) {
        uintptr_t block = blocks.start + count * i / looks * WM_LARGE;
        int there = wm_kern_count_present(wm_range_of(block, WM_LARGE));

        if (there > 0) {
            pages += WM_LARGE / WM_PAGE;
            present += (size_t)there;
        }
    }
    if (pages == 0)
        return UNTOUCHED;
    return present * 11 >= pages * 10 ? FILLED : present * 4 >= pages ? PARTLY : SPARSE;
}

/* The last time: the witness goes. */
static void look(struct length *l, bool last)
{
    enum verdict verdict = judge(l->witness);
    bool is = verdict == FILLED || (verdict == UNTOUCHED && l->dense);
    uint16_t least = is ? TRUST : DOUBT, most = is ? MOST_TRUST : MOST_DOUBT;

    if (verdict == PARTLY && !last && l->again++ < AGAIN) {
        l->wait = AGAIN;
        return;
    }
    if (l->dense != is || l->span == 0 || (is && verdict == UNTOUCHED))
        l->span = least;
    else if (l->span < most)
        l->span *= 2;
    l->dense = is;
    l->wait = l->span;
    l->again = 0;
    l->witness = (struct wm_range){0, 0};
}

static bool likes_were_dense(struct length *l)
{
    if (l->wait == 0 && wm_range_bytes(l->witness) != 0)
        look(l, false);
    if (l->wait == 0)
        return false;
    l->wait--;
    return l->dense;
}

bool wm_huge_wanted(size_t bytes)
{
    enum wm_huge choice = wm_huge_chosen();

    if (choice == WM_HUGE_NEVER || !wm_kern_huge_on_request())
        return false;
    return choice == WM_HUGE_ALWAYS || likes_were_dense(length_of(bytes));
}

void wm_huge_ask(struct wm_range piece)
{
    if (wm_range_bytes(blocks_in(piece)) != 0)
        wm_kern_huge_pages(piece);
}

void wm_huge_note(struct wm_range piece)
{
    struct length *l = length_of(wm_range_bytes(piece));

    if (wm_huge_chosen() == WM_HUGE_DENSE && wm_kern_huge_on_request() && wm_range_bytes(l->witness) == 0 &&
        wm_range_bytes(blocks_in(piece)) != 0)
        l->witness = piece;
}

void wm_huge_look(struct wm_range r)
{
    for (int i = 0; i < LENGTHS; i++) {
        if (!wm_range_touches(lengths[i].witness, r))
            continue;
        if (lengths[i].wait == 0 || lengths[i].again > 0)
            look(&lengths[i], true);
        lengths[i].witness = (struct wm_range){0, 0};
    }
}
