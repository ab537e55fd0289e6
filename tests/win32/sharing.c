/* sharing.c: who may open a file that somebody has open, in this process and in others. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

static const DWORD accesses[] = {
    GENERIC_READ, GENERIC_WRITE, DELETE, GENERIC_READ | GENERIC_WRITE, GENERIC_EXECUTE, 0};

/* What an access needs others to share. */
static DWORD needs(DWORD access)
{
    return (access & (GENERIC_READ | GENERIC_EXECUTE) ? FILE_SHARE_READ : 0u) |
           (access & GENERIC_WRITE ? FILE_SHARE_WRITE : 0u) | (access & DELETE ? FILE_SHARE_DELETE : 0u);
}

static BOOL fits(DWORD access, DWORD share, DWORD second_access, DWORD second_share)
{
    if (needs(access) == 0 || needs(second_access) == 0)
        return TRUE;
    return !(needs(access) & ~second_share) && !(needs(second_access) & ~share);
}

static void try_second(DWORD access, DWORD share, DWORD second_access, DWORD second_share)
{
    HANDLE second = CreateFileA("a", second_access, second_share, NULL, OPEN_EXISTING, 0, NULL);
    BOOL opened = second != INVALID_HANDLE_VALUE;

    if (opened != fits(access, share, second_access, second_share) ||
        (!opened && GetLastError() != ERROR_SHARING_VIOLATION))
        check_fail(__FILE__, __LINE__, "access %#x share %u, then %#x %u: %d, error %u", access, share,
                   second_access, second_share, opened, GetLastError());
    if (opened)
        CloseHandle(second);
}

static void all_pairs(void)
{
    enum { COUNT = sizeof accesses / sizeof accesses[0] };

    make_file("a", "contents");
    for (size_t i = 0; i < COUNT; i++)
        for (DWORD share = 0; share <= ALL; share++) {
            HANDLE first = CreateFileA("a", accesses[i], share, NULL, OPEN_EXISTING, 0, NULL);

            MUST(first != INVALID_HANDLE_VALUE);
            for (size_t j = 0; j < COUNT; j++)
                for (DWORD other = 0; other <= ALL; other += 1 + 2 * (i % 2))
                    try_second(accesses[i], share, accesses[j], other);
            CloseHandle(first);
        }
}

TEST(sharing, each_pair_of_accesses_and_modes, "D13.1j")
{
    IN_BOTH(all_pairs);
}

TEST(sharing, deleting_needs_to_be_shared, "D13.1j")
{
    HANDLE file;

    go_to("/dev/shm");
    make_file("a", "contents");
    file = CreateFileA("a", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_FAIL(ERROR_SHARING_VIOLATION, DeleteFileA("a"));
    EXPECT(is_there("a") && CloseHandle(file));
    file = must_open("a", 0, OPEN_EXISTING);
    EXPECT_OK(DeleteFileA("a"));
    EXPECT(!is_there("a") && CloseHandle(file));
    go_away();
}

/* Opens as its parent says, until that closes the pipe. */
static pid_t holder(DWORD access, DWORD share, int *gate)
{
    int ready[2], stop[2];
    pid_t child;
    char c;

    MUST(pipe(ready) == 0 && pipe(stop) == 0);
    child = fork();
    if (child == 0) {
        close(stop[1]);
        if (CreateFileA("a", access, share, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE)
            _exit(1);
        (void)!write(ready[1], "x", 1);
        (void)!read(stop[0], &c, 1);
        _exit(0);
    }
    close(ready[1]);
    close(stop[0]);
    MUST(read(ready[0], &c, 1) == 1);
    close(ready[0]);
    *gate = stop[1];
    return child;
}

static void between_processes(void)
{
    int gate;
    pid_t child;

    make_file("a", "contents");
    child = holder(GENERIC_READ, FILE_SHARE_READ, &gate);
    EXPECT_NOT_OPENED(ERROR_SHARING_VIOLATION, "a", GENERIC_WRITE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_OK(CloseHandle(must_open("a", 0, OPEN_EXISTING)));
    EXPECT_NOT_OPENED(ERROR_SHARING_VIOLATION, "a", GENERIC_WRITE, ALL, NULL, CREATE_ALWAYS, 0, NULL);
    EXPECT(file_holds("a", "contents"));
    kill(child, SIGKILL);
    MUST(waitpid(child, NULL, 0) == child);
    EXPECT_OK(CloseHandle(must_open("a", RW, OPEN_EXISTING)));
    close(gate);
}

TEST(sharing, another_process_is_heeded_until_it_dies, "D13.1j L207")
{
    IN_BOTH(between_processes);
}

/* By a descriptor of its own: a mapping keeps what it was made from open, and a handle's sharing modes with it. */
static unsigned *counter_in(const char *name)
{
    int fd = open(name, O_RDWR | O_CLOEXEC);
    unsigned *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    close(fd);
    MUST(at != MAP_FAILED);
    return at;
}

/* How often it got in, or -1: it was not alone inside. */
static int come_and_go(unsigned *inside, int rounds)
{
    int entered = 0;

    for (int round = 0; round < rounds; round++) {
        HANDLE file = CreateFileA("a", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);

        if (file == INVALID_HANDLE_VALUE)
            continue;
        if (__atomic_fetch_add(inside, 1, __ATOMIC_SEQ_CST) != 0)
            return -1;
        entered++;
        __atomic_fetch_sub(inside, 1, __ATOMIC_SEQ_CST);
        CloseHandle(file);
    }
    return entered;
}

/* Whoever comes second may be refused, but never both get in, and once all have gone anybody does. */
TEST(sharing, those_who_come_at_once, "L207")
{
    enum { PROCESSES = 4, ROUNDS = 100 };
    unsigned *inside;
    pid_t children[PROCESSES];

    go_to("/dev/shm");
    make_file("a", "\0\0\0\0");
    MUST(truncate("a", 4096) == 0);
    inside = counter_in("a");
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(come_and_go(inside, ROUNDS) > 0 ? 0 : 1);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;

        MUST(waitpid(children[i], &status, 0) == children[i]);
        EXPECT_EQ(status, 0);
    }
    EXPECT_OK(CloseHandle(must_open("a", RW, OPEN_EXISTING)));
    go_away();
}

/* A child of a fork has the handle, too: it shares what the parent has said. */
TEST(sharing, a_child_keeps_it_open, "L207")
{
    HANDLE file;
    int stop[2];
    pid_t child;
    char c;

    go_to("/dev/shm");
    make_file("a", "contents");
    file = CreateFileA("a", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    MUST(pipe(stop) == 0);
    child = fork();
    if (child == 0) {
        close(stop[1]);
        (void)!read(stop[0], &c, 1);
        _exit(0);
    }
    EXPECT_OK(CloseHandle(file));
    EXPECT_NOT_OPENED(ERROR_SHARING_VIOLATION, "a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    close(stop[1]);
    MUST(waitpid(child, NULL, 0) == child);
    EXPECT_OK(CloseHandle(must_open("a", 0, OPEN_EXISTING)));
    go_away();
}

TEST(sharing, locks_of_programs_that_know_nothing_of_it_are_no_objection, "L207")
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int stop[2], ready[2];
    pid_t child;
    char c;

    go_to("/dev/shm");
    make_file("a", "contents");
    MUST(pipe(stop) == 0 && pipe(ready) == 0);
    child = fork();
    if (child == 0) {
        int fd = open("a", O_RDWR);

        close(stop[1]);
        if (fcntl(fd, F_SETLK, &whole) != 0)
            _exit(1);
        (void)!write(ready[1], "x", 1);
        (void)!read(stop[0], &c, 1);
        _exit(0);
    }
    MUST(read(ready[0], &c, 1) == 1);
    EXPECT_OK(CloseHandle(must_open("a", RW, OPEN_EXISTING)));
    close(stop[1]);
    MUST(waitpid(child, NULL, 0) == child);
    go_away();
}

#endif
