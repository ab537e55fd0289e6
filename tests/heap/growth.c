/* Heaps that come and go leave nothing behind: no memory, no mappings, no descriptors. */
#include "heap.h"

#include <dirent.h>

enum { HEAPS = SANITIZED ? 4000 : 100000, ALIVE = 64, RSS_NOISE = 2 * MiB, MAPS_NOISE = 12 };

struct footprint {
    size_t resident;
    unsigned mappings, descriptors;
};

static unsigned lines_of(const char *path)
{
    FILE *file = fopen(path, "r");
    unsigned lines = 0;

    assert_non_null(file);
    for (int c; (c = fgetc(file)) != EOF;)
        lines += c == '\n';
    fclose(file);
    return lines;
}

static size_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    size_t pages = 0;

    assert_true(file != NULL && fscanf(file, "%*u %zu", &pages) == 1);
    fclose(file);
    return pages * 4096;
}

static unsigned descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static struct footprint footprint(void)
{
    return (struct footprint){resident_bytes(), lines_of("/proc/self/maps"), descriptors()};
}

static void expect_no_more_than(const struct footprint *before)
{
    struct footprint now = footprint();

    print_message("resident %zu to %zu KiB, %u to %u mappings\n", before->resident / KiB, now.resident / KiB,
                  before->mappings, now.mappings);
    assert_int_equal(now.descriptors, before->descriptors);
    if (SANITIZED) /* keep what was freed, and shadows of it */
        return;
    assert_in_range(now.resident, 0, before->resident + RSS_NOISE);
    assert_in_range(now.mappings, 0, before->mappings + MAPS_NOISE);
}

/* --- heaps --- */

/* One in ten with executable blocks, one in five with a maximum, half of them with blocks. */
static HANDLE make_heap(struct dice *dice, size_t number)
{
    DWORD options = number % 10 == 0 ? HEAP_CREATE_ENABLE_EXECUTE : 0;
    HANDLE heap = HeapCreate(options, 0, number % 5 == 1 ? 256 * KiB : 0);

    assert_non_null(heap);
    for (unsigned blocks = number % 2 == 0 ? below(dice, 100) : 0; blocks > 0; blocks--) {
        size_t bytes = blocks == 50 && number % 64 == 0 ? 2 * MiB : below(dice, 300);
        uint8_t *at = HeapAlloc(heap, 0, bytes);

        assert_true(at != NULL || number % 5 == 1);
        if (at != NULL && below(dice, 2) == 0)
            assert_true(HeapFree(heap, 0, at));
    }
    return heap;
}

static void come_and_go(struct dice *dice, size_t count)
{
    HANDLE heaps[ALIVE] = {0};

    for (size_t i = 0; i < count; i++) {
        unsigned which = below(dice, ALIVE);

        assert_true(heaps[which] == NULL || HeapDestroy(heaps[which]));
        heaps[which] = make_heap(dice, i);
    }
    for (unsigned i = 0; i < ALIVE; i++)
        assert_true(heaps[i] == NULL || HeapDestroy(heaps[i]));
    assert_int_equal(GetProcessHeaps(0, NULL), 1);
}

static void heaps_leave_nothing_behind(void **state)
{
    struct dice dice = {1};
    struct footprint before;

    (void)state;
    come_and_go(&dice, HEAPS / 20);
    before = footprint();
    come_and_go(&dice, HEAPS);
    expect_no_more_than(&before);
}

/* --- blocks --- */

static void use_blocks(HANDLE heap, struct dice *dice)
{
    enum { ROOM = 500, ROUNDS = SANITIZED ? 20000 : 300000 };
    uint8_t *blocks[ROOM] = {0};

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t **block = &blocks[below(dice, ROOM)];

        if (*block == NULL)
            assert_non_null(*block = HeapAlloc(heap, 0, roll_size(dice)));
        else if (below(dice, 2) == 0)
            assert_non_null(*block = HeapReAlloc(heap, 0, *block, roll_size(dice)));
        else {
            assert_true(HeapFree(heap, 0, *block));
            *block = NULL;
        }
    }
    for (unsigned i = 0; i < ROOM; i++)
        assert_true(HeapFree(heap, 0, blocks[i]));
}

static void blocks_leave_nothing_behind(void **state)
{
    HANDLE heaps[] = {GetProcessHeap(), HeapCreate(0, 0, 0)};
    struct dice dice = {2};
    struct footprint before;

    (void)state;
    for (unsigned round = 0; round < 5; round++)
        for (unsigned i = 0; i < 2; i++) {
            if (round == 2 && i == 0) {
                HeapCompact(heaps[0], 0);
                before = footprint();
            }
            use_blocks(heaps[i], &dice);
        }
    HeapCompact(heaps[0], 0);
    expect_no_more_than(&before);
    assert_true(HeapDestroy(heaps[1]));
}

/* What a heap has of executable memory is used again while it is there, and all of it goes with the heap. */
static void executable_blocks_leave_nothing_behind(void **state)
{
    struct dice dice = {3};
    struct footprint before = {0};

    (void)state;
    for (unsigned round = 0; round < 6; round++) {
        HANDLE heap = HeapCreate(HEAP_CREATE_ENABLE_EXECUTE, 0, 0);

        use_blocks(heap, &dice);
        assert_true(HeapDestroy(heap));
        if (round == 1)
            before = footprint();
    }
    expect_no_more_than(&before);
}

static void handles_leave_nothing_behind(void **state)
{
    enum { ROOM = 1000, ROUNDS = SANITIZED ? 50000 : 1000000 };
    HGLOBAL handles[ROOM] = {0};
    struct dice dice = {4};
    struct footprint before = {0};

    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        HGLOBAL *handle = &handles[below(&dice, ROOM)];

        if (i == ROUNDS / 4)
            before = footprint();
        assert_null(GlobalFree(*handle));
        assert_non_null(*handle =
                            GlobalAlloc(below(&dice, 2) ? GMEM_MOVEABLE : GMEM_FIXED, 1 + below(&dice, 500)));
        if (below(&dice, 4) == 0)
            GlobalDiscard(*handle);
        else
            assert_non_null(*handle = GlobalReAlloc(*handle, 1 + below(&dice, 500), GMEM_MOVEABLE));
    }
    for (unsigned i = 0; i < ROOM; i++)
        assert_null(GlobalFree(handles[i]));
    expect_no_more_than(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heaps_leave_nothing_behind),
        cmocka_unit_test(blocks_leave_nothing_behind),
        cmocka_unit_test(executable_blocks_leave_nothing_behind),
        cmocka_unit_test(handles_leave_nothing_behind),
    };

    return RUN_HEAP(tests);
}
