/* stdhandles.c: GetStdHandle, SetStdHandle: what a program has for input and output. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

TEST(stdhandles, write_what_the_descriptors_would, "D13.10a")
{
    char text[20];
    HANDLE in, out;
    int ends[2];
    DWORD done;

    MUST(pipe(ends) == 0 && dup2(ends[0], 0) == 0);
    in = GetStdHandle(STD_INPUT_HANDLE);
    MUST(in != NULL && in != INVALID_HANDLE_VALUE);
    out = WinmemHandleFromFd(ends[1], GENERIC_WRITE);
    EXPECT_OK(WriteFile(out, "contents", 8, &done, NULL));
    EXPECT_OK(ReadFile(in, text, sizeof text, &done, NULL));
    EXPECT_EQ(done, 8);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, WriteFile(in, "x", 1, &done, NULL));
    EXPECT_RETURNS(FILE_TYPE_PIPE, GetFileType(in));
}

TEST(stdhandles, one_each_as_long_as_the_file_is_the_same, "L392")
{
    HANDLE first, second, error = GetStdHandle(STD_ERROR_HANDLE);
    int saved = fcntl(1, F_DUPFD_CLOEXEC, 10), before;

    go_to("/dev/shm");
    make_file("a", "");
    MUST(freopen("a", "w", stdout) != NULL);
    first = GetStdHandle(STD_OUTPUT_HANDLE);
    before = open_descriptors();
    for (int i = 0; i < 20; i++)
        EXPECT(GetStdHandle(STD_OUTPUT_HANDLE) == first && GetStdHandle(STD_ERROR_HANDLE) == error);
    EXPECT(first != error && first != NULL && open_descriptors() == before);
    dup2(saved, 1);
    second = GetStdHandle(STD_OUTPUT_HANDLE);
    EXPECT(second != first && second != NULL);
    EXPECT_OK(FlushFileBuffers(first));
    EXPECT_OK(CloseHandle(second));
    second = GetStdHandle(STD_OUTPUT_HANDLE);
    EXPECT(second != NULL && GetFileType(second) != FILE_TYPE_UNKNOWN);
    go_away();
}

TEST(stdhandles, are_what_is_said, "D13.10a")
{
    HANDLE old = GetStdHandle(STD_OUTPUT_HANDLE);

    EXPECT_OK(SetStdHandle(STD_OUTPUT_HANDLE, (HANDLE)(uintptr_t)0x1234));
    EXPECT(GetStdHandle(STD_OUTPUT_HANDLE) == (HANDLE)(uintptr_t)0x1234);
    EXPECT_OK(SetStdHandle(STD_OUTPUT_HANDLE, NULL));
    EXPECT(GetStdHandle(STD_OUTPUT_HANDLE) == NULL);
    EXPECT_OK(SetStdHandle(STD_OUTPUT_HANDLE, old));
    EXPECT(GetStdHandle(STD_OUTPUT_HANDLE) == old);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetStdHandle(5) != INVALID_HANDLE_VALUE);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetStdHandle((DWORD)-13) != INVALID_HANDLE_VALUE);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetStdHandle((DWORD)-9, old));
}

TEST(stdhandles, of_a_closed_descriptor_there_is_none, "D13.10a")
{
    SetLastError(CHECK_SENTINEL);
    close(0);
    EXPECT(GetStdHandle(STD_INPUT_HANDLE) == NULL && GetLastError() == CHECK_SENTINEL);
}

TEST(stdhandles, no_descriptor_is_left, "L144")
{
    struct rlimit limit;

    MUST(fcntl(0, F_GETFD) >= 0 || open("/dev/null", O_RDONLY | O_CLOEXEC) == 0);
    MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = 3;
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_FAIL(ERROR_TOO_MANY_OPEN_FILES, GetStdHandle(STD_INPUT_HANDLE) != INVALID_HANDLE_VALUE);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    EXPECT(GetStdHandle(STD_INPUT_HANDLE) != INVALID_HANDLE_VALUE);
}

static HANDLE asked[4];

static void ask(void *arg)
{
    HANDLE *where = arg;

    *where = GetStdHandle(STD_INPUT_HANDLE);
}

TEST(stdhandles, threads_that_ask_at_once_are_told_the_same, "L392")
{
    struct check_thread threads[4];
    int before;

    MUST(fcntl(0, F_GETFD) >= 0 || open("/dev/null", O_RDONLY | O_CLOEXEC) == 0);
    before = open_descriptors();
    for (size_t i = 0; i < 4; i++)
        thread_start(&threads[i], ask, &asked[i]);
    for (size_t i = 0; i < 4; i++)
        thread_join(&threads[i]);
    for (size_t i = 1; i < 4; i++)
        EXPECT(asked[i] == asked[0] && asked[i] != NULL);
    EXPECT_EQ(open_descriptors(), before + 1);
}

#endif
