/* tracing.c: a thread of another process that is stopped for a moment (ptrace; src/kern/process/hold.c, borrow.c). */
#include <pthread.h>

#include "trace.h"

/* --- who holds whom --- */

/*
 * Seen on 6.18: a stopped thread answers, a running one is -ESRCH; so nobody has to wait, who might take another's
 * answer.
 */
PIN(only_who_stands_answers, "hold.c")
{
    struct child c = child_of(NULL);
    siginfo_t info;

    seize(c.pid, 0);
    EXPECT_ANSWER(-ESRCH, trace(PTRACE_GETSIGINFO, c.pid, 0, (unsigned long)&info));
    EXPECT_ANSWER(-ESRCH, trace(PTRACE_DETACH, c.pid, 0, 0));
    MUST(trace(PTRACE_INTERRUPT, c.pid, 0, 0) == 0);
    EXPECT(stands(c.pid) == (SIGTRAP | PTRACE_EVENT_STOP << 8));
    EXPECT_ANSWER(0, trace(PTRACE_DETACH, c.pid, 0, 0));
    child_ends(&c);
}

/* Seen on 6.18: who is traced already cannot be seized by another one: -EPERM. */
PIN(there_is_one_tracer, "hold.c borrow.h")
{
    struct child c = child_of(NULL);
    int status;

    stop(c.pid);
    IN_CHILD(status)
    EXPECT_ANSWER(-EPERM, trace(PTRACE_SEIZE, c.pid, 0, 0));
    EXPECT(is_fine(status));
    child_ends(&c);
}

static void *let_go(void *pid)
{
    return (void *)trace(PTRACE_DETACH, *(pid_t *)pid, 0, 0);
}

/* Seen on 6.18: the tracer is a thread: another one of the same process cannot let go. */
PIN(the_tracer_is_a_thread, "loans.c")
{
    struct child c = child_of(NULL);
    pthread_t thread;
    void *answer;

    stop(c.pid);
    MUST(pthread_create(&thread, NULL, let_go, &c.pid) == 0 && pthread_join(thread, &answer) == 0);
    EXPECT_ANSWER(-ESRCH, (long)answer);
    EXPECT_ANSWER(0, trace(PTRACE_DETACH, c.pid, 0, 0));
    child_ends(&c);
}

/* Seen on 6.18: of a thread that one traces waitid tells stops as well, though it was asked for ends only. */
PIN(waitid_tells_stops_of_the_traced, "hold.c")
{
    struct child c = child_of(NULL);
    siginfo_t info = {.si_pid = 0};

    stop(c.pid);
    EXPECT_ANSWER(0, CALL(waitid, P_PID, c.pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL, NULL));
    EXPECT(info.si_pid == c.pid && info.si_code == CLD_TRAPPED);
    child_ends(&c);
}

/* --- the death of either --- */

/* Runs `hold` in a tracer that dies at once. */
static void die_holding(const struct child *c, void (*hold)(pid_t))
{
    int status;

    IN_CHILD(status)
    {
        stop(c->pid);
        if (hold != NULL)
            hold(c->pid);
        kill(getpid(), SIGKILL);
    }
    MUST(is_killed_by(status, SIGKILL) || WEXITSTATUS(status) == PIN_SKIPPED);
    SKIP_IF(!WIFSIGNALED(status), "a sibling cannot be traced (Yama, a sandbox)");
}

/* Seen on 6.18: who dies holding a thread has let it go, as it was. */
PIN(a_dead_tracer_has_let_go, "borrow.h")
{
    struct child c = child_of(NULL);

    die_holding(&c, NULL);
    until_it_is(c.pid, 'S');
    MUST(close(c.tell) == 0); /* its read ends: it goes on */
    EXPECT(waitpid(c.pid, NULL, 0) == c.pid);
}

static void block_all(pid_t pid)
{
    uint64_t all = UINT64_MAX;

    MUST(trace(PTRACE_SETSIGMASK, pid, sizeof all, (unsigned long)&all) == 0);
}

static uint64_t blocked_by(pid_t pid)
{
    char path[40], line[200];
    unsigned long mask = 0;
    FILE *status;

    snprintf(path, sizeof path, "/proc/%d/status", pid);
    status = fopen(path, "re");
    MUST(status != NULL);
    while (fgets(line, sizeof line, status) != NULL)
        sscanf(line, "SigBlk: %lx", &mask);
    fclose(status);
    return mask;
}

/*
 * Seen on 6.18: but the signals that it blocked there stay blocked. So registers are set first, and bring back the
 * mask.
 */
PIN(a_dead_tracers_mask_stays, "borrow.c")
{
    struct child c = child_of(NULL);

    die_holding(&c, block_all);
    EXPECT(blocked_by(c.pid) & 1u << (SIGTERM - 1));
    child_ends(&c);
}

/*
 * Seen on 6.18: who is killed while he is held stops once more, and let go there he ends as if nobody had held him.
 */
PIN(on_its_way_to_its_end_a_thread_stops, "hold.c")
{
    struct child c = child_of(NULL);
    int status;

    stop(c.pid);
    MUST(kill(c.pid, SIGTERM) == 0 && kill(c.pid, SIGKILL) == 0);
    for (int i = 0; i < PATIENCE && stands(c.pid) != (SIGTRAP | PTRACE_EVENT_EXIT << 8); i++)
        nap();
    EXPECT(stands(c.pid) == (SIGTRAP | PTRACE_EVENT_EXIT << 8));
    EXPECT_ANSWER(0, trace(PTRACE_DETACH, c.pid, 0, 0));
    MUST(waitpid(c.pid, &status, 0) == c.pid);
    EXPECT(is_killed_by(status, SIGKILL));
}

/* --- stopped processes --- */

/* Seen on 6.18: one that SIGSTOP has stopped is told by that signal, and is stopped again when it is let go. */
PIN(who_was_stopped_stays_stopped, "hold.c borrow.c")
{
    struct child c = child_of(NULL);

    MUST(kill(c.pid, SIGSTOP) == 0);
    until_it_is(c.pid, 'T');
    seize(c.pid, 0);
    MUST(trace(PTRACE_INTERRUPT, c.pid, 0, 0) == 0);
    EXPECT(stands(c.pid) == (SIGSTOP | PTRACE_EVENT_STOP << 8));
    EXPECT_ANSWER(0, trace(PTRACE_DETACH, c.pid, 0, 0));
    until_it_is(c.pid, 'T');
    child_ends(&c);
}

/* --- exec --- */

static volatile pid_t *second;

static void *call_exec(void *hear)
{
    char *const again[] = {(char *)"pin", (char *)"--hold", NULL};
    char word;

    *second = (pid_t)CALL(gettid, 0);
    if (read(*(int *)hear, &word, 1) == 1)
        execv("/proc/self/exe", again);
    _exit(0);
}

/* Seen on 6.18: a thread that calls exec goes on under the first one's number, traced as it was. */
PIN(who_calls_exec_takes_the_first_number, "hold.c")
{
    int ends[2], out[2], in[2];
    char word;
    pthread_t thread;
    pid_t pid;

    second = (volatile pid_t *)map_with(PAGE, BOTH, MAP_SHARED);
    MUST(pipe2(ends, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(in, O_CLOEXEC) == 0);
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(in[0], 0);
        dup2(out[1], 1);
        MUST(pthread_create(&thread, NULL, call_exec, &ends[0]) == 0);
        for (;;)
            pause();
    }
    for (int i = 0; i < PATIENCE && *second == 0; i++)
        nap();
    MUST(*second != 0);
    seize(*second, 0);
    EXPECT_ANSWER(-ESRCH, trace(PTRACE_INTERRUPT, pid, 0, 0));
    MUST(write(ends[1], "x", 1) == 1 && read(out[0], &word, 1) == 1); /* it speaks when it has begun again */
    EXPECT_ANSWER(-ESRCH, trace(PTRACE_INTERRUPT, *second, 0, 0));
    EXPECT_ANSWER(0, trace(PTRACE_INTERRUPT, pid, 0, 0));
    EXPECT(stands(pid) != 0);
    kill(pid, SIGKILL);
}
