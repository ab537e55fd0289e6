/* handedfiles.c: handles to files that go from process to process (DuplicateHandle). */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

#include <stdbool.h>
#include <sys/socket.h>

#include "../support/oldlibc.h"
#include "../support/seccomp.h"

static HANDLE const own = (HANDLE)(intptr_t)-1;

/* --- another process, which does what it is told --- */

enum order { OPEN, READ, WRITE, CLOSE, SEEK, FORBID };

struct word {
    enum order order;
    HANDLE handle;
    DWORD access, share;
    char byte;
};

struct answer {
    HANDLE handle;
    DWORD error;
    char byte;
};

struct other {
    pid_t pid;
    int line;
    HANDLE process;
};

static struct answer obey(const struct word *w)
{
    struct answer a = {.handle = w->handle};
    DWORD count = 0;
    BOOL done = TRUE;

    SetLastError(0);
    switch (w->order) {
    case OPEN: a.handle = CreateFileA("a", w->access, w->share, NULL, OPEN_EXISTING, 0, NULL); break;
    case READ: done = ReadFile(w->handle, &a.byte, 1, &count, NULL) && count == 1; break;
    case WRITE: done = WriteFile(w->handle, "E", 1, &count, NULL) && count == 1; break;
    case CLOSE: done = CloseHandle(w->handle); break;
    case SEEK: done = SetFilePointer(w->handle, w->byte, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER; break;
    case FORBID: done = forbid(SYS_pidfd_getfd); break;
    }
    a.error = !done || a.handle == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    return a;
}

static struct other begin(void)
{
    int ends[2];
    struct other o = {0};
    struct word w;
    pid_t parent = getpid();
    char word;

    MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
    fflush(NULL);
    o.pid = fork();
    MUST(o.pid >= 0);
    if (o.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[1]);
        MUST(VirtualAlloc(NULL, 0x1000, MEM_RESERVE, PAGE_NOACCESS) != NULL && write(ends[0], "b", 1) == 1);
        while (getppid() == parent && read(ends[0], &w, sizeof w) == sizeof w) {
            struct answer a = obey(&w);

            MUST(write(ends[0], &a, sizeof a) == sizeof a);
        }
        _exit(0);
    }
    close(ends[0]);
    o.line = ends[1];
    MUST(read(o.line, &word, 1) == 1);
    o.process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)o.pid);
    MUST(o.process != NULL);
    return o;
}

static struct answer tell(const struct other *o, struct word w)
{
    struct answer a = {0};

    MUST(write(o->line, &w, sizeof w) == sizeof w && read(o->line, &a, sizeof a) == sizeof a);
    return a;
}

static struct answer tell_of(const struct other *o, enum order order, HANDLE handle)
{
    return tell(o, (struct word){order, handle, 0, 0, 4});
}

static HANDLE opened(const struct other *o, DWORD access, DWORD share)
{
    return tell(o, (struct word){OPEN, NULL, access, share, 0}).handle;
}

static bool forbidden_there(const struct other *o)
{
    return tell_of(o, FORBID, NULL).error == 0;
}

static void end(struct other *o)
{
    close(o->line);
    MUST(waitpid(o->pid, NULL, 0) == o->pid);
    EXPECT_OK(CloseHandle(o->process));
}

static HANDLE given(const struct other *o, HANDLE handle)
{
    HANDLE there = NULL;

    EXPECT_OK(DuplicateHandle(own, handle, o->process, &there, 0, FALSE, DUPLICATE_SAME_ACCESS));
    return there;
}

static HANDLE taken(const struct other *o, HANDLE handle)
{
    HANDLE here_ = NULL;

    EXPECT_OK(DuplicateHandle(o->process, handle, own, &here_, 0, FALSE, DUPLICATE_SAME_ACCESS));
    return here_;
}

static char next_byte(HANDLE file)
{
    char byte = 0;
    DWORD count = 0;

    return ReadFile(file, &byte, 1, &count, NULL) && count == 1 ? byte : '-';
}

/* Where the other process cannot be traced the position is a copy. */
static bool is_shared(void)
{
    return WinmemFeature("pidfd");
}

/* --- what becomes of it --- */

static void give_and_read(void)
{
    struct other o = begin();
    HANDLE file, there;

    make_file("a", "abcdefgh");
    file = must_open("a", RW, OPEN_EXISTING);
    EXPECT_EQ(next_byte(file), 'a');
    there = given(&o, file);
    EXPECT_EQ(tell_of(&o, READ, there).byte, 'b');
    EXPECT_EQ(next_byte(file), is_shared() ? 'c' : 'b');
    EXPECT_EQ(tell_of(&o, READ, there).byte, is_shared() ? 'd' : 'c');
    EXPECT_EQ(tell_of(&o, SEEK, there).error, 0);
    EXPECT_EQ(tell_of(&o, WRITE, there).error, 0);
    EXPECT(file_holds("a", "abcdEfgh"));
    EXPECT_OK(CloseHandle(file));
    EXPECT_EQ(tell_of(&o, READ, there).byte, 'f');
    EXPECT_EQ(tell_of(&o, CLOSE, there).error, 0);
    EXPECT_EQ(tell_of(&o, CLOSE, there).error, ERROR_INVALID_HANDLE);
    end(&o);
}

TEST(handedfiles, given_to_another_process, "L369 D12.4a")
{
    IN_BOTH(give_and_read);
}

static void take_and_read(void)
{
    struct other o = begin();
    HANDLE file, theirs;
    int before = open_descriptors();

    make_file("a", "abcdefgh");
    theirs = opened(&o, GENERIC_READ | GENERIC_WRITE, ALL);
    EXPECT_EQ(tell_of(&o, READ, theirs).byte, 'a');
    file = taken(&o, theirs);
    EXPECT_EQ(next_byte(file), 'b');
    EXPECT_EQ(tell_of(&o, READ, theirs).byte, is_shared() ? 'c' : 'b');
    EXPECT_EQ(tell_of(&o, CLOSE, theirs).error, 0);
    EXPECT_EQ(next_byte(file), is_shared() ? 'd' : 'c');
    end(&o);
    EXPECT_EQ(next_byte(file), is_shared() ? 'e' : 'd');
    EXPECT_OK(CloseHandle(file));
    EXPECT(open_descriptors() <= before);
}

TEST(handedfiles, taken_from_another_process, "L369 D12.4a")
{
    IN_BOTH(take_and_read);
}

/* A sandbox that forbids to share: the file is opened once more. */
static void where_it_is_forbidden(void)
{
    struct other o = begin();
    HANDLE file, there;

    make_file("a", "abcdefgh");
    if (!forbidden_there(&o))
        SKIP("no seccomp here");
    file = must_open("a", RW, OPEN_EXISTING);
    EXPECT_EQ(next_byte(file), 'a');
    there = given(&o, file);
    EXPECT_EQ(tell_of(&o, READ, there).byte, 'b');
    EXPECT_EQ(tell_of(&o, READ, there).byte, 'c');
    EXPECT_EQ(next_byte(file), 'b');
    EXPECT_OK(CloseHandle(file));
    end(&o);
}

TEST(handedfiles, without_the_right_to_share_the_position_is_a_copy, "L369")
{
    IN_BOTH(where_it_is_forbidden);
}

static void refuses_others(void)
{
    EXPECT_NOT_OPENED(ERROR_SHARING_VIOLATION, "a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
}

/* The file is open, and not shared, as long as any process has it. */
static void nobody_else_comes_in(bool forbidden, DWORD access)
{
    struct other o = begin();
    HANDLE file, there;

    make_file("a", "abc");
    if (forbidden && !forbidden_there(&o))
        SKIP("no seccomp here");
    file = CreateFileA("a", access, 0, NULL, OPEN_EXISTING, 0, NULL);
    MUST(file != INVALID_HANDLE_VALUE);
    there = given(&o, file);
    refuses_others();
    EXPECT_OK(CloseHandle(file));
    refuses_others();
    EXPECT_EQ(tell(&o, (struct word){OPEN, NULL, GENERIC_READ, ALL, 0}).error, ERROR_SHARING_VIOLATION);
    EXPECT_EQ(tell_of(&o, CLOSE, there).error, 0);
    EXPECT_OK(CloseHandle(must_open("a", 0, OPEN_EXISTING)));
    there = opened(&o, access, 0);
    file = taken(&o, there);
    EXPECT_EQ(tell_of(&o, CLOSE, there).error, 0);
    refuses_others();
    EXPECT_OK(CloseHandle(file));
    EXPECT_OK(CloseHandle(must_open("a", 0, OPEN_EXISTING)));
    end(&o);
}

static void sharing(void)
{
    nobody_else_comes_in(false, GENERIC_READ);
    nobody_else_comes_in(false, GENERIC_WRITE);
    nobody_else_comes_in(true, GENERIC_READ | GENERIC_WRITE);
    nobody_else_comes_in(true, GENERIC_WRITE);
}

TEST(handedfiles, what_is_not_shared_stays_so, "L370 D13.1j")
{
    IN_BOTH(sharing);
}

TEST(handedfiles, with_the_rights_that_were_asked_for, "D12.4a")
{
    struct other o = begin();
    HANDLE file, there = NULL;

    go_to("/dev/shm");
    make_file("a", "abc");
    file = must_open("a", RW, OPEN_EXISTING);
    EXPECT_OK(DuplicateHandle(own, file, o.process, &there, GENERIC_READ, FALSE, 0));
    EXPECT_EQ(tell_of(&o, READ, there).byte, 'a');
    EXPECT_EQ(tell_of(&o, WRITE, there).error, ERROR_ACCESS_DENIED);
    EXPECT_OK(DuplicateHandle(own, file, o.process, &there, 0, FALSE,
                              DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(file));
    EXPECT_EQ(tell_of(&o, READ, there).byte, is_shared() ? 'b' : 'a');
    end(&o);
    go_away();
}

TEST(handedfiles, from_and_back_it_is_one_file, "L369 D12.4e")
{
    struct other o = begin();
    HANDLE file, there, back, another;

    if (!is_shared())
        SKIP("only who shares has the same file");
    go_to("/dev/shm");
    make_file("a", "abc");
    file = must_open("a", RW, OPEN_EXISTING);
    another = must_open("a", RW, OPEN_EXISTING);
    there = given(&o, file);
    back = taken(&o, there);
    EXPECT_OK(CompareObjectHandles(file, back));
    EXPECT_FAIL(ERROR_NOT_SAME_OBJECT, CompareObjectHandles(another, back));
    end(&o);
    go_away();
}

TEST(handedfiles, pipes_and_sockets, "L369")
{
    struct other o = begin();
    int ends[2], pair[2];
    HANDLE reader, there;

    MUST(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    reader = WinmemHandleFromFd(ends[0], GENERIC_READ);
    there = given(&o, reader);
    MUST(write(ends[1], "xy", 2) == 2);
    EXPECT_EQ(tell_of(&o, READ, there).byte, 'x');
    reader = WinmemHandleFromFd(pair[0], GENERIC_READ | GENERIC_WRITE);
    if (!is_shared()) {
        EXPECT_FAIL(ERROR_ACCESS_DENIED,
                    DuplicateHandle(own, reader, o.process, &there, 0, FALSE, DUPLICATE_SAME_ACCESS));
    } else {
        there = given(&o, reader);
        MUST(write(pair[1], "z", 1) == 1);
        EXPECT_EQ(tell_of(&o, READ, there).byte, 'z');
    }
    end(&o);
}

TEST(handedfiles, who_deletes_it_is_who_opened_it, "L370 L205")
{
    struct other o = begin();
    HANDLE file, there;

    go_to("/dev/shm");
    make_file("a", "abc");
    file = CreateFileA("a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    MUST(file != INVALID_HANDLE_VALUE);
    there = given(&o, file);
    EXPECT_EQ(tell_of(&o, CLOSE, there).error, 0);
    EXPECT(is_there("a"));
    EXPECT_OK(CloseHandle(file));
    EXPECT(!is_there("a"));
    end(&o);
    go_away();
}

TEST(handedfiles, no_descriptor_is_left, "L369 L144")
{
    struct other o;
    struct rlimit limit, none;
    HANDLE theirs, file = NULL;
    int last;

    go_to("/dev/shm");
    make_file("a", "abc");
    o = begin();
    theirs = opened(&o, GENERIC_READ, ALL);
    EXPECT_OK(CloseHandle(taken(&o, theirs))); /* what is kept of the process is open by now */
    getrlimit(RLIMIT_NOFILE, &limit);
    last = fcntl(0, F_DUPFD, 0);
    MUST(last >= 0);
    close(last);
    none = (struct rlimit){(rlim_t)last, limit.rlim_max};
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    EXPECT_FAIL_EITHER(ERROR_TOO_MANY_OPEN_FILES, WinmemFeature("process_vm") ? 4 : ERROR_ACCESS_DENIED,
                       DuplicateHandle(o.process, theirs, own, &file, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    file = taken(&o, theirs);
    EXPECT_EQ(next_byte(file), 'a');
    EXPECT_OK(CloseHandle(file));
    end(&o);
    go_away();
}

#endif
