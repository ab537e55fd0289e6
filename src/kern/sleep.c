/*
 * sleep.c: sleeping on several words and descriptors at once (sleep.h).
 *
 * What the kernel can do in one call is done in one: words (futex, futex_waitv), or descriptors (ppoll). For both together
 * there is no such call, nor for several words before Linux 5.16: then it sleeps on the words for a short while, and whoever
 * asked looks again. The pauses grow from 50 us to 6 ms, so that what happens soon is seen soon and a long wait costs next
 * to nothing.
 *
 * A descriptor is looked at anew after a second at the latest, since the program may have closed it behind our back.
 */
#include "kern/sleep.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>

#include "kern/clock.h"
#include "kern/sys.h"

#define PAUSE_FIRST ((uint64_t)50000)
#define DESCRIPTOR_MOST ((uint64_t)1000000000)

enum { PAUSES = 7 };

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t pause_of(unsigned rounds)
{
    return PAUSE_FIRST << (rounds < PAUSES ? rounds : PAUSES);
}

static unsigned words_of(const struct wm_wait_source *sources, unsigned count, struct wm_futex_word *words)
{
    unsigned found = 0;

    for (unsigned i = 0; i < count; i++)
        if (sources[i].word.word != NULL)
            words[found++] = sources[i].word;
    return found;
}

static unsigned descriptors_of(const struct wm_wait_source *sources, unsigned count, struct pollfd *polled)
{
    unsigned found = 0;

    for (unsigned i = 0; i < count; i++)
        if (sources[i].fd >= 0)
            polled[found++] = (struct pollfd){.fd = sources[i].fd, .events = POLLIN};
    return found;
}

/* False: one of them is none, which poll would tell at once, again and again. */
static bool sleep_on_descriptors(struct pollfd *polled, unsigned count, uint64_t until)
{
    struct timespec left = wm_clock_left(until, DESCRIPTOR_MOST);
    long result = wm_sys6(SYS_ppoll, (long)polled, count, (long)&left, 0, 0, 0);

    for (unsigned i = 0; result > 0 && i < count; i++)
        if (polled[i].revents != 0 && !(polled[i].revents & POLLIN))
            return false;
    return result >= 0 || result == -EINTR;
}

void wm_sleep_on_any(const struct wm_wait_source *sources, unsigned count, uint64_t until, unsigned rounds)
{
    struct wm_futex_word words[WM_SLEEP_MOST];
    struct pollfd polled[WM_SLEEP_MOST];
    unsigned word_count = words_of(sources, count, words), fd_count = descriptors_of(sources, count, polled);
    uint64_t piece = wm_clock_after(pause_of(rounds));

    for (unsigned i = 0; i < count; i++)
        if (sources[i].pause != 0)
            until = sooner(until, wm_clock_after(sources[i].pause));
    if (word_count > 0)
        wm_futex_wait_any(words, word_count, fd_count > 0 ? sooner(until, piece) : until, pause_of(rounds));
    else if (fd_count == 0)
        wm_clock_sleep(until);
    else if (!sleep_on_descriptors(polled, fd_count, until))
        wm_clock_sleep(sooner(until, piece));
}
