/* readwrite.c: ReadFile and WriteFile, with and without a place; SetFilePointer, SetEndOfFile. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

static void at_the_position(void)
{
    HANDLE file = must_open("a", RW, CREATE_NEW);
    char text[20];
    DWORD done = 99;

    EXPECT_OK(WriteFile(file, "contents", 8, &done, NULL));
    EXPECT_EQ(done, 8);
    EXPECT_OK(ReadFile(file, text, sizeof text, &done, NULL));
    EXPECT_EQ(done, 0);
    EXPECT_RETURNS(4, SetFilePointer(file, -4, NULL, FILE_END));
    EXPECT_OK(ReadFile(file, text, sizeof text, &done, NULL));
    EXPECT(done == 4 && memcmp(text, "ents", 4) == 0);
    EXPECT_OK(WriteFile(file, "", 0, &done, NULL));
    EXPECT_OK(ReadFile(file, text, 0, &done, NULL));
    EXPECT_OK(FlushFileBuffers(file));
    EXPECT(file_holds("a", "contents"));
    CloseHandle(file);
}

TEST(readwrite, where_the_position_is, "D13.2a D13.2b")
{
    IN_BOTH(at_the_position);
}

static void at_a_place(void)
{
    HANDLE file = must_open("a", RW, CREATE_NEW);
    OVERLAPPED place = {.Offset = 4};
    char text[20];
    DWORD done = 99;

    EXPECT_OK(WriteFile(file, "ents", 4, NULL, &place));
    EXPECT(place.Internal == 0 && place.InternalHigh == 4);
    EXPECT_RETURNS(8, SetFilePointer(file, 0, NULL, FILE_CURRENT));
    place.Offset = 0;
    EXPECT_OK(WriteFile(file, "cont", 4, &done, &place));
    EXPECT_RETURNS(4, SetFilePointer(file, 0, NULL, FILE_CURRENT));
    place.Offset = 2;
    EXPECT_OK(ReadFile(file, text, sizeof text, &done, &place));
    EXPECT(done == 6 && memcmp(text, "ntents", 6) == 0);
    place.Offset = 8;
    EXPECT_FAIL(ERROR_HANDLE_EOF, ReadFile(file, text, sizeof text, &done, &place));
    EXPECT(done == 0 && place.Internal == 0xC0000011);
    place.Offset = place.OffsetHigh = 0xFFFFFFFF;
    EXPECT_OK(WriteFile(file, "!", 1, &done, &place));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, ReadFile(file, text, 1, &done, &place));
    place.Offset = 0, place.OffsetHigh = 1;
    EXPECT_OK(WriteFile(file, "far", 3, &done, &place));
    place.Offset = 1;
    EXPECT_OK(ReadFile(file, text, 2, &done, &place));
    EXPECT(memcmp(text, "ar", 2) == 0);
    CloseHandle(file);
    EXPECT(truncate("a", 9) == 0 && file_holds("a", "contents!"));
}

TEST(readwrite, where_the_caller_says, "D13.2a D13.2c")
{
    IN_BOTH(at_a_place);
}

TEST(readwrite, an_overlapped_handle_wants_a_place, "D13.2c")
{
    OVERLAPPED place = {.Offset = 0};
    HANDLE file;
    DWORD done;
    char c;

    go_to("/dev/shm");
    make_file("a", "contents");
    file = CreateFileA("a", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, ReadFile(file, &c, 1, &done, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WriteFile(file, &c, 1, &done, NULL));
    EXPECT_OK(ReadFile(file, &c, 1, &done, &place));
    EXPECT_RETURNS(WAIT_OBJECT_0 + 1, WaitForSingleObject(file, 0) + 1);
    go_away();
}

TEST(readwrite, appends_what_may_only_append, "D13.2e")
{
    OVERLAPPED place = {.Offset = 0};
    HANDLE file;
    DWORD done;

    go_to(DISK);
    make_file("a", "con");
    file = CreateFileA("a", FILE_APPEND_DATA, ALL, NULL, OPEN_EXISTING, 0, NULL);
    MUST(file != INVALID_HANDLE_VALUE);
    EXPECT_OK(WriteFile(file, "tent", 4, &done, NULL));
    EXPECT_OK(WriteFile(file, "s", 1, &done, &place));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetEndOfFile(file));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, ReadFile(file, &done, 1, &done, NULL));
    EXPECT(file_holds("a", "contents"));
    go_away();
}

TEST(readwrite, pointers_that_cannot_be_used, "D13.2f")
{
    OVERLAPPED place = {.Offset = 0};
    HANDLE file;
    DWORD done;
    char c = 'x';

    go_to("/dev/shm");
    make_file("a", "contents");
    file = must_open("a", RW, OPEN_EXISTING);
    EXPECT_FAIL(ERROR_NOACCESS, ReadFile(file, NULL, 1, &done, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, ReadFile(file, &c, 1, NULL, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, ReadFile(file, &c, 1, (DWORD *)16, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, ReadFile(file, &c, 1, &done, (OVERLAPPED *)16));
    EXPECT_FAIL(ERROR_NOACCESS, WriteFile(file, (char *)16, 1, &done, &place));
    EXPECT_FAIL(ERROR_NOACCESS, GetFileSizeEx(file, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, GetFileInformationByHandle(file, NULL));
    EXPECT(c == 'x' && file_holds("a", "contents"));
    go_away();
}

TEST(readwrite, handles_that_are_none, "D13.2f O177")
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    HANDLE wrong[] = {NULL, INVALID_HANDLE_VALUE, section, GetCurrentProcess(),
                      (HANDLE)(uintptr_t)0x123456780};
    BY_HANDLE_FILE_INFORMATION info;
    LARGE_INTEGER zero = {.QuadPart = 0};
    DWORD done;
    char c;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        EXPECT_FAIL(ERROR_INVALID_HANDLE, ReadFile(wrong[i], &c, 1, &done, NULL));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, WriteFile(wrong[i], &c, 1, &done, NULL));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, SetFilePointerEx(wrong[i], zero, NULL, FILE_BEGIN));
        EXPECT_FAIL(ERROR_INVALID_HANDLE,
                    SetFilePointer(wrong[i], 0, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER);
        EXPECT_FAIL(ERROR_INVALID_HANDLE, SetEndOfFile(wrong[i]));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, GetFileSizeEx(wrong[i], &zero));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, GetFileSize(wrong[i], NULL) != INVALID_FILE_SIZE);
        EXPECT_FAIL(ERROR_INVALID_HANDLE, GetFileInformationByHandle(wrong[i], &info));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, GetFileType(wrong[i]));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, FlushFileBuffers(wrong[i]));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, LockFile(wrong[i], 0, 0, 1, 0));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, UnlockFile(wrong[i], 0, 0, 1, 0));
    }
}

/* --- pipes and devices --- */

TEST(readwrite, pipes, "D13.2g L208")
{
    int ends[2], flags;
    HANDLE out, in;
    DWORD done;
    char text[20];

    MUST(pipe(ends) == 0);
    out = WinmemHandleFromFd(ends[0], GENERIC_READ);
    in = WinmemHandleFromFd(ends[1], GENERIC_WRITE);
    MUST(out != INVALID_HANDLE_VALUE && in != INVALID_HANDLE_VALUE);
    EXPECT_RETURNS(FILE_TYPE_PIPE, GetFileType(out));
    EXPECT_OK(WriteFile(in, "contents", 8, &done, NULL));
    EXPECT_OK(ReadFile(out, text, sizeof text, &done, NULL));
    EXPECT_EQ(done, 8);
    EXPECT_FAIL(ERROR_SEEK_ON_DEVICE, SetFilePointer(out, 0, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER);
    EXPECT_FAIL(ERROR_INVALID_FUNCTION, GetFileSize(out, NULL) != INVALID_FILE_SIZE);
    EXPECT_FAIL(ERROR_INVALID_FUNCTION, FlushFileBuffers(in));
    EXPECT_FAIL(ERROR_SEEK_ON_DEVICE, SetEndOfFile(in));
    flags = fcntl(ends[0], F_GETFL);
    MUST(fcntl(ends[0], F_SETFL, flags | O_NONBLOCK) == 0);
    EXPECT_FAIL(ERROR_NO_DATA, ReadFile(out, text, 1, &done, NULL));
    CloseHandle(in);
    close(ends[1]);
    EXPECT_FAIL(ERROR_BROKEN_PIPE, ReadFile(out, text, 1, &done, NULL));
    MUST(pipe(ends) == 0);
    in = WinmemHandleFromFd(ends[1], GENERIC_WRITE);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    EXPECT_FAIL(ERROR_NO_DATA, WriteFile(in, "x", 1, &done, NULL));
}

TEST(readwrite, a_fifo_and_a_device_by_name, "L208")
{
    HANDLE fifo, null;
    OVERLAPPED place = {.Offset = 100};
    DWORD done;
    char text[20];

    go_to("/dev/shm");
    MUST(mkfifo("fifo", 0666) == 0);
    fifo = must_open("fifo", RW, OPEN_EXISTING);
    EXPECT_RETURNS(FILE_TYPE_PIPE, GetFileType(fifo));
    EXPECT_OK(WriteFile(fifo, "contents", 8, &done, &place));
    EXPECT_OK(ReadFile(fifo, text, 8, &done, &place));
    EXPECT_EQ(done, 8);
    null = must_open("/dev/null", RW, OPEN_EXISTING);
    EXPECT_RETURNS(FILE_TYPE_CHAR, GetFileType(null));
    EXPECT_OK(WriteFile(null, "contents", 8, &done, NULL));
    EXPECT_OK(ReadFile(null, text, 8, &done, NULL));
    EXPECT_EQ(done, 0);
    EXPECT_FAIL(ERROR_INVALID_FUNCTION, GetFileSize(null, NULL) != INVALID_FILE_SIZE);
    EXPECT(CloseHandle(must_open("/dev/null", RW, CREATE_ALWAYS)));
    go_away();
}

/* --- position and end --- */

TEST(readwrite, positions, "D13.3a D13.3b")
{
    LARGE_INTEGER to = {.QuadPart = 5000000000}, is;
    LONG high = 0;
    HANDLE file;

    go_to(DISK);
    make_file("a", "contents");
    file = must_open("a", RW, OPEN_EXISTING);
    EXPECT_OK(SetFilePointerEx(file, to, &is, FILE_BEGIN));
    EXPECT_EQ(is.QuadPart, 5000000000);
    EXPECT_RETURNS((DWORD)5000000000, SetFilePointer(file, 0, &high, FILE_CURRENT));
    EXPECT_EQ(high, 1);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                SetFilePointer(file, 0, NULL, FILE_CURRENT) != INVALID_SET_FILE_POINTER);
    to.QuadPart = 0;
    EXPECT_OK(SetFilePointerEx(file, to, &is, FILE_CURRENT));
    EXPECT_EQ(is.QuadPart, 5000000000);
    to.QuadPart = -9;
    EXPECT_FAIL(ERROR_NEGATIVE_SEEK, SetFilePointerEx(file, to, NULL, FILE_END));
    EXPECT_FAIL(ERROR_NEGATIVE_SEEK, SetFilePointer(file, -1, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetFilePointerEx(file, to, NULL, 3));
    high = 0;
    SetLastError(CHECK_SENTINEL);
    EXPECT(SetFilePointer(file, -1, &high, FILE_BEGIN) == 0xFFFFFFFF && GetLastError() == ERROR_SUCCESS);
    EXPECT(file_holds("a", "contents"));
    go_away();
}

static void ends(void)
{
    HANDLE file;
    LARGE_INTEGER size;
    DWORD high = 9;

    make_file("a", "contents");
    file = must_open("a", RW, OPEN_EXISTING);
    SetFilePointer(file, 4, NULL, FILE_BEGIN);
    EXPECT_OK(SetEndOfFile(file));
    EXPECT(file_holds("a", "cont"));
    SetFilePointer(file, 6, NULL, FILE_BEGIN);
    EXPECT_OK(SetEndOfFile(file));
    EXPECT_RETURNS(6, GetFileSize(file, NULL));
    size.QuadPart = 0xFFFFFFFF;
    EXPECT_OK(SetFilePointerEx(file, size, NULL, FILE_BEGIN));
    EXPECT_OK(SetEndOfFile(file));
    SetLastError(CHECK_SENTINEL);
    EXPECT(GetFileSize(file, &high) == INVALID_FILE_SIZE && GetLastError() == ERROR_SUCCESS && high == 0);
    size.QuadPart = 0;
    EXPECT_OK(GetFileSizeEx(file, &size));
    EXPECT_EQ(size.QuadPart, 0xFFFFFFFF);
    CloseHandle(file);
    file = must_open("a", 0, OPEN_EXISTING);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetEndOfFile(file));
    CloseHandle(file);
}

TEST(readwrite, the_end_is_where_the_position_is, "D13.3c D13.3d")
{
    IN_BOTH(ends);
}

TEST(readwrite, what_is_longer_than_a_file_may_be, "L206")
{
    struct rlimit limit = {4096, 4096};
    static char big[8192];
    HANDLE file;
    DWORD done;

    go_to(DISK);
    file = must_open("a", RW, CREATE_NEW);
    signal(SIGXFSZ, SIG_IGN);
    MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    EXPECT_FAIL(ERROR_FILE_TOO_LARGE, WriteFile(file, big, sizeof big, &done, NULL));
    EXPECT_EQ(done, 4096);
    SetFilePointer(file, 5000, NULL, FILE_BEGIN);
    EXPECT_FAIL(ERROR_FILE_TOO_LARGE, SetEndOfFile(file));
    go_away();
}

TEST(readwrite, information, "D13.4a")
{
    BY_HANDLE_FILE_INFORMATION info;
    struct stat st;
    HANDLE file;

    go_to(DISK);
    make_file("a", "contents");
    MUST(link("a", "b") == 0 && stat("a", &st) == 0);
    file = must_open("b", 0, OPEN_EXISTING);
    EXPECT_OK(GetFileInformationByHandle(file, &info));
    EXPECT(info.nNumberOfLinks == 2 && info.nFileSizeLow == 8 && info.nFileSizeHigh == 0);
    EXPECT_EQ((uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow, st.st_ino);
    EXPECT_EQ(info.dwFileAttributes, FILE_ATTRIBUTE_NORMAL);
    EXPECT_EQ(((uint64_t)info.ftLastWriteTime.dwHighDateTime << 32 | info.ftLastWriteTime.dwLowDateTime) /
                      10000000 -
                  11644473600,
              (uint64_t)st.st_mtim.tv_sec);
    go_away();
}

/* The program closes all that it did not open, and has the numbers. */
TEST(readwrite, a_descriptor_that_others_have_now_is_left_alone, "L143")
{
    HANDLE file;
    int stranger;
    DWORD done;
    char c;

    go_to("/dev/shm");
    make_file("stranger", "");
    file = must_open("a", RW, CREATE_NEW);
    stranger = open("stranger", O_RDWR);
    for (int fd = 3; fd < 100; fd++)
        if (fd != stranger)
            dup2(stranger, fd);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, WriteFile(file, "x", 1, &done, NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ReadFile(file, &c, 1, &done, NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetEndOfFile(file));
    EXPECT_OK(CloseHandle(file));
    EXPECT(file_holds("stranger", ""));
    go_away();
}

#endif
