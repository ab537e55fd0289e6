/* lockfile.c: LockFile, LockFileEx and their counterparts. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

enum { NOW = LOCKFILE_FAIL_IMMEDIATELY, ALONE = LOCKFILE_EXCLUSIVE_LOCK };

static BOOL lock(HANDLE file, DWORD flags, DWORD first, DWORD count)
{
    OVERLAPPED place = {.Offset = first};

    return LockFileEx(file, flags, 0, count, 0, &place);
}

static BOOL unlock(HANDLE file, DWORD first, DWORD count)
{
    OVERLAPPED place = {.Offset = first};

    return UnlockFileEx(file, 0, count, 0, &place);
}

static void held_apart(void)
{
    HANDLE a = must_open("a", RW, OPEN_ALWAYS), b = must_open("a", RW, OPEN_EXISTING);

    EXPECT_OK(lock(a, ALONE | NOW, 0, 10));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, lock(b, ALONE | NOW, 9, 1));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, lock(b, NOW, 0, 1));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, lock(a, NOW, 5, 1));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, LockFile(b, 0, 0, 10, 0));
    EXPECT_OK(lock(b, ALONE | NOW, 10, 10));
    EXPECT_OK(unlock(a, 0, 10));
    EXPECT_OK(lock(a, NOW, 0, 10));
    EXPECT_OK(lock(b, NOW, 5, 5));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, lock(b, ALONE | NOW, 0, 1));
    EXPECT_OK(CloseHandle(a));
    EXPECT_OK(lock(b, ALONE | NOW, 0, 1));
    EXPECT_OK(CloseHandle(b));
}

TEST(lockfile, two_who_open_a_file_are_held_apart, "D13.5a")
{
    IN_BOTH(held_apart);
}

static void locked_twice(void)
{
    HANDLE a = must_open("a", RW, OPEN_ALWAYS), b = must_open("a", RW, OPEN_EXISTING);

    EXPECT_OK(LockFile(a, 5, 0, 1, 0));
    EXPECT_OK(lock(a, 0, 5, 1));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, lock(b, NOW, 5, 1)); /* it is exclusive still */
    EXPECT_OK(UnlockFile(a, 5, 0, 1, 0));
    EXPECT_OK(lock(b, NOW, 5, 1));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, lock(b, ALONE | NOW, 5, 1));
    EXPECT_OK(unlock(b, 5, 1));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, LockFile(b, 5, 0, 1, 0));
    EXPECT_OK(unlock(a, 5, 1));
    EXPECT_OK(LockFile(b, 5, 0, 1, 0));
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, lock(a, NOW, 5, 1));
    EXPECT_OK(UnlockFile(b, 5, 0, 1, 0));
    EXPECT_FAIL(ERROR_NOT_LOCKED, UnlockFile(b, 5, 0, 1, 0));
    EXPECT_OK(CloseHandle(a));
    EXPECT_OK(CloseHandle(b));
}

TEST(lockfile, a_shared_lock_under_an_exclusive_one_is_left_when_that_goes, "L345")
{
    IN_BOTH(locked_twice);
}

TEST(lockfile, unlocking_what_is_not_locked, "D13.5b")
{
    HANDLE file;

    go_to("/dev/shm");
    file = must_open("a", RW, CREATE_NEW);
    EXPECT_FAIL(ERROR_NOT_LOCKED, unlock(file, 0, 10));
    EXPECT_OK(LockFile(file, 0, 0, 10, 0));
    EXPECT_OK(UnlockFile(file, 0, 0, 10, 0));
    EXPECT_FAIL(ERROR_NOT_LOCKED, UnlockFile(file, 0, 0, 10, 0));
    go_away();
}

TEST(lockfile, arguments, "D13.5c L209")
{
    OVERLAPPED place = {.Offset = 0};
    HANDLE file, reads;

    go_to("/dev/shm");
    file = must_open("a", RW, CREATE_NEW);
    reads = must_open("a", 0, OPEN_EXISTING);
    EXPECT_FAIL(ERROR_NOACCESS, LockFileEx(file, NOW, 0, 1, 0, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, LockFileEx(file, NOW, 1, 1, 0, &place));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, LockFileEx(file, 4, 0, 1, 0, &place));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, LockFile(file, 1, 0, 0xFFFFFFFF, 0xFFFFFFFF));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, LockFile(file, 0, 0x80000000, 1, 0));
    EXPECT_OK(LockFile(file, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF));
    EXPECT_OK(CloseHandle(must_open("a", RW, OPEN_EXISTING)));
    EXPECT_OK(UnlockFile(file, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, lock(reads, ALONE | NOW, 0, 1));
    EXPECT_OK(lock(reads, NOW, 0, 1));
    go_away();
}

TEST(lockfile, waits_for_another_process, "D13.5a")
{
    int ready[2], status;
    HANDLE file;
    pid_t child;
    char c;

    go_to("/dev/shm");
    make_file("a", "0");
    MUST(pipe(ready) == 0);
    child = fork();
    if (child == 0) {
        HANDLE mine = must_open("a", RW, OPEN_EXISTING);

        if (!lock(mine, ALONE | NOW, 0, 1) || write(ready[1], "x", 1) != 1)
            _exit(1);
        check_sleep(50);
        make_file("b", "");
        _exit(0);
    }
    MUST(read(ready[0], &c, 1) == 1);
    file = must_open("a", RW, OPEN_EXISTING);
    EXPECT_FAIL(ERROR_LOCK_VIOLATION, lock(file, NOW, 0, 1));
    EXPECT_OK(lock(file, ALONE, 0, 1));
    EXPECT(is_there("b"));
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    go_away();
}

#endif
