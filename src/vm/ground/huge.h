/*
 * huge.h: whether memory is to have huge pages: pages of 2 MiB that the kernel brings in with one touch, if it was
 * asked to (kern/pages/hugepages.c).
 *
 * They make the first touch of dense memory ten times as cheap, and a sparse program up to 512 times as large. So the
 * program says, or else nobody asks before memory of the same length has turned out dense (docs/design/hugepages.md).
 *
 *   a piece is private memory of WM_LARGE or more that is committed read/write at once where nothing was committed,
 *   neither watched nor a window nor in large pages; nothing else is ever asked for
 *   an extent is ADVISED if anything in it may have been asked for
 *
 * The first five are called with the lock held.
 */
#ifndef WM_VM_HUGE_H
#define WM_VM_HUGE_H

#include "core/extent.h"
#include "vm/access.h"

/* Ask for nothing; for pieces whose likes were dense; for all pieces. */
enum wm_huge { WM_HUGE_NEVER, WM_HUGE_DENSE, WM_HUGE_ALWAYS, WM_HUGE_COUNT };

/* Are pages a piece that come to be committed in this state? */
static inline bool wm_huge_suits(size_t bytes, uint16_t state, uint8_t traits)
{
    return bytes >= WM_LARGE && state == WM_READWRITE && traits == 0;
}

/* Is a piece of so many bytes to be asked for? To be put once for each. */
bool wm_huge_wanted(size_t bytes);

/* Asks, once the piece is mapped. It may come to nothing. */
void wm_huge_ask(struct wm_range piece);

/* It is mapped and was not asked for: whether it becomes dense may be looked at later. */
void wm_huge_note(struct wm_range piece);

/* What is in r goes: the last moment to look. Before the kernel is told, of whatever memory. */
void wm_huge_look(struct wm_range r);

static inline void wm_huge_leave(struct wm_range r)
{
    if (__builtin_expect(wm_range_bytes(r) >= WM_LARGE, false))
        wm_huge_look(r);
}

/* Reads WINMEM_HUGE: never, large (DENSE) or always; NULL and other words change nothing. */
void wm_huge_read(const char *word);

/* It counts for what is committed from then on. */
void wm_huge_choose(enum wm_huge choice);
enum wm_huge wm_huge_chosen(void);

#endif
