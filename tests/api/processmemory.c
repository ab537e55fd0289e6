/* processmemory.c: ReadProcessMemory of the calling process. */
#include "api.h"

#ifndef _WIN32
#include "../support/seccomp.h"
#endif

#define SELF GetCurrentProcess()

TEST(processmemory, copies_what_can_be_read, "D9.1a O206")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    BYTE buffer[64] = {0};
    SIZE_T count = 7;

    memset(p + PAGE - 20, 5, 40);
    EXPECT_OK(ReadProcessMemory(SELF, p + PAGE - 20, buffer, 40, &count));
    EXPECT_EQ(count, 40);
    EXPECT(memcmp(buffer, p + PAGE - 20, 40) == 0);
    EXPECT_OK(ReadProcessMemory(SELF, p, buffer, 8, NULL));
    count = 7;
    EXPECT_OK(ReadProcessMemory(SELF, p, buffer, 0, &count));
    EXPECT_EQ(count, 0);
}

TEST(processmemory, what_cannot_all_be_read_is_not_read, "O209 O210")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), buffer[16];
    BYTE *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(SELF, p, q, 2 * PAGE, &count));
    EXPECT_EQ(count, 0);
    EXPECT_OK(ReadProcessMemory(SELF, p, q, PAGE, &count));
    count = 7;
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(SELF, p + PAGE, q, PAGE, &count));
    EXPECT_EQ(count, 0);
    count = 7;
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(SELF, (PVOID)0x1234, buffer, sizeof buffer, &count));
    EXPECT_EQ(count, 0);
}

TEST(processmemory, a_buffer_that_ends_gets_what_fits, "O208")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    memset(p, 3, GRAIN);
    protect(q + 2 * PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(SELF, p, q, 4 * PAGE, &count));
    EXPECT_EQ(count, 2 * PAGE);
    EXPECT(q[0] == 3 && q[2 * PAGE - 1] == 3);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(SELF, p, q + 2 * PAGE, PAGE, &count));
    EXPECT_EQ(count, 0);
}

TEST(processmemory, a_guard_page_is_met_once, "D6.6a")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), buffer[16];
    SIZE_T count = 7;

    p[0] = 42;
    protect(p, PAGE, PAGE_READWRITE | PAGE_GUARD);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(SELF, p, buffer, sizeof buffer, &count));
    EXPECT_EQ(count, 0);
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READWRITE);
    EXPECT_OK(ReadProcessMemory(SELF, p, buffer, sizeof buffer, &count));
    EXPECT_EQ(buffer[0], 42);
}

TEST(processmemory, reading_marks_nothing_as_written, "D6.6a O118")
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    BYTE buffer[16];
    PVOID pages[16];
    ULONG_PTR count = 16;
    DWORD granularity;

    MUST(p != NULL);
    protect(p, PAGE, PAGE_READWRITE | PAGE_GUARD);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(SELF, p, buffer, sizeof buffer, NULL));
    MUST(GetWriteWatch(0, p, GRAIN, pages, &count, &granularity) == 0);
    EXPECT_EQ(count, 0);
}

TEST(processmemory, a_handle_needs_the_right, "O204")
{
    HANDLE weak = self_with(PROCESS_VM_OPERATION), reader = self_with(PROCESS_VM_READ);
    BYTE *p = commit(GRAIN, PAGE_READWRITE), buffer[16];
    SIZE_T count = 7;

    EXPECT_FAIL(ERROR_ACCESS_DENIED, ReadProcessMemory(weak, p, buffer, sizeof buffer, &count));
    EXPECT_EQ(count, 0);
    EXPECT_OK(ReadProcessMemory(reader, p, buffer, sizeof buffer, &count));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ReadProcessMemory(NULL, p, buffer, sizeof buffer, &count));
}

#ifndef _WIN32

TEST(processmemory, a_container_that_forbids_process_vm_readv, "L80")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    if (!forbid(SYS_process_vm_readv))
        SKIP("no seccomp");
    memset(p, 3, GRAIN);
    EXPECT_OK(ReadProcessMemory(SELF, p + 5, q, 3 * PAGE, &count));
    EXPECT_EQ(count, 3 * PAGE);
    EXPECT(q[3 * PAGE - 1] == 3 && q[3 * PAGE] == 0);
    protect(p + PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(SELF, p, q, 2 * PAGE, &count));
    EXPECT_EQ(count, 0);
    EXPECT_OK(ReadProcessMemory(SELF, p, q, 2 * PAGE, &count));
}

#endif
