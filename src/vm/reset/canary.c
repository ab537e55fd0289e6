/*
 * canary.c: keeping one word of each page, and comparing it (canary.h).
 *
 * Pages are read through /proc/self/mem, whatever their protection is, and never by a load: a page that is
 * dropped between two steps would come back as zeros in our hands and then count as there. What is compared
 * equal proves only that the word is still there now; whoever asks has made the page stay before
 * (rescue.c).
 */
#include "vm/reset/canary.h"

#include "kern/pages/pagestate.h"

enum { WORDS = WM_PAGE / sizeof(uint64_t) };

static struct wm_canary first_word(const uint64_t *words)
{
    for (size_t i = 0; i < WORDS; i++)
        if (words[i] != 0)
            return (struct wm_canary){words[i], i * sizeof *words};
    return (struct wm_canary){0, 0};
}

/* A page without a word keeps the one, and the mark, that it may have from before it was dropped. */
static bool keep_one(const struct wm_extent *e, int memory, uintptr_t addr)
{
    uint64_t words[WORDS];
    struct wm_canary canary;

    if (!wm_kern_peek(memory, addr, words, sizeof words))
        return false;
    canary = first_word(words);
    if (canary.word != 0) {
        *wm_marks_canary(e, addr) = canary;
        wm_marks_set(e, WM_MARK_RESET, wm_range_of(addr, WM_PAGE));
    }
    return true;
}

bool wm_canary_keep(const struct wm_extent *e, int memory, struct wm_range r)
{
    bool kept = wm_marks_canaries_ready(e);

    for (uintptr_t addr = r.start; kept && addr < r.end; addr += WM_PAGE)
        kept = keep_one(e, memory, addr);
    return kept;
}

bool wm_canary_lives(const struct wm_extent *e, int memory, uintptr_t addr)
{
    const struct wm_canary *canary = wm_marks_canary(e, addr);
    uint64_t word = 0;

    return canary != NULL && canary->word != 0 &&
           wm_kern_peek(memory, addr + canary->offset, &word, sizeof word) && word == canary->word;
}

size_t wm_canary_beside(const struct wm_extent *e, uintptr_t addr)
{
    const struct wm_canary *canary = wm_marks_canary(e, addr);

    return canary == NULL || canary->offset != 0 ? 0 : sizeof canary->word;
}
