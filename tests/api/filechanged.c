/*
 * filechanged.c: what becomes of a view when somebody makes its file smaller or larger behind the library's back, and
 * how what was written to it comes to the disk.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include "../support/child.h"
#include "../support/mappedfiles.h"

static struct {
    EXCEPTION_RECORD record;
    unsigned calls;
} seen;

static int file_to_grow;

/* Gives back what was cut off, and goes on. */
static LONG CALLBACK grow_again(EXCEPTION_POINTERS *info)
{
    seen.record = *info->ExceptionRecord;
    seen.calls++;
    return ftruncate(file_to_grow, 4 * (off_t)PAGE) == 0 ? EXCEPTION_CONTINUE_EXECUTION
                                                         : EXCEPTION_CONTINUE_SEARCH;
}

static void expect_in_page_error(ULONG_PTR access, const BYTE *address)
{
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_IN_PAGE_ERROR);
    EXPECT_EQ(seen.record.NumberParameters, 3);
    EXPECT_EQ(seen.record.ExceptionInformation[0], access);
    EXPECT_EQ(seen.record.ExceptionInformation[1], AT(address));
    EXPECT_EQ(seen.record.ExceptionInformation[2], 0xC0000011);
    seen.calls = 0;
}

static void cut(int fd, SIZE_T bytes)
{
    MUST(ftruncate(fd, (off_t)bytes) == 0);
}

TEST(filechanged, a_touch_behind_the_end_is_an_in_page_error, "L244 D6.7a")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = file_to_grow = new_file(file_places[place], 4 * PAGE);
        volatile BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE);
        BYTE *q = (BYTE *)(uintptr_t)p;
        PVOID handler = AddVectoredExceptionHandler(1, grow_again);

        cut(fd, PAGE + 1);
        EXPECT_EQ(p[PAGE], byte_at(PAGE));
        EXPECT_EQ(seen.calls, 0);
        EXPECT_EQ(p[2 * PAGE + 7], 0);
        expect_in_page_error(EXCEPTION_READ_FAULT, q + 2 * PAGE + 7);
        cut(fd, PAGE);
        p[3 * PAGE + 5] = 8;
        expect_in_page_error(EXCEPTION_WRITE_FAULT, q + 3 * PAGE + 5);
        EXPECT_EQ(byte_of_file(fd, 3 * PAGE + 5), 8);
        MUST(RemoveVectoredExceptionHandler(handler));
    }
}

TEST(filechanged, a_view_that_copies_is_cut_as_well, "L244")
{
    int fd = file_to_grow = new_file("/var/tmp", 4 * PAGE);
    volatile BYTE *p = file_view(fd, PAGE_WRITECOPY, FILE_MAP_COPY);

    p[PAGE] = 77;
    AddVectoredExceptionHandler(1, grow_again);
    cut(fd, PAGE);
    EXPECT_EQ(p[2 * PAGE], 0);
    expect_in_page_error(EXCEPTION_READ_FAULT, (BYTE *)(uintptr_t)p + 2 * PAGE);
}

static void touch_what_is_gone(void)
{
    int fd = new_file("/var/tmp", 2 * PAGE);
    volatile BYTE *p = file_view(fd, PAGE_READONLY, FILE_MAP_READ);

    cut(fd, PAGE);
    signal(SIGBUS, SIG_DFL); /* a sanitizer has its own */
    (void)p[PAGE];
}

TEST(filechanged, without_a_handler_it_is_the_signal, "L244")
{
    EXPECT_EQ(end_of(touch_what_is_gone), -SIGBUS);
}

TEST(filechanged, who_asks_first_is_told_the_truth, "L244")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], 4 * PAGE);
        BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE), buffer[4 * 4096];
        SIZE_T done = 0;

        cut(fd, 2 * PAGE);
        EXPECT(!IsBadReadPtr(p, 2 * PAGE) && IsBadReadPtr(p, 2 * PAGE + 1) && IsBadReadPtr(p + 3 * PAGE, 1));
        EXPECT(!IsBadWritePtr(p + PAGE, PAGE) && IsBadWritePtr(p + 2 * PAGE, 1));
        EXPECT_OK(ReadProcessMemory(GetCurrentProcess(), p, buffer, 2 * PAGE, &done));
        EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(GetCurrentProcess(), p, buffer, 3 * PAGE, &done));
        EXPECT_FAIL(ERROR_PARTIAL_COPY,
                    WriteProcessMemory(GetCurrentProcess(), p + 2 * PAGE, buffer, 1, &done));
        EXPECT_REGION(p, .size = 4 * PAGE, .protect = PAGE_READWRITE, .type = MEM_MAPPED);
        fill_file(fd, 2 * PAGE, 2 * PAGE);
        EXPECT(!IsBadReadPtr(p, 4 * PAGE) && p[3 * PAGE + 1] == byte_at(3 * PAGE + 1));
    }
}

TEST(filechanged, unmapping_and_protecting_need_no_file, "L244")
{
    int fd = new_file("/var/tmp", 4 * PAGE);
    BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE);
    DWORD old;

    cut(fd, 0);
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READONLY, &old));
    EXPECT_OK(VirtualProtect(p + PAGE, PAGE, PAGE_WRITECOPY, &old));
    EXPECT_OK(VirtualProtect(p, 4 * PAGE, PAGE_READWRITE, &old));
    EXPECT_OK(FlushViewOfFile(p, 0));
    EXPECT_OK(UnmapViewOfFile(p));
}

static int grow_by_another_section(void *fd)
{
    HANDLE section = file_section(*(int *)fd, PAGE_READWRITE, 2 * GRAIN);

    view(section, FILE_MAP_WRITE)[GRAIN + 3] = 31;
    return 0;
}

TEST(filechanged, what_another_process_adds_is_there_at_once, "L244 O164 D8.1a")
{
    int fd = new_file("/var/tmp", 10);
    BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_EQ(end_of_child(grow_by_another_section, &fd), 0);
    EXPECT_EQ(file_bytes(fd), 2 * GRAIN);
    EXPECT_EQ(p[9], byte_at(9));
    EXPECT_EQ(file_view(fd, PAGE_READONLY, FILE_MAP_READ)[GRAIN + 3], 31);
}

/* --- flushing --- */

TEST(filechanged, any_part_of_a_view_can_be_flushed, "D8.9a")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], 3 * PAGE + 5);
        BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE),
             *reads = file_view(fd, PAGE_READONLY, FILE_MAP_READ),
             *copies = file_view(fd, PAGE_WRITECOPY, FILE_MAP_COPY),
             *memory = anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_WRITE);

        p[PAGE] = 1;
        EXPECT_OK(FlushViewOfFile(p, 0));
        EXPECT_OK(FlushViewOfFile(p + PAGE + 7, 0));
        EXPECT_OK(FlushViewOfFile(p + 1, 1));
        EXPECT_OK(FlushViewOfFile(p, 4 * PAGE));
        EXPECT_OK(FlushViewOfFile(reads, 0));
        EXPECT_OK(FlushViewOfFile(copies, 0));
        EXPECT_OK(FlushViewOfFile(memory, 0));
    }
}

TEST(filechanged, what_is_no_view_cannot_be_flushed, "L246")
{
    BYTE *p = file_view(new_file("/var/tmp", 3 * PAGE), PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, FlushViewOfFile(NULL, 0));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, FlushViewOfFile(commit(PAGE, PAGE_READWRITE), 0));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, FlushViewOfFile(p, 3 * PAGE + 1));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, FlushViewOfFile(p + 3 * PAGE, 0));
    MUST(UnmapViewOfFile(p));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, FlushViewOfFile(p, 0));
}

/* What is left of the section serves. */
TEST(filechanged, flushing_without_descriptors, "D8.9a L143 L144")
{
    int fd = new_file("/var/tmp", PAGE);
    BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE);
    rlim_t before = pretend_limit(RLIMIT_NOFILE, 3);

    p[0] = 1;
    EXPECT_OK(FlushViewOfFile(p, 0));
    pretend_limit(RLIMIT_NOFILE, before);
    for (int i = 3; i < 100; i++)
        close(i);
    p[1] = 2;
    EXPECT_OK(FlushViewOfFile(p, 0));
    EXPECT_OK(UnmapViewOfFile(p));
}

#endif
