/*
 * waitonaddress.c: WaitOnAddress, WakeByAddressSingle and WakeByAddressAll.
 *
 * The program's own memory is the futex: the aligned 4 bytes in which the address lies, and that it lies there is a bit by
 * which one who wakes finds those who wait for the very same address. So a wake-up reaches whom it is for, and no table of
 * ours is between. The kernel compares 4 bytes, in which neighbours may lie: if those change, one looks again. What reaches
 * over two words (8 bytes, or an address that is not aligned) is slept for on all of them; without futex_waitv in slices.
 *
 * Most who wake wake nobody. So those who wait are counted, by a hash of the word. A count is written before the memory is
 * compared, and read after it was changed; in the child of a fork it may be too high, which costs a system call.
 */
#include <errno.h>
#include <limits.h>

#include "base/atomic.h"
#include "kern/clock.h"
#include "kern/futex.h"
#include "win32/win32.h"

enum { COUNTS = 256, WORDS_MAX = 3, WORD_BYTES = 4, SLICE = 2000000 }; /* nanoseconds */

static uint32_t waiters[COUNTS];

struct place {
    const uint32_t *words; /* the first of them */
    size_t count;
    unsigned offset; /* of the address in the first */
};

static struct place place_of(uintptr_t address, size_t bytes)
{
    unsigned offset = address % WORD_BYTES;

    return (struct place){(const uint32_t *)(address - offset),
                          (offset + bytes + WORD_BYTES - 1) / WORD_BYTES, offset};
}

static uint32_t *count_for(uintptr_t address)
{
    return &waiters[(address / WORD_BYTES * 0x9e3779b97f4a7c15u) >> 56];
}

/* The program writes there as it likes. */
__attribute__((no_sanitize("thread"))) static void look(const struct place *place, struct wm_futex_word *seen)
{
    for (size_t i = 0; i < place->count; i++)
        seen[i] = (struct wm_futex_word){place->words + i, *(const volatile uint32_t *)(place->words + i),
                                         WM_FUTEX_OURS};
}

static bool is_as_expected(const struct place *place, const struct wm_futex_word *seen, const void *expected,
                           size_t bytes)
{
    uint32_t words[WORDS_MAX];

    for (size_t i = 0; i < place->count; i++)
        words[i] = seen[i].expected;
    return memcmp((const char *)words + place->offset, expected, bytes) == 0;
}

static int sleep_on(const struct place *place, const struct wm_futex_word *seen, uint64_t until)
{
    if (place->count == 1)
        return wm_futex_wait(seen, 1u << place->offset, until);
    return wm_futex_wait_any(seen, place->count, until, SLICE);
}

static wm_status wait_on(uintptr_t address, const void *expected, size_t bytes, uint64_t until)
{
    struct place place = place_of(address, bytes);
    struct wm_futex_word seen[WORDS_MAX];
    int result = -EAGAIN;

    while (result == -EAGAIN || result == -EINTR) {
        look(&place, seen);
        if (!is_as_expected(&place, seen, expected, bytes))
            return WM_OK;
        result = sleep_on(&place, seen, until);
    }
    return result == -ETIMEDOUT ? WM_LOCK_TIME_IS_OVER : WM_OK;
}

static void wake(uintptr_t address, int most)
{
    struct place place = place_of(address, 1);

    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (WM_LOAD(*count_for(address)) != 0)
        wm_futex_wake(place.words, WM_FUTEX_OURS, 1u << place.offset, most);
}

/* --- as the functions have it --- */

BOOL WINAPI WaitOnAddress(volatile VOID *Address, PVOID CompareAddress, SIZE_T AddressSize,
                          DWORD dwMilliseconds)
{
    uintptr_t address = (uintptr_t)Address;
    uint32_t *count = count_for(address);
    unsigned char expected[8];
    wm_status st = WM_LOCK_ADDRESS_SIZE;

    if (AddressSize == 1 || AddressSize == 2 || AddressSize == 4 || AddressSize == 8) {
        memcpy(expected, CompareAddress, AddressSize);
        __atomic_fetch_add(count, 1, __ATOMIC_SEQ_CST);
        st = wait_on(address, expected, AddressSize,
                     dwMilliseconds == INFINITE ? UINT64_MAX
                                                : wm_clock_after(dwMilliseconds * (uint64_t)1000000));
        __atomic_fetch_sub(count, 1, __ATOMIC_RELAXED);
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(address), WM_HEX(CompareAddress), WM_HEX(AddressSize),
             WM_HEX(dwMilliseconds));
    return wm_edge_bool(st);
}

VOID WINAPI WakeByAddressSingle(PVOID Address)
{
    wake((uintptr_t)Address, 1);
}

VOID WINAPI WakeByAddressAll(PVOID Address)
{
    wake((uintptr_t)Address, INT_MAX);
}
