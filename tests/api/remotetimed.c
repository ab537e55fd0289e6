/* remotetimed.c: what waits for so long, waits for so long; what was stopped, is stopped. */
#include "api.h"

#ifndef _WIN32

#include "remotestate.h"

/* --- time limits --- */

#define NAP 0.15
#define LATE 0.5 /* a busy machine */

static const struct timespec nap = {0, 150000000};

static void time_it(struct witness *w, const char *what, double began, bool right)
{
    double spent = check_seconds() - began;

    if (!right)
        complain(w, "%s: wrong result, errno %d, after %f s", what, errno, spent);
    if (spent < NAP - 0.0011 || (spent > NAP + LATE && !w->number[1]))
        complain(w, "%s took %f s", what, spent);
    ATOMIC_ADD(w->rounds, 1);
}

static void live_nanosleep(struct witness *w)
{
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        double began = check_seconds();

        time_it(w, "nanosleep", began, nanosleep(&nap, NULL) == 0);
    }
}

static void live_clock_nanosleep(struct witness *w)
{
    struct timespec until;

    ATOMIC_SET(w->ready, 1);
    for (;;) {
        double began = check_seconds();

        time_it(w, "clock_nanosleep", began, clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL) == 0);
        began = check_seconds();
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += nap.tv_nsec;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        time_it(w, "clock_nanosleep until", began,
                clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == 0);
    }
}

static void live_timed_futex(struct witness *w)
{
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        double began = check_seconds();

        time_it(w, "futex", began,
                syscall(SYS_futex, &w->number[0], FUTEX_WAIT, 0, &nap, NULL, 0) == -1 && errno == ETIMEDOUT);
    }
}

static void live_timed_poll(struct witness *w)
{
    struct pollfd fd = {.fd = pipes[0], .events = POLLIN};

    ATOMIC_SET(w->ready, 1);
    for (;;) {
        double began = check_seconds();

        time_it(w, "poll", began, poll(&fd, 1, (int)(NAP * 1000)) == 0);
    }
}

static void live_timed_ppoll(struct witness *w)
{
    struct pollfd fd = {.fd = pipes[0], .events = POLLIN};
    sigset_t none;

    sigemptyset(&none);
    block(SIGUSR1);
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        double began = check_seconds();

        time_it(w, "ppoll", began, ppoll(&fd, 1, &nap, &none) == 0 && is_blocked(SIGUSR1));
    }
}

static void live_timed_select(struct witness *w)
{
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        struct timeval limit = {0, 150000};
        double began = check_seconds();

        time_it(w, "select", began, select(0, NULL, NULL, NULL, &limit) == 0);
    }
}

/* About 10 calls a millisecond would be made; what is wanted are some in each nap. */
static void call_now_and_then(struct target *t)
{
    for (int i = 0; i < ROUNDS && !check_failures; i++) {
        exercise(t, 1);
        check_sleep(7);
    }
    expect_progress(t, 2);
    expect_undisturbed(t);
}

TEST(remotetimed, nanosleep_takes_its_time, "L83 S122 S124 S126")
{
    in_both(live_nanosleep, call_now_and_then);
}

TEST(remotetimed, clock_nanosleep_takes_its_time, "L83 S122 S124 S126")
{
    in_both(live_clock_nanosleep, call_now_and_then);
}

TEST(remotetimed, a_futex_with_a_limit, "L83 S122 S124 S126")
{
    in_both(live_timed_futex, call_now_and_then);
}

TEST(remotetimed, poll_with_a_limit, "L83 S122 S124 S126")
{
    make_pipe();
    in_both(live_timed_poll, call_now_and_then);
}

TEST(remotetimed, ppoll_with_a_limit, "L83 S122 S124 S126")
{
    make_pipe();
    in_both(live_timed_ppoll, call_now_and_then);
}

TEST(remotetimed, select_with_a_limit, "L83 S122 S124 S126")
{
    in_both(live_timed_select, call_now_and_then);
}

/* These begin anew at each call: they end when nobody calls any more. */

static void live_timed_epoll(struct witness *w)
{
    int fd = epoll_create1(0);

    w->number[1] = 1;
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        struct epoll_event got;
        double began = check_seconds();

        time_it(w, "epoll_wait", began, epoll_wait(fd, &got, 1, (int)(NAP * 1000)) == 0);
    }
}

static void live_sigtimedwait(struct witness *w)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    block(SIGUSR1);
    w->number[1] = 1;
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        double began = check_seconds();

        time_it(w, "sigtimedwait", began, sigtimedwait(&set, NULL, &nap) == -1 && errno == EAGAIN);
    }
}

TEST(remotetimed, epoll_wait_with_a_limit, "L83 S122 S124 S126")
{
    in_both(live_timed_epoll, call_now_and_then);
}

TEST(remotetimed, sigtimedwait_with_a_limit, "L83 S122 S124 S126")
{
    in_both(live_sigtimedwait, call_now_and_then);
}

/* --- stopped --- */

static void call_stopped(struct target *t)
{
    uint64_t rounds;

    MUST(kill(t->pid, SIGSTOP) == 0);
    AWAIT(5, state_of(t->pid) == 'T');
    rounds = t->w->rounds;
    for (int i = 0; i < 10; i++) {
        exercise(t, ROUNDS / 10 + 1);
        AWAIT(1, state_of(t->pid) == 'T');
        EXPECT_EQ(state_of(t->pid), 'T');
    }
    EXPECT(t->w->rounds - rounds < 1000000000); /* it may have gone on for moments */
    rounds = t->w->rounds;
    check_sleep(20);
    EXPECT_EQ(t->w->rounds, rounds);
    MUST(kill(t->pid, SIGCONT) == 0);
    expect_progress(t, 1);
    exercise(t, 10);
    expect_undisturbed(t);
}

TEST(remotetimed, stopped_while_spinning, "L83 S122 S124 S126")
{
    in_both(live_general, call_stopped);
}

static void live_late_futex(struct witness *w)
{
    w->number[1] = 1;
    live_timed_futex(w);
}

TEST(remotetimed, stopped_while_asleep, "L83 S122 S124 S126")
{
    in_both(live_late_futex, call_stopped);
}

#endif
