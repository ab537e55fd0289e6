/* filehandles.c: WinmemHandleFromFd and WinmemFdFromHandle: each makes one descriptor more, and takes nothing over. */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

static int file_with(int flags)
{
    char path[] = "/tmp/winmem-test-XXXXXX";
    int fd = mkstemp(path), again;

    MUST(fd >= 0 && write(fd, "contents", 8) == 8);
    again = open(path, flags | O_CLOEXEC);
    unlink(path);
    close(fd);
    MUST(again >= 0);
    return again;
}

static HANDLE handle_to(int fd, DWORD access)
{
    HANDLE handle = WinmemHandleFromFd(fd, access);

    MUST(handle != INVALID_HANDLE_VALUE);
    return handle;
}

/* A failure of each is not 0. */
#define EXPECT_NO_HANDLE(error, fd, access)                                                                  \
    EXPECT_FAIL(error, WinmemHandleFromFd(fd, access) != INVALID_HANDLE_VALUE)
#define EXPECT_NO_FD(error, handle) EXPECT_FAIL(error, WinmemFdFromHandle(handle) != -1)

static BOOL is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

TEST(filehandles, either_may_be_closed_first, "L202")
{
    int fd = file_with(O_RDWR), second;
    HANDLE handle = handle_to(fd, GENERIC_READ | GENERIC_WRITE);
    char text[8];

    close(fd);
    second = WinmemFdFromHandle(handle);
    MUST(second >= 3);
    EXPECT_OK(CloseHandle(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(handle));
    EXPECT_NO_FD(ERROR_INVALID_HANDLE, handle);
    EXPECT(pread(second, text, 8, 0) == 8 && memcmp(text, "contents", 8) == 0);
    EXPECT(fcntl(second, F_GETFD) == FD_CLOEXEC);
    close(second);
}

TEST(filehandles, all_of_them_have_one_position, "L202")
{
    int fd = file_with(O_RDONLY), second = WinmemFdFromHandle(handle_to(fd, GENERIC_READ));
    char c;

    MUST(second >= 0);
    EXPECT(read(fd, &c, 1) == 1 && c == 'c');
    EXPECT(read(second, &c, 1) == 1 && c == 'o');
}

TEST(filehandles, nobody_gets_more_than_he_has, "L203")
{
    int reads = file_with(O_RDONLY), writes = file_with(O_WRONLY), both = file_with(O_RDWR),
        path = file_with(O_PATH), appends = file_with(O_WRONLY | O_APPEND);

    EXPECT_NO_HANDLE(ERROR_ACCESS_DENIED, reads, GENERIC_READ | GENERIC_WRITE);
    EXPECT_NO_HANDLE(ERROR_ACCESS_DENIED, reads, GENERIC_ALL);
    EXPECT_NO_HANDLE(ERROR_ACCESS_DENIED, writes, GENERIC_READ);
    EXPECT_NO_HANDLE(ERROR_ACCESS_DENIED, path, GENERIC_READ);
    EXPECT(handle_to(appends, GENERIC_WRITE) != NULL);
    EXPECT(handle_to(path, 0) != NULL);
    EXPECT_NO_FD(ERROR_ACCESS_DENIED, handle_to(both, GENERIC_READ));
    EXPECT(WinmemFdFromHandle(handle_to(both, GENERIC_READ | GENERIC_WRITE)) >= 3);
    EXPECT(WinmemFdFromHandle(handle_to(writes, GENERIC_WRITE)) >= 3);
}

TEST(filehandles, what_is_no_descriptor_has_no_handle, "L202")
{
    int fd = file_with(O_RDONLY);
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, PAGE, NULL);

    close(fd);
    EXPECT_NO_HANDLE(ERROR_INVALID_HANDLE, fd, GENERIC_READ);
    EXPECT_NO_HANDLE(ERROR_INVALID_HANDLE, -1, 0);
    EXPECT_NO_FD(ERROR_INVALID_HANDLE, section);
    EXPECT_NO_FD(ERROR_INVALID_HANDLE, INVALID_HANDLE_VALUE);
    EXPECT_NO_FD(ERROR_INVALID_HANDLE, NULL);
}

TEST(filehandles, a_duplicate_keeps_the_file_open, "L202")
{
    HANDLE handle = handle_to(file_with(O_RDWR), GENERIC_READ | GENERIC_WRITE), second;

    MUST(DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &second, GENERIC_READ, FALSE, 0));
    EXPECT_OK(CloseHandle(handle));
    EXPECT_NO_FD(ERROR_ACCESS_DENIED, second);
    EXPECT_OK(CloseHandle(second));
}

TEST(filehandles, closing_returns_what_was_opened, "L202")
{
    int fd = file_with(O_RDONLY), before = dup(fd), after;

    close(before);
    for (int i = 0; i < 5000; i++)
        MUST(CloseHandle(handle_to(fd, GENERIC_READ)));
    after = dup(fd);
    EXPECT_EQ(after, before);
}

/* The program closes all that it did not open, and has the numbers. */
TEST(filehandles, a_number_that_others_have_now_is_left_alone, "L143")
{
    int fd = file_with(O_RDONLY), other;
    HANDLE handle;

    for (other = 3; is_open(other); other++)
        ;
    handle = handle_to(fd, GENERIC_READ);
    MUST(is_open(other));
    MUST(dup2(memfd_create("stranger", 0), other) == other);
    EXPECT_NO_FD(ERROR_INVALID_HANDLE, handle);
    EXPECT_OK(CloseHandle(handle));
    EXPECT(is_open(other));
}

TEST(filehandles, none_is_a_standard_one, "L142")
{
    int fd = file_with(O_RDWR), saved[3], second;
    HANDLE handle;

    for (int i = 0; i < 3; i++) {
        saved[i] = fcntl(i, F_DUPFD, 100);
        close(i);
    }
    handle = WinmemHandleFromFd(fd, GENERIC_READ | GENERIC_WRITE);
    second = WinmemFdFromHandle(handle);
    for (int i = 0; i < 3; i++) {
        int used = is_open(i);

        dup2(saved[i], i);
        EXPECT(!used);
    }
    EXPECT(handle != INVALID_HANDLE_VALUE && second >= 3);
}

TEST(filehandles, no_descriptor_is_left, "L144")
{
    int fd = file_with(O_RDONLY);
    HANDLE handle = handle_to(fd, GENERIC_READ);
    struct rlimit all, none;

    MUST(getrlimit(RLIMIT_NOFILE, &all) == 0);
    none = (struct rlimit){3, all.rlim_max};
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    EXPECT_NO_HANDLE(ERROR_TOO_MANY_OPEN_FILES, fd, GENERIC_READ);
    EXPECT_NO_FD(ERROR_TOO_MANY_OPEN_FILES, handle);
    setrlimit(RLIMIT_NOFILE, &all); /* sanitizers want descriptors for their last words */
    EXPECT_OK(CloseHandle(handle));
}

TEST(filehandles, a_child_has_them_and_closes_its_own, "L202")
{
    HANDLE handle = handle_to(file_with(O_RDONLY), GENERIC_READ);
    int status;
    pid_t child = fork();

    if (child == 0)
        _exit(WinmemFdFromHandle(handle) >= 3 && CloseHandle(handle) ? 0 : 1);
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    EXPECT(WinmemFdFromHandle(handle) >= 3);
}

#endif
