/*
 * islands.c: committed pages among reserved ones, more of them than a process can have mappings (vm.max_map_count).
 */
#include "api.h"

/* On Linux each would be a mapping of its own, of 65,530; elsewhere it is the same with fewer. */
#ifdef WINMEM_VERSION_MAJOR
enum { ISLANDS = 40000 };
#else
enum { ISLANDS = 4000 };
#endif

enum { SPREAD = 16, PAGES = ISLANDS * SPREAD };

static DWORD order[ISLANDS];

static void need_markers(void)
{
#ifdef WINMEM_VERSION_MAJOR
    if (!WinmemFeature("guard_markers"))
        SKIP("there are no guard markers (Linux 6.13)");
#endif
}

static DWORD any_below(DWORD count)
{
    static unsigned long long state = 1;

    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (DWORD)((state >> 33) % count);
}

static void shuffle(void)
{
    for (DWORD i = 0; i < ISLANDS; i++) {
        DWORD other = any_below(i + 1);

        order[i] = order[other];
        order[other] = i;
    }
}

/* One in each SPREAD pages, and not always the same one. */
static BYTE *island(BYTE *p, DWORD number)
{
    return p + ((SIZE_T)number * SPREAD + number % SPREAD) * PAGE;
}

static void commit_all(BYTE *p)
{
    for (DWORD i = 0; i < ISLANDS; i++) {
        BYTE *page = island(p, order[i]);

        if (VirtualAlloc(page, PAGE, MEM_COMMIT, PAGE_READWRITE) != page || *(DWORD *)page != 0)
            check_fail(__FILE__, __LINE__, "island %lu: error %lu", (unsigned long)i,
                       (unsigned long)GetLastError());
        *(DWORD *)page = order[i] + 1;
    }
}

static void expect_contents(BYTE *p)
{
    for (DWORD i = 0; i < ISLANDS; i++)
        if (*(DWORD *)island(p, i) != i + 1)
            check_fail(__FILE__, __LINE__, "island %lu holds %lu", (unsigned long)i,
                       (unsigned long)*(DWORD *)island(p, i));
}

/* What lies around looks as it always does. */
static void expect_reserved_around(BYTE *p, DWORD number)
{
    BYTE *page = island(p, number);
    SIZE_T before = number % SPREAD;

    EXPECT_REGION(page, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .base = AT(p));
    if (before != 0)
        EXPECT_REGION(page - before * PAGE, .size = before * PAGE, .state = MEM_RESERVE, .base = AT(p));
    EXPECT(IsBadReadPtr(page + PAGE, 1) && (before == 0 || IsBadWritePtr(page - PAGE, 1)));
}

static BYTE *archipelago(void)
{
    BYTE *p;

    need_markers();
    p = reserve((SIZE_T)PAGES * PAGE);
    shuffle();
    commit_all(p);
    return p;
}

TEST(islands, pages_are_committed_in_any_order_however_many, "L600")
{
    BYTE *p = archipelago();

    expect_contents(p);
    for (DWORD i = 0; i < ISLANDS; i += ISLANDS / 100)
        expect_reserved_around(p, i);
    MUST(VirtualFree(p, 0, MEM_RELEASE));
}

TEST(islands, pages_are_decommitted_in_any_order_and_come_back_empty, "L600 S36")
{
    BYTE *p = archipelago();

    shuffle();
    for (DWORD i = 0; i < ISLANDS; i++)
        MUST(VirtualFree(island(p, order[i]), PAGE, MEM_DECOMMIT));
    EXPECT_REGION(p, .size = (SIZE_T)PAGES * PAGE, .state = MEM_RESERVE, .protect = 0, .base = AT(p));
    EXPECT(IsBadReadPtr(island(p, 7), 1));
    commit_all(p);
    expect_contents(p);
    MUST(VirtualFree(p, 0, MEM_RELEASE));
}

TEST(islands, reservations_with_one_page_each_however_many, "L600")
{
    static BYTE *at[ISLANDS];

    need_markers();
    shuffle();
    for (DWORD i = 0; i < ISLANDS; i++)
        MUST((at[i] = VirtualAlloc(NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS)) != NULL);
    for (DWORD i = 0; i < ISLANDS; i++) {
        BYTE *p = at[order[i]];

        if (VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READWRITE) != p)
            check_fail(__FILE__, __LINE__, "reservation %lu: error %lu", (unsigned long)i,
                       (unsigned long)GetLastError());
        *(DWORD *)p = order[i];
    }
    for (DWORD i = 0; i < ISLANDS; i++)
        EXPECT(*(DWORD *)at[i] == i && (i % 1000 != 0 || IsBadReadPtr(at[i] + PAGE, 1)));
    for (DWORD i = 0; i < ISLANDS; i++)
        MUST(VirtualFree(at[order[i]], 0, MEM_RELEASE));
}
