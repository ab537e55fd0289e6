/*
 * commits.h: which pages of a SEC_RESERVE section are committed: the commit map, one bit a page.
 *
 * It lies behind the section's bytes in the same file, and every process that has the section has it mapped, to be read
 * and written: so who commits a page commits it for all.
 *
 *   a bit that was seen set stays set: nothing decommits what a section has
 *   first come summary bits, one for each WM_COMMITS_CHUNK pages: where one is not set, none of those pages is committed.
 *   So nobody reads, and by that makes, the map of what was never committed: a terabyte has 32 MiB of it
 *   a summary bit is set before the first bit that it stands for; a process that is killed in between has committed nothing
 *
 * Pages are counted from the start of the section. What another process has written there is believed no further than
 * that it says which of the section's pages may be touched.
 */
#ifndef WM_VM_COMMITS_H
#define WM_VM_COMMITS_H

#include <stdbool.h>
#include <stdint.h>

enum { WM_COMMITS_CHUNK = 32768 };

struct wm_commits {
    uint64_t *words; /* NULL: there is no map, and all of the section is committed */
    uint64_t pages;  /* of the section */
};

/* Of the map of a section of so many bytes, in whole pages. */
uint64_t wm_commits_bytes(uint64_t bytes);

/* Maps it. -EINVAL: the file is too short for one. */
int wm_commits_open(struct wm_commits *commits, int fd, uint64_t bytes);
void wm_commits_close(struct wm_commits *commits);

/* The pages from first up to end. */
void wm_commits_set(const struct wm_commits *commits, uint64_t first, uint64_t end);

bool wm_commits_has(const struct wm_commits *commits, uint64_t page);

/* The first page from `page` on, or end, that is not as `page` is. */
uint64_t wm_commits_end(const struct wm_commits *commits, uint64_t page, uint64_t end);

/* The first of the pages that are as `page` is and reach up to it, not before first. */
uint64_t wm_commits_start(const struct wm_commits *commits, uint64_t page, uint64_t first);

#endif
