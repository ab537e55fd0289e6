/* Pointers and handles that are none: each is refused with the right error, and nothing that lives takes notice. */
#include "heap.h"
#include "kern/map/mapping.h"

enum { ROUNDS = SANITIZED ? 40000 : 200000, LIVE = 120, FREED = 200, HEAPS = 3, HANDLE_BITS = 64 };

enum kind { HEAP_BLOCK, FIXED, MOVABLE, KINDS };

struct live {
    enum kind kind;
    HANDLE heap;
    struct held held;
};

static HANDLE heaps[HEAPS]; /* the process's, a private one, an executable one */
static struct live live[LIVE];
static uintptr_t freed[FREED]; /* addresses and handles */
static uint8_t *guarded, *reserved;
static struct dice dice = {1};
static unsigned refusals, valid;

/* --- what is there --- */

/* Where the block is, and what it is called. */
static uintptr_t name_of(const struct live *one)
{
    return one->kind == MOVABLE ? (uintptr_t)one->held.handle : (uintptr_t)one->held.at;
}

static void remember(uintptr_t gone)
{
    freed[below(&dice, FREED)] = gone;
}

static void end(struct live *one)
{
    if (one->held.bytes == 0)
        return;
    assert_true(is_held(&one->held));
    remember((uintptr_t)one->held.at);
    remember(name_of(one));
    if (one->kind == HEAP_BLOCK)
        assert_true(HeapFree(one->heap, 0, one->held.at));
    else
        assert_null(GlobalFree(one->kind == FIXED ? (HGLOBAL)one->held.at : one->held.handle));
    one->held.bytes = 0;
}

static void begin(struct live *one)
{
    one->kind = below(&dice, KINDS);
    one->heap = one->kind == HEAP_BLOCK ? heaps[below(&dice, HEAPS)] : heaps[0];
    one->held.bytes = 1 + roll_size(&dice);
    one->held.handle = NULL;
    if (one->kind == HEAP_BLOCK)
        one->held.at = HeapAlloc(one->heap, 0, one->held.bytes);
    else {
        one->held.handle = GlobalAlloc(one->kind == MOVABLE ? GMEM_MOVEABLE : GMEM_FIXED, one->held.bytes);
        one->held.at = GlobalLock(one->held.handle); /* and it stays so */
    }
    assert_non_null(one->held.at);
    write_held(&one->held, roll(&dice));
}

static const struct live *named(uintptr_t name)
{
    for (int i = 0; i < LIVE; i++)
        if (live[i].held.bytes != 0 && name_of(&live[i]) == name)
            return &live[i];
    return NULL;
}

static const struct live *at_address(uintptr_t at)
{
    for (int i = 0; i < LIVE; i++)
        if (live[i].held.bytes != 0 && (uintptr_t)live[i].held.at == at)
            return &live[i];
    return NULL;
}

static bool is_heap(uintptr_t handle)
{
    for (int i = 0; i < HEAPS; i++)
        if ((uintptr_t)heaps[i] == handle)
            return true;
    return false;
}

static int set_up(void **state)
{
    (void)state;
    heaps[0] = GetProcessHeap();
    heaps[1] = HeapCreate(0, 0, 0);
    heaps[2] = HeapCreate(HEAP_CREATE_ENABLE_EXECUTE, 0, 0);
    for (int i = 0; i < LIVE; i++)
        begin(&live[i]);
    for (int i = 0; i < FREED; i++)
        freed[i] = 16;
    guarded = VirtualAlloc(NULL, 64 * KiB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD);
    reserved = VirtualAlloc(NULL, 64 * KiB, MEM_RESERVE, PAGE_NOACCESS);
    return heaps[2] == NULL || guarded == NULL || reserved == NULL;
}

static void expect_all_as_before(void)
{
    MEMORY_BASIC_INFORMATION info;

    for (int i = 0; i < LIVE; i++)
        assert_true(is_held(&live[i].held));
    for (int i = 0; i < HEAPS; i++)
        assert_true(HeapValidate(heaps[i], 0, NULL));
    assert_int_equal(VirtualQuery(guarded, &info, sizeof info), sizeof info);
    assert_int_equal(info.Protect, PAGE_READWRITE | PAGE_GUARD);
    assert_int_equal(GetProcessHeaps(0, NULL), HEAPS);
}

/* --- what is not --- */

static uintptr_t flipped(uintptr_t bits)
{
    for (unsigned flips = 1 + below(&dice, 2); flips > 0; flips--)
        bits ^= (uintptr_t)1 << below(&dice, HANDLE_BITS);
    return bits;
}

static uintptr_t inside(const struct live *one)
{
    static const unsigned steps[] = {1, 8, 16, 16};

    return (uintptr_t)one->held.at + steps[below(&dice, 4)] * (1 + (uintptr_t)below(&dice, 40));
}

static uintptr_t beside(const struct live *one)
{
    return (uintptr_t)one->held.at - 16 * (1 + (uintptr_t)below(&dice, 4));
}

static uintptr_t special(const void *stack)
{
    const uintptr_t places[] = {(uintptr_t)stack & ~(uintptr_t)15,
                                (uintptr_t)stack,
                                (uintptr_t)special & ~(uintptr_t)15,
                                (uintptr_t)HeapFree,
                                (uintptr_t)printf,
                                (uintptr_t)live,
                                (uintptr_t)guarded + 16 * below(&dice, 5000),
                                (uintptr_t)reserved + 16 * below(&dice, 5000),
                                (uintptr_t)heaps[below(&dice, HEAPS)] + 16 * below(&dice, 5000),
                                below(&dice, 70000),
                                UINTPTR_MAX - below(&dice, 70000),
                                0x800000000000 - 16 * (uintptr_t)below(&dice, 3)};

    return places[below(&dice, sizeof places / sizeof places[0])];
}

static uintptr_t wild_pointer(void)
{
    const struct live *one = &live[below(&dice, LIVE)];
    char on_stack[64];

    switch (below(&dice, 12)) {
    case 0: return roll(&dice);
    case 1: return roll(&dice) & ~(uintptr_t)15;
    case 2: return roll(&dice) >> 17 & ~(uintptr_t)15;
    case 3:
    case 4: return freed[below(&dice, FREED)];
    case 5: return inside(one);
    case 6: return beside(one);
    case 7: return (uintptr_t)one->held.at;
    case 8: return name_of(one);
    case 9: return flipped(name_of(one));
    case 10: return flipped((uintptr_t)heaps[below(&dice, HEAPS)]);
    default: return special(on_stack);
    }
}

/* --- what is done with them --- */

#define REFUSED(expected_error, condition)                                                                   \
    do {                                                                                                     \
        SetLastError(0);                                                                                     \
        if (!(condition) || GetLastError() != (expected_error))                                              \
            fail_msg("%s: last error %u, pointer %#lx", #condition, (unsigned)GetLastError(), wild);         \
        refusals++;                                                                                          \
    } while (0)

static void heap_calls(uintptr_t wild)
{
    HANDLE heap = heaps[below(&dice, HEAPS)];
    const struct live *there = at_address(wild);
    size_t bytes = roll_size(&dice);
    void *p = (void *)wild;

    if (there != NULL && there->heap == heap) {
        valid++;
        assert_true(HeapValidate(heap, 0, p) && HeapSize(heap, 0, p) == there->held.bytes);
        if (there->kind != MOVABLE)
            return;
    } else {
        REFUSED(0, HeapSize(heap, 0, p) == (SIZE_T)-1);
        REFUSED(0, !HeapValidate(heap, 0, p));
    }
    REFUSED(ERROR_INVALID_PARAMETER, !HeapFree(heap, 0, p));
    REFUSED(ERROR_INVALID_PARAMETER, HeapReAlloc(heap, below(&dice, 4), p, bytes) == NULL);
}

static void global_address(uintptr_t wild)
{
    const struct live *there = at_address(wild);

    if (there == NULL || there->heap != heaps[0])
        REFUSED(ERROR_INVALID_HANDLE, GlobalHandle((void *)wild) == NULL);
    else
        assert_int_equal((uintptr_t)GlobalHandle((void *)wild), name_of(there));
}

/*
 * What frees or resizes memory reads it, and its header, first: if it looks like the address of any. (IsBadReadPtr would
 * lift a guard.)
 */
static DWORD met(uintptr_t wild)
{
    return (wild & 8) == 0 && !wm_kern_readable((const void *)(wild - 16), 32) ? ERROR_NOACCESS
                                                                               : ERROR_INVALID_HANDLE;
}

/* What looks like an address is unlocked unseen. */
static void unlocks(uintptr_t wild)
{
    SetLastError(0);
    assert_true(GlobalUnlock((HGLOBAL)wild));
    assert_int_equal(GetLastError(), (wild & 8) == 0 ? 0 : ERROR_INVALID_HANDLE);
}

/* The address of movable memory is good for questions. */
static void global_calls(uintptr_t wild)
{
    const struct live *there = named(wild), *address = at_address(wild);
    HGLOBAL h = (HGLOBAL)wild;

    if (there != NULL && there->heap == heaps[0]) {
        valid++;
        assert_int_equal(GlobalSize(h), there->held.bytes);
        return;
    }
    REFUSED(met(wild), GlobalFree(h) == h);
    REFUSED(met(wild), GlobalReAlloc(h, roll_size(&dice), below(&dice, 2) ? GMEM_MOVEABLE : 0) == NULL);
    REFUSED(met(wild), GlobalReAlloc(h, 0, GMEM_MODIFY | GMEM_MOVEABLE) == NULL);
    unlocks(wild);
    if (address != NULL && address->heap == heaps[0])
        return;
    REFUSED(ERROR_INVALID_HANDLE, GlobalLock(h) == NULL);
    REFUSED(ERROR_INVALID_HANDLE, GlobalSize(h) == 0);
    REFUSED(ERROR_INVALID_HANDLE, GlobalFlags(h) == GMEM_INVALID_HANDLE);
}

static void calls_of_no_heap(uintptr_t wild)
{
    PROCESS_HEAP_ENTRY entry = {0};
    HEAP_SUMMARY sums = {.cb = sizeof sums};
    HANDLE heap = (HANDLE)wild;
    void *block = live[below(&dice, LIVE)].held.at;

    if (wild == (uintptr_t)heaps[0])
        REFUSED(ERROR_INVALID_HANDLE, !HeapDestroy(heap));
    if (is_heap(wild))
        return;
    REFUSED(ERROR_INVALID_HANDLE, !HeapDestroy(heap));
    REFUSED(ERROR_INVALID_HANDLE, HeapAlloc(heap, 0, 10) == NULL);
    REFUSED(ERROR_INVALID_HANDLE, !HeapFree(heap, 0, block));
    REFUSED(ERROR_INVALID_HANDLE, HeapReAlloc(heap, 0, block, 10) == NULL);
    REFUSED(0, HeapSize(heap, 0, block) == (SIZE_T)-1);
    REFUSED(0, !HeapValidate(heap, 0, block));
    REFUSED(ERROR_INVALID_HANDLE, !HeapLock(heap));
    REFUSED(ERROR_INVALID_HANDLE, !HeapUnlock(heap));
    REFUSED(ERROR_INVALID_HANDLE, !HeapWalk(heap, &entry));
    REFUSED(ERROR_INVALID_HANDLE, !HeapSummary(heap, 0, &sums));
}

static void wild_pointers_are_refused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uintptr_t wild = wild_pointer();

        if (wild == 0)
            continue;
        switch (below(&dice, 8)) {
        case 0: calls_of_no_heap(wild); break;
        case 1: global_address(wild); break;
        case 2:
        case 3:
        case 4: global_calls(wild); break;
        default: heap_calls(wild);
        }
        if (i % 4 == 0) {
            struct live *one = &live[below(&dice, LIVE)];

            end(one);
            begin(one);
        }
        if (i % 2000 == 0)
            expect_all_as_before();
    }
    expect_all_as_before();
    print_message("%u refused, %u were good after all\n", refusals, valid);
}

/* What was freed stays refused, for as long as its memory is nobody's and when it is gone. */
static void freed_blocks_are_refused(void **state)
{
    const size_t sizes[] = {0, 24, 1000, 40000, 300000, 3 * MiB, 64 * MiB};

    (void)state;
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0] * HEAPS; i++) {
        HANDLE heap = heaps[i % HEAPS];
        uintptr_t wild = (uintptr_t)HeapAlloc(heap, 0, sizes[i / HEAPS]);

        assert_true(HeapFree(heap, 0, (void *)wild));
        for (int h = 0; h < HEAPS; h++) {
            REFUSED(ERROR_INVALID_PARAMETER, !HeapFree(heaps[h], 0, (void *)wild));
            REFUSED(ERROR_INVALID_PARAMETER, HeapReAlloc(heaps[h], 0, (void *)wild, 10) == NULL);
            REFUSED(0, HeapSize(heaps[h], 0, (void *)wild) == (SIZE_T)-1);
        }
        REFUSED(met(wild), GlobalFree((HGLOBAL)wild) == (HGLOBAL)wild);
    }
}

/* A header that was copied along with contents is of no use elsewhere, nor is an old one. */
static void copied_headers_are_refused(void **state)
{
    uint64_t room[64 / 8] __attribute__((aligned(16)));

    (void)state;
    for (int i = 0; i < LIVE; i++)
        for (int off = 16; off <= 48; off += 16) {
            uintptr_t wild = (uintptr_t)room + (uintptr_t)off;

            memcpy((uint8_t *)room + off - 16, live[i].held.at - 16, 16);
            REFUSED(ERROR_INVALID_PARAMETER, !HeapFree(live[i].heap, 0, (void *)wild));
            REFUSED(ERROR_INVALID_HANDLE, GlobalFree((HGLOBAL)wild) == (HGLOBAL)wild);
        }
    expect_all_as_before();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(wild_pointers_are_refused, set_up),
        cmocka_unit_test_setup(freed_blocks_are_refused, set_up),
        cmocka_unit_test_setup(copied_headers_are_refused, set_up),
    };

    return RUN_HEAP(tests);
}
