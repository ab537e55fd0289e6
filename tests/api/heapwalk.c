/* What is in a heap: HeapWalk, HeapSummary, HeapCompact. */
#include "api.h"

static HANDLE new_heap(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);

    MUST(heap != NULL);
    return heap;
}

static BYTE *block(HANDLE heap, SIZE_T size)
{
    BYTE *p = HeapAlloc(heap, 0, size);

    MUST(p != NULL);
    return p;
}

/* Up to `room` entries; the number of all. The end says 259 each time. */
static int walk(HANDLE heap, PROCESS_HEAP_ENTRY *entries, int room)
{
    PROCESS_HEAP_ENTRY entry;
    int count = 0;

    memset(&entry, 0, sizeof entry);
    while (HeapWalk(heap, &entry)) {
        if (count < room)
            entries[count] = entry;
        count++;
        MUST(count < 3000000);
    }
    EXPECT_EQ(GetLastError(), ERROR_NO_MORE_ITEMS);
    return count;
}

/* --- walking --- */

TEST(heapwalk, an_empty_heap_has_three_entries, "O226 O227")
{
    HANDLE heap = new_heap();
    PROCESS_HEAP_ENTRY e[4];

    EXPECT_EQ(walk(heap, e, 4), 3);
    EXPECT_EQ(e[0].wFlags, PROCESS_HEAP_REGION);
    EXPECT_EQ(AT(e[0].lpData), AT(heap));
    EXPECT_EQ(e[0].cbOverhead, 0);
    EXPECT_EQ(e[0].iRegionIndex, 0);
    EXPECT_EQ(e[0].Region.dwCommittedSize + e[0].Region.dwUnCommittedSize, 0x10000);
    EXPECT(AT(e[0].Region.lpFirstBlock) > AT(e[0].lpData));
    EXPECT_EQ(e[1].wFlags, 0);
    EXPECT_EQ(e[1].cbOverhead, 32);
    EXPECT_EQ(e[2].wFlags, PROCESS_HEAP_UNCOMMITTED_RANGE);
    EXPECT_EQ(AT(e[2].lpData), AT(heap) + e[0].Region.dwCommittedSize);
    EXPECT_EQ(e[2].cbData, e[0].Region.dwUnCommittedSize);
    EXPECT_EQ(AT(e[0].Region.lpLastBlock), AT(e[2].lpData) + e[2].cbData);
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heapwalk, a_block_is_an_entry, "O229")
{
    HANDLE heap = new_heap();
    PROCESS_HEAP_ENTRY e[5];
    BYTE *p = block(heap, 123);

    EXPECT_EQ(walk(heap, e, 5), 4);
    EXPECT_EQ(e[1].wFlags, PROCESS_HEAP_ENTRY_BUSY);
    EXPECT_EQ(AT(e[1].lpData), AT(p));
    EXPECT_EQ(e[1].cbData, 123);
    EXPECT(e[1].cbOverhead != 0);
    EXPECT_EQ(e[2].wFlags, 0);
    EXPECT_OK(HeapFree(heap, 0, p));
    EXPECT_EQ(walk(heap, e, 5), 3);
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heapwalk, blocks_come_by_address, "O229")
{
    enum { COUNT = 200 };
    HANDLE heap = new_heap();
    static PROCESS_HEAP_ENTRY e[COUNT + 8];
    BYTE *p[COUNT];
    int i, n, found = 0;

    for (i = 0; i < COUNT; i++)
        p[i] = block(heap, (SIZE_T)1000 + i);
    for (i = 0; i < COUNT; i += 2)
        EXPECT_OK(HeapFree(heap, 0, p[i]));
    n = walk(heap, e, COUNT + 8);
    EXPECT(n <= COUNT + 8);
    for (i = 0; i < n; i++)
        if (e[i].wFlags & PROCESS_HEAP_ENTRY_BUSY) {
            EXPECT_EQ(e[i].cbData, HeapSize(heap, 0, e[i].lpData));
            found++;
        }
    EXPECT_EQ(found, COUNT / 2);
    for (i = 1; i < n; i++)
        if ((e[i].wFlags & e[i - 1].wFlags & PROCESS_HEAP_ENTRY_BUSY) && e[i].cbData < 0x10000)
            EXPECT(AT(e[i].lpData) > AT(e[i - 1].lpData));
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heapwalk, a_locked_heap_can_be_walked, "D11.4c")
{
    HANDLE heap = new_heap();
    PROCESS_HEAP_ENTRY e[5];

    block(heap, 10);
    EXPECT_OK(HeapLock(heap));
    EXPECT_EQ(walk(heap, e, 5), 4);
    EXPECT_OK(HeapUnlock(heap));
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heapwalk, movable_memory_tells_its_handle, "D11.4d")
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, 777);
    PROCESS_HEAP_ENTRY entry;
    void *p = GlobalLock(handle);
    int found = 0;

    MUST(p != NULL);
    memset(&entry, 0, sizeof entry);
    while (HeapWalk(GetProcessHeap(), &entry))
        if (entry.lpData == p) {
            found++;
            EXPECT_EQ(entry.cbData, 777);
            EXPECT_EQ(entry.wFlags, PROCESS_HEAP_ENTRY_BUSY | PROCESS_HEAP_ENTRY_MOVEABLE);
            EXPECT_EQ(AT(entry.Block.hMem), AT(handle));
        }
    EXPECT_EQ(found, 1);
}

/* --- sums --- */

TEST(heapwalk, a_summary_is_exact, "O225")
{
    HANDLE heap = new_heap();
    HEAP_SUMMARY summary;
    BYTE *p = block(heap, 0x300);

    block(heap, 0x100);
    block(heap, 0x200);
    block(heap, 0x60000);
    EXPECT_OK(HeapFree(heap, 0, p));
    memset(&summary, 0xFF, sizeof summary);
    summary.cb = sizeof summary;
    EXPECT_OK(HeapSummary(heap, 0, &summary));
    EXPECT_EQ(summary.cb, sizeof summary);
    EXPECT_EQ(summary.cbAllocated, 0x60300);
    EXPECT(summary.cbCommitted >= summary.cbAllocated);
    EXPECT(summary.cbReserved >= summary.cbCommitted);
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heapwalk, a_summary_needs_its_size, "O225")
{
    HANDLE heap = new_heap();
    HEAP_SUMMARY summary;

    memset(&summary, 0, sizeof summary);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapSummary(heap, 0, &summary));
    summary.cb = sizeof summary - 1;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapSummary(heap, 0, &summary));
    EXPECT_EQ(summary.cbAllocated, 0);
}

TEST(heapwalk, something_committed_is_free, "D11.4e")
{
    HANDLE heap = new_heap();
    SIZE_T most = HeapCompact(heap, 0);

    EXPECT(most > 0 && most < 0x20000);
    EXPECT_OK(HeapDestroy(heap));
}

#ifdef __linux__

TEST(heapwalk, a_walk_needs_its_entry, "L94")
{
    HANDLE heap = new_heap();
    PROCESS_HEAP_ENTRY entry;
    BYTE *page = commit(PAGE, PAGE_READONLY);

    EXPECT_FAIL(ERROR_NOACCESS, HeapWalk(heap, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, HeapWalk(heap, (PROCESS_HEAP_ENTRY *)page));
    memset(&entry, 0, sizeof entry);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapWalk(NULL, &entry));
    entry.lpData = heap;
    entry.wFlags = 0x4000;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapWalk(heap, &entry));
}

TEST(heapwalk, a_summary_goes_to_memory_that_can_be_written, "O225")
{
    HANDLE heap = new_heap();

    EXPECT_FAIL(ERROR_NOACCESS, HeapSummary(heap, 0, NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapSummary(NULL, 0, NULL));
}

/* Two walks at once, and blocks that go meanwhile. */
TEST(heapwalk, walks_do_not_disturb_each_other, "D11.4d L95")
{
    HANDLE heap = new_heap();
    PROCESS_HEAP_ENTRY one, two;
    BYTE *p[10];
    int i, seen = 0;

    for (i = 0; i < 10; i++)
        p[i] = block(heap, 50);
    memset(&one, 0, sizeof one);
    MUST(HeapWalk(heap, &one) && HeapWalk(heap, &one));
    EXPECT_EQ(one.wFlags, PROCESS_HEAP_ENTRY_BUSY);
    memset(&two, 0, sizeof two);
    while (HeapWalk(heap, &two))
        ;
    for (i = 0; i < 10; i++)
        if (p[i] != one.lpData && i % 2 == 0)
            EXPECT_OK(HeapFree(heap, 0, p[i]));
    while (HeapWalk(heap, &one))
        seen += (one.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0 && HeapValidate(heap, 0, one.lpData);
    EXPECT(seen >= 4 && seen <= 9);
    EXPECT_EQ(GetLastError(), ERROR_NO_MORE_ITEMS);
    EXPECT_OK(HeapDestroy(heap));
}

/* A walk is not a search from the beginning for each entry. */
TEST(heapwalk, a_long_walk_ends, "L95")
{
    HANDLE heap = new_heap();
    int i;

    for (i = 0; i < 300000; i++)
        block(heap, 8);
    EXPECT_EQ(walk(heap, NULL, 0), 300003);
    EXPECT_OK(HeapDestroy(heap));
}

#endif
