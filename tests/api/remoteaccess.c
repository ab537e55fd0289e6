/* remoteaccess.c: who may call whom. */
#include "api.h"

#ifndef _WIN32

#include "remotestate.h"

/* --- access --- */

enum { NOBODY = 65534 };

/* As another user; exits with how many checks failed. */
static int as_nobody(void (*check)(pid_t), pid_t target)
{
    pid_t parent = getpid(), caller;
    int status = 0;

    fflush(NULL);
    caller = fork();
    if (caller == 0) {
        go_with_the_parent(parent);
        if (setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0)
            _exit(99);
        prctl(PR_SET_DUMPABLE, 1);
        check(target);
        check_end(check_failures != 0);
    }
    MUST(waitpid(caller, &status, 0) == caller);
    return status;
}

static void expect_denied(pid_t pid)
{
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);

    if (process == NULL)
        EXPECT_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    else
        EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocEx(process, NULL, GRAIN, MEM_RESERVE, RW));
}

static void expect_admitted(pid_t pid)
{
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);

    MUST(process != NULL);
    for (int i = 0; i < 10; i++)
        EXPECT(one_round(process));
}

static void live_waiting(struct witness *w)
{
    ATOMIC_SET(w->ready, 1);
    for (;;)
        pause();
}

static void become_nobody(void)
{
    MUST(setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0);
}

static void live_as_nobody(struct witness *w)
{
    become_nobody();
    prctl(PR_SET_DUMPABLE, 1);
    live_waiting(w);
}

static void live_undumpable(struct witness *w)
{
    become_nobody();
    prctl(PR_SET_DUMPABLE, 0);
    live_waiting(w);
}

static void call_as_nobody(void (*live)(struct witness *), void (*check)(pid_t))
{
    if (getuid() != 0)
        SKIP("only root can become somebody else");
    for (enum kind kind = FOREIGN; kind < KINDS; kind++) {
        struct target t = start(kind, live);

        must_be_ready(&t);
        EXPECT_EQ(as_nobody(check, t.pid), 0);
        expect_undisturbed(&t);
        EXPECT_EQ(tracer_of(t.pid), 0);
        kill_target(&t);
    }
}

TEST(remoteaccess, another_users_process, "L85 O204 S136")
{
    call_as_nobody(live_waiting, expect_denied);
}

TEST(remoteaccess, a_process_of_the_same_user, "O204 S136")
{
    NOT_UNDER_TSAN;
    call_as_nobody(live_as_nobody, expect_admitted);
}

TEST(remoteaccess, a_process_that_is_not_dumpable, "L85 O204 S136")
{
    call_as_nobody(live_undumpable, expect_denied);
}

TEST(remoteaccess, root_calls_all, "O204 S136")
{
    NOT_UNDER_TSAN;
    if (getuid() != 0)
        SKIP("only root can become somebody else");
    for (enum kind kind = FOREIGN; kind < KINDS; kind++) {
        struct target t = start(kind, kind == FOREIGN ? live_undumpable : live_as_nobody);

        open_target(&t);
        exercise(&t, 10);
        kill_target(&t);
    }
}

TEST(remoteaccess, the_dead, "L84")
{
    struct target t = start(FOREIGN, live_waiting);

    open_target(&t);
    kill(t.pid, SIGKILL);
    AWAIT(5, state_of(t.pid) == 'Z');
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocEx(t.handle, NULL, GRAIN, MEM_RESERVE, RW));
    waitpid(t.pid, NULL, 0);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocEx(t.handle, NULL, GRAIN, MEM_RESERVE, RW));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualFreeEx(t.handle, (void *)GRAIN, 0, MEM_RELEASE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t.pid));
    EXPECT_OK(CloseHandle(t.handle));
}

/* Has executed that file, and has come to its first wait. */
static bool runs(pid_t pid, const char *path)
{
    char link[40], file[64] = "";

    snprintf(link, sizeof link, "/proc/%d/exe", pid);
    return readlink(link, file, sizeof file - 1) > 0 && strcmp(file, path) == 0 && state_of(pid) == 'S';
}

/* Where the kernel has no 32-bit programs, one can still be built: so it is started, before anybody calls it. */
static pid_t start_32_bit(char *path)
{
    char command[300], *argv[] = {path, NULL};
    pid_t pid;

    snprintf(command, sizeof command,
             "echo 'void _start(void){for(;;)__asm__(\"int $0x80\"::\"a\"(29));}' |"
             " cc -m32 -nostdlib -static -x c -o %s - 2>/dev/null",
             path);
    if (system(command) != 0) {
        unlink(path);
        SKIP("-m32 does not work here");
    }
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execv(path, argv);
        _exit(127);
    }
    AWAIT(10, waitpid(pid, NULL, WNOHANG) == pid || runs(pid, path));
    unlink(path);
    if (kill(pid, 0) != 0)
        SKIP("a 32-bit program can be built, but does not run here");
    return pid;
}

TEST(remoteaccess, a_32_bit_process, "L85")
{
    char path[] = "/tmp/winmem-32-XXXXXX";
    int fd = mkstemp(path);
    HANDLE process;
    pid_t pid;

    MUST(fd >= 0);
    close(fd);
    pid = start_32_bit(path);
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, VirtualAllocEx(process, NULL, GRAIN, MEM_RESERVE, RW));
    EXPECT_EQ(waitpid(pid, NULL, WNOHANG), 0);
    EXPECT_EQ(tracer_of(pid), 0);
    AWAIT(5, state_of(pid) == 'S'); /* it may just be on its way back to sleep */
    EXPECT_EQ(state_of(pid), 'S');
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

#endif
