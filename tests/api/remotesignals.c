/* remotesignals.c: signals that come meanwhile are neither lost nor made up. */
#include "api.h"

#ifndef _WIN32

#include "remotestate.h"

/* --- signals meanwhile --- */

static void tick(int flags)
{
    struct itimerval timer = {{0, 1000}, {0, 1000}};

    handle(SIGALRM, flags);
    MUST(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

/* Ends early only for a handler that was installed without SA_RESTART. */
static void expect_interrupted(struct witness *w, const char *what, bool may, sig_atomic_t before,
                               long result)
{
    if (result >= 0)
        complain(w, "%s: returned %ld", what, result);
    else if (errno != EINTR || !may)
        complain(w, "%s: errno %d", what, errno);
    else if (handled == before)
        complain(w, "%s: EINTR, but there was no signal", what);
    ATOMIC_ADD(w->rounds, 1);
}

static void live_ticking_pause(struct witness *w)
{
    tick(SA_RESTART);
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        sig_atomic_t before = handled;

        expect_interrupted(w, "pause", true, before, pause());
    }
}

static void live_ticking_sigsuspend(struct witness *w)
{
    sigset_t none;

    sigemptyset(&none);
    block(SIGALRM);
    tick(0);
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        sig_atomic_t before = handled;

        expect_interrupted(w, "sigsuspend", true, before, sigsuspend(&none));
        if (!is_blocked(SIGALRM))
            complain(w, "sigsuspend: the mask is another one");
    }
}

/* The rest of a nap that was interrupted is slept as well: in all it is never too short. */
static void live_ticking_nanosleep(struct witness *w)
{
    tick(0);
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        struct timespec left = {0, 20000000};
        double began = check_seconds();

        while (nanosleep(&left, &left) != 0)
            if (errno != EINTR)
                complain(w, "nanosleep: errno %d", errno);
        if (check_seconds() - began < 0.0199)
            complain(w, "nanosleep took %f s", check_seconds() - began);
        ATOMIC_ADD(w->rounds, 1);
    }
}

/* Nothing is ever written: it must not end while all handlers want it to be made again. */
static void live_ticking_read(struct witness *w)
{
    char byte;

    tick(SA_RESTART);
    ATOMIC_SET(w->ready, 1);
    for (;;)
        if (read(pipes[0], &byte, 1) != 1)
            complain(w, "read: errno %d", errno);
        else
            ATOMIC_ADD(w->rounds, 1);
}

static void live_ticking_short_read(struct witness *w)
{
    tick(0);
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        sig_atomic_t before = handled;
        char byte;

        expect_interrupted(w, "read", true, before, read(pipes[0], &byte, 1));
    }
}

static void live_ticking_spin(struct witness *w)
{
    uint64_t pattern = 3;

    tick(SA_RESTART);
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        if (!keeps_registers(&pattern, 300) || !keeps_vectors(&pattern, 300))
            complain(w, "some register");
        ATOMIC_ADD(w->rounds, 1);
    }
}

enum { MANY_ROUNDS = 170 };

static void call_ticking(struct target *t)
{
    exercise(t, MANY_ROUNDS);
    expect_progress(t, 3);
    expect_undisturbed(t);
}

static void call_ticking_reader(struct target *t)
{
    exercise(t, MANY_ROUNDS);
    expect_undisturbed(t);
    EXPECT_EQ(ATOMIC_GET(t->w->rounds), 0);
    wake_reader(t);
    expect_progress(t, ATOMIC_GET(t->w->rounds) == 0);
}

TEST(remotesignals, a_timer_and_pause, "L83 S122 S124 S126")
{
    in_both(live_ticking_pause, call_ticking);
}

TEST(remotesignals, a_timer_and_sigsuspend, "L83 S122 S124 S126")
{
    in_both(live_ticking_sigsuspend, call_ticking);
}

TEST(remotesignals, a_timer_and_nanosleep, "L83 S122 S124 S126")
{
    in_both(live_ticking_nanosleep, call_ticking);
}

TEST(remotesignals, a_timer_and_a_read_that_is_restarted, "L83 S122 S124 S126")
{
    make_pipe();
    in_state(&(struct state){live_ticking_read, call_ticking_reader}, FOREIGN, FOREIGN);
    make_pipe();
    in_state(&(struct state){live_ticking_read, call_ticking_reader}, LIBRARY, LIBRARY);
}

TEST(remotesignals, a_timer_and_a_read_that_is_not, "L83 S122 S124 S126")
{
    make_pipe();
    in_both(live_ticking_short_read, call_ticking);
}

TEST(remotesignals, a_timer_and_all_registers, "L83 S122 S124 S126")
{
    in_both(live_ticking_spin, call_running);
}

/* Each signal is sent once, while the target waits for it: it must come through in time. */

static void live_woken(struct witness *w)
{
    sigset_t none;

    sigemptyset(&none);
    handle(SIGUSR1, 0);
    block(SIGUSR1);
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        ATOMIC_ADD(w->number[0], 1); /* the next may be sent */
        sigsuspend(&none);
        ATOMIC_ADD(w->rounds, 1);
    }
}

/* Here the sender looks whether the target waits. */
static void live_paused(struct witness *w)
{
    handle(SIGUSR1, 0);
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        pause();
        ATOMIC_ADD(w->rounds, 1);
        ATOMIC_ADD(w->number[0], 1);
    }
}

static pid_t a_caller_of(const struct target *t)
{
    pid_t parent = getpid(), caller = fork();

    if (caller == 0) {
        go_with_the_parent(parent);
        for (;;)
            if (!one_round(t->handle))
                ATOMIC_ADD(t->w->number[2], 1);
            else
                ATOMIC_ADD(t->w->number[3], 1);
    }
    return caller;
}

static void wake_once(struct target *t, bool look)
{
    uint64_t rounds = ATOMIC_GET(t->w->rounds);

    AWAIT(5, ATOMIC_GET(t->w->number[0]) > rounds);
    if (look)
        AWAIT(1, is_asleep(t->pid));
    MUST(kill(t->pid, SIGUSR1) == 0);
    for (double until = check_seconds() + (look ? 0.1 : 2); ATOMIC_GET(t->w->rounds) == rounds;)
        if (check_seconds() > until) {
            ATOMIC_ADD(t->w->number[4], 1);
            return;
        }
}

static void wake_often(struct target *t, bool look)
{
    pid_t caller = a_caller_of(t);

    for (double until = check_seconds() + 1; check_seconds() < until && !check_failures;)
        wake_once(t, look);
    kill(caller, SIGKILL);
    waitpid(caller, NULL, 0);
    EXPECT_EQ(t->w->number[2], 0);
    printf("%llu signals, %llu missed, %llu calls\n", (unsigned long long)t->w->rounds,
           (unsigned long long)t->w->number[4], (unsigned long long)t->w->number[3] * 3);
    expect_undisturbed(t);
}

static void call_woken(struct target *t)
{
    wake_often(t, false);
    EXPECT_EQ(t->w->number[4], 0);
}

/*
 * A handler may run just before the pause is begun again, as it may just before a first one: who must not miss a
 * signal uses sigsuspend. How many are missed is told, not judged.
 */
static void call_paused(struct target *t)
{
    ATOMIC_SET(t->w->number[0], 1);
    wake_often(t, true);
    EXPECT(t->w->rounds > 20);
}

TEST(remotesignals, no_signal_is_missed_in_sigsuspend, "L83 S122 S124 S126")
{
    in_both(live_woken, call_woken);
}

TEST(remotesignals, signals_that_come_in_a_pause, "L83 S122 S124 S126")
{
    in_both(live_paused, call_paused);
}

#endif
