/*
 * criticalsection.c: CRITICAL_SECTION, a lock that its owner may take again.
 *
 * What Windows documents of the structure holds: OwningThread is the owner's id, RecursionCount how often it has entered. Of
 * LockCount the lowest bit says whether the section is free, the next one whether nobody was woken for it, the others,
 * inverted, how many wait. Inverted as a whole, it is the word of the lock:
 *
 *   HELD
 *   WOKEN     somebody was woken. Until it has the section, or is about to sleep again, nobody else needs to be
 *   STARVING  while the section is free: only those who have slept for it take it (lockwait.h)
 *   and the number of those who wait, as multiples of ONE_WAITER
 *
 *   nobody sleeps unless it is counted in the word that it goes to sleep on (the futex compares), and WOKEN is not in it
 *   who lets go wakes one if somebody is counted and WOKEN is not there, and puts it there in the same step
 *
 * so no sleeper is forgotten: WOKEN means that somebody is awake who will have the section, and then let go of it, or who
 * will take WOKEN back. In the child of a fork some may be counted who are not there; nobody waits for them.
 *
 * OwningThread and RecursionCount are the owner's. A section whose bytes nobody initialised but a static initialiser
 * (DebugInfo 0 or -1, LockCount -1) is free.
 */
#include "base/atomic.h"
#include "win32/locks/lockowner.h"
#include "win32/locks/lockwait.h"
#include "win32/locks/lockword.h"
#include "win32/win32.h"

_Static_assert(sizeof(CRITICAL_SECTION) == 40, "as on Windows");

enum { FREE = 0, HELD = 1, WOKEN = 2, ONE_WAITER = 4 };
#define STARVING 0x80000000u

/* What of SpinCount is a count; above it are flags. */
enum { SPIN_COUNT = 0x00ffffff };

/* --- the word --- */

static uint32_t *place_of(CRITICAL_SECTION *section)
{
    return (uint32_t *)&section->LockCount;
}

static uint32_t load(CRITICAL_SECTION *section)
{
    return ~__atomic_load_n(place_of(section), __ATOMIC_RELAXED);
}

/* Whether it was so; if not, seen is what it is. */
static bool change(CRITICAL_SECTION *section, uint32_t *seen, uint32_t wanted)
{
    uint32_t expected = ~*seen;
    bool done = wm_lock_change(place_of(section), &expected, ~wanted);

    *seen = ~expected;
    return done;
}

static bool has_waiters(uint32_t word)
{
    return (word & ~STARVING) >= ONE_WAITER;
}

/* --- the owner --- */

static uint64_t *owner_of(CRITICAL_SECTION *section)
{
    return (uint64_t *)&section->OwningThread;
}

static void set_owner(CRITICAL_SECTION *section, uint32_t id)
{
    __atomic_store_n(owner_of(section), id, __ATOMIC_RELAXED);
}

static void begin(CRITICAL_SECTION *section, uint32_t id)
{
    section->RecursionCount = 1;
    set_owner(section, id);
}

/* Is it the calling thread's own? Then it is entered once more. */
static bool enter_again(CRITICAL_SECTION *section, uint32_t id)
{
    uint64_t owner = __atomic_load_n(owner_of(section), __ATOMIC_RELAXED);

    if (owner != id && (owner == 0 || !wm_owner_was_self(owner)))
        return false;
    set_owner(section, id);
    section->RecursionCount++;
    return true;
}

/* --- entering --- */

/* At once, while it is free for everybody; WOKEN and who waits stay. */
static bool spin(CRITICAL_SECTION *section, unsigned spins)
{
    unsigned pause = 1;

    for (unsigned spent = 0; spent < spins; spent += pause) {
        uint32_t word = load(section);

        if (!(word & (HELD | STARVING)) && change(section, &word, word | HELD))
            return true;
        pause = wm_lock_back_off(pause);
    }
    return false;
}

/* One who waits takes it, if it may. */
static bool take(CRITICAL_SECTION *section, const struct wm_lock_patience *patience, uint32_t *word)
{
    while (!(*word & HELD) && (!(*word & STARVING) || wm_lock_has_slept(patience)))
        if (change(section, word, ((*word | HELD) - ONE_WAITER) & ~(WOKEN | STARVING)))
            return true;
    return false;
}

/* And says that it is about to sleep. */
static bool announce(CRITICAL_SECTION *section, const struct wm_lock_patience *patience, uint32_t *word)
{
    uint32_t wanted = (*word & ~(uint32_t)WOKEN) | (patience->has_run_out ? STARVING : 0);

    if (wanted != *word && !change(section, word, wanted))
        return false;
    *word = wanted;
    return true;
}

/* Who was woken looks for a while as well: others may come and go. */
static bool take_soon(CRITICAL_SECTION *section, const struct wm_lock_patience *patience, unsigned spins,
                      uint32_t *word)
{
    unsigned pause = 1;

    for (unsigned spent = 0; patience->was_woken && spent < spins; spent += pause) {
        if (take(section, patience, word))
            return true;
        pause = wm_lock_back_off(pause);
        *word = load(section);
    }
    return take(section, patience, word);
}

static void wait_until_free(CRITICAL_SECTION *section, unsigned spins)
{
    struct wm_lock_patience patience = {0};
    uint32_t word = ~__atomic_sub_fetch(place_of(section), ONE_WAITER, __ATOMIC_RELAXED);

    while (!take_soon(section, &patience, spins, &word)) {
        if (announce(section, &patience, &word))
            wm_lock_sleep(&patience, place_of(section), ~word, WM_LOCK_WRITERS,
                          word & HELD ? WM_LOCK_SLEEP : WM_LOCK_GLANCE);
        word = load(section);
    }
}

static __attribute__((noinline)) void enter_held(CRITICAL_SECTION *section, uint32_t id)
{
    unsigned spins;

    if (enter_again(section, id))
        return;
    spins = wm_lock_spins((unsigned)(section->SpinCount & SPIN_COUNT));
    if (!spin(section, spins))
        wait_until_free(section, spins);
    begin(section, id);
}

/* --- leaving --- */

static __attribute__((noinline)) void leave_waited_for(CRITICAL_SECTION *section)
{
    uint32_t word = load(section), wanted;
    bool wake;

    do {
        wake = has_waiters(word) && !(word & WOKEN);
        wanted = (word & ~(uint32_t)HELD) | (wake ? WOKEN : 0);
    } while (!change(section, &word, wanted));
    if (wake)
        wm_lock_wake(place_of(section), WM_LOCK_WRITERS, 1);
}

/* --- as the functions have it --- */

VOID WINAPI EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
    uint32_t id = wm_owner_self(), word = FREE;

    if (__builtin_expect(change(lpCriticalSection, &word, HELD), 1))
        begin(lpCriticalSection, id);
    else
        enter_held(lpCriticalSection, id);
}

BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
    uint32_t id = wm_owner_self(), word = FREE;

    while (!(word & HELD))
        if (change(lpCriticalSection, &word, word | HELD)) {
            begin(lpCriticalSection, id);
            return TRUE;
        }
    return enter_again(lpCriticalSection, id);
}

VOID WINAPI LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
    uint32_t word = HELD;

    if (--lpCriticalSection->RecursionCount > 0)
        return;
    set_owner(lpCriticalSection, 0);
    if (__builtin_expect(!change(lpCriticalSection, &word, FREE), 0))
        leave_waited_for(lpCriticalSection);
}

static void initialise(CRITICAL_SECTION *section, DWORD spins)
{
    *section = (CRITICAL_SECTION){.LockCount = -1, .SpinCount = spins & SPIN_COUNT};
    memset(&section->DebugInfo, 0xff, sizeof section->DebugInfo); /* none, as Windows says it */
}

VOID WINAPI InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
    initialise(lpCriticalSection, 0);
    WM_TRACE(WM_OK, WM_RETURNS_NOTHING, WM_HEX(lpCriticalSection));
}

BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount)
{
    initialise(lpCriticalSection, dwSpinCount);
    WM_TRACE(WM_OK, WM_RETURNS_TRUE, WM_HEX(lpCriticalSection), WM_DECIMAL(dwSpinCount));
    return TRUE;
}

BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount, DWORD Flags)
{
    wm_status st = Flags & ~(DWORD)RTL_CRITICAL_SECTION_ALL_FLAG_BITS ? WM_LOCK_UNKNOWN_FLAGS : WM_OK;

    if (wm_ok(st) && dwSpinCount > SPIN_COUNT)
        st = WM_LOCK_SPIN_COUNT;
    if (wm_ok(st))
        initialise(lpCriticalSection, dwSpinCount);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpCriticalSection), WM_DECIMAL(dwSpinCount), WM_HEX(Flags));
    return wm_edge_bool(st);
}

DWORD WINAPI SetCriticalSectionSpinCount(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount)
{
    DWORD before = (DWORD)(lpCriticalSection->SpinCount & SPIN_COUNT);

    lpCriticalSection->SpinCount = dwSpinCount & SPIN_COUNT;
    WM_TRACE(WM_OK, WM_RETURNS(WM_DECIMAL(before)), WM_HEX(lpCriticalSection), WM_DECIMAL(dwSpinCount));
    return before;
}

VOID WINAPI DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
    initialise(lpCriticalSection, 0);
    WM_TRACE(WM_OK, WM_RETURNS_NOTHING, WM_HEX(lpCriticalSection));
}
