/*
 * commits.c: the commit map of a section (commits.h).
 *
 * Bits are set by atomic or, in any order and by any number of processes at once. Nobody waits for anybody: a reader sees
 * a page as committed a moment earlier or later, and a commit returns after its last bit.
 */
#include "vm/sections/commits.h"

#include <errno.h>

#include "base/atomic.h"
#include "kern/map/mapping.h"

enum { BITS = 64 };

static uint64_t up(uint64_t value, uint64_t unit)
{
    return (value + unit - 1) / unit;
}

static uint64_t chunks_of(uint64_t pages)
{
    return up(pages, WM_COMMITS_CHUNK);
}

static uint64_t summary_words(uint64_t pages)
{
    return up(chunks_of(pages), BITS);
}

uint64_t wm_commits_bytes(uint64_t bytes)
{
    uint64_t pages = up(bytes, WM_PAGE);

    return wm_up((summary_words(pages) + up(pages, BITS)) * sizeof(uint64_t), WM_PAGE);
}

int wm_commits_open(struct wm_commits *commits, int fd, uint64_t bytes)
{
    uint64_t from = wm_up(bytes, WM_PAGE), length = wm_commits_bytes(bytes);
    struct wm_file_facts facts = {0};
    uintptr_t start;
    int error = wm_kern_file_facts(fd, &facts);

    if (error == 0 && facts.bytes < from + length)
        error = -EINVAL;
    if (error == 0)
        error = wm_kern_map_file_anywhere(length, WM_ACCESS_READ | WM_ACCESS_WRITE, fd, from, &start);
    if (error == 0)
        *commits = (struct wm_commits){(uint64_t *)start, up(bytes, WM_PAGE)};
    return error;
}

/* Nothing is split by it, so what may be lacking is the kernel's own memory, for a moment. */
void wm_commits_close(struct wm_commits *commits)
{
    struct wm_range all = wm_range_of((uintptr_t)commits->words, wm_commits_bytes(commits->pages * WM_PAGE));

    if (commits->words != NULL && wm_kern_unmap(all) != 0)
        wm_kern_unmap(all);
    commits->words = NULL;
}

static uint64_t *map_of(const struct wm_commits *commits)
{
    return commits->words + summary_words(commits->pages);
}

static bool is_empty(const struct wm_commits *commits, uint64_t chunk)
{
    return (WM_LOAD(commits->words[chunk / BITS]) >> (chunk % BITS) & 1) == 0;
}

/* The word that has the bit of a page. */
static uint64_t word_of(const struct wm_commits *commits, uint64_t page)
{
    return is_empty(commits, page / WM_COMMITS_CHUNK) ? 0 : WM_LOAD(map_of(commits)[page / BITS]);
}

/* --- setting --- */

/* What is set already is not written: its page stays clean, and in other processors' caches. */
static void set_bits(uint64_t *word, uint64_t bits)
{
    if ((WM_LOAD(*word) & bits) != bits)
        __atomic_fetch_or(word, bits, __ATOMIC_RELEASE);
}

static void set_range(uint64_t *words, uint64_t first, uint64_t end)
{
    while (first < end) {
        uint64_t bit = first % BITS, count = BITS - bit < end - first ? BITS - bit : end - first;

        set_bits(&words[first / BITS], (count == BITS ? ~0ull : (1ull << count) - 1) << bit);
        first += count;
    }
}

void wm_commits_set(const struct wm_commits *commits, uint64_t first, uint64_t end)
{
    set_range(commits->words, first / WM_COMMITS_CHUNK, up(end, WM_COMMITS_CHUNK));
    set_range(map_of(commits), first, end);
}

/* --- asking --- */

bool wm_commits_has(const struct wm_commits *commits, uint64_t page)
{
    return (word_of(commits, page) >> (page % BITS) & 1) != 0;
}

static uint64_t behind(const struct wm_commits *commits, uint64_t page)
{
    bool empty = is_empty(commits, page / WM_COMMITS_CHUNK);
    uint64_t unit = empty ? WM_COMMITS_CHUNK : BITS;

    return (page / unit + 1) * unit;
}

uint64_t wm_commits_end(const struct wm_commits *commits, uint64_t page, uint64_t end)
{
    uint64_t like = wm_commits_has(commits, page) ? ~0ull : 0;

    while (page < end) {
        uint64_t others = (word_of(commits, page) ^ like) >> (page % BITS);

        page = others != 0 ? page + (uint64_t)__builtin_ctzll(others) : behind(commits, page);
        if (others != 0)
            break;
    }
    return page < end ? page : end;
}

uint64_t wm_commits_start(const struct wm_commits *commits, uint64_t page, uint64_t first)
{
    uint64_t like = wm_commits_has(commits, page) ? ~0ull : 0;

    while (page > first) {
        uint64_t before = page - 1, above = BITS - 1 - before % BITS;
        uint64_t others = (word_of(commits, before) ^ like) << above;

        if (others != 0) {
            page -= (uint64_t)__builtin_clzll(others);
            break;
        }
        page = before / BITS * BITS;
    }
    return page > first ? page : first;
}
