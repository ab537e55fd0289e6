/* remoteblocked.c: what waits in the kernel for something goes on waiting for it, and gets it. */
#include "api.h"

TEST(remoteblocked, a_caller_may_be_its_own_target, "S122")
{
    HANDLE handle = self_with(PROCESS_VM_OPERATION);

    EXPECT_OK(VirtualFreeEx(handle, VirtualAllocEx(handle, NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS), 0,
                            MEM_RELEASE));
}

#ifndef _WIN32

#include "remotestate.h"

/* --- a call that does not end before it is woken --- */

static void live_reading(struct witness *w)
{
    char byte;

    about_to_wait(w);
    came_back(w, read(pipes[0], &byte, 1), 1, 0);
}

static void call_reading(struct target *t)
{
    call_and_wake(t, wake_reader);
}

TEST(remoteblocked, blocked_in_read, "L83 S122 S124 S126")
{
    make_pipe();
    in_state(&(struct state){live_reading, call_reading}, FOREIGN, FOREIGN);
    make_pipe();
    in_state(&(struct state){live_reading, call_reading}, LIBRARY, LIBRARY);
}

static void live_futex(struct witness *w)
{
    uint32_t *word = (uint32_t *)&w->number[0];

    about_to_wait(w);
    came_back(w, syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0), 0, 0);
}

static void wake_futex(struct target *t)
{
    futex((uint32_t *)&t->w->number[0], FUTEX_WAKE, 1);
}

static void call_futex(struct target *t)
{
    call_and_wake(t, wake_futex);
}

TEST(remoteblocked, blocked_on_a_futex, "L83 S122 S124 S126")
{
    in_both(live_futex, call_futex);
}

static void live_epoll(struct witness *w)
{
    struct epoll_event event = {.events = EPOLLIN}, got;
    int fd = epoll_create1(0);

    MUST(epoll_ctl(fd, EPOLL_CTL_ADD, pipes[0], &event) == 0);
    about_to_wait(w);
    came_back(w, epoll_wait(fd, &got, 1, -1), 1, 0);
}

TEST(remoteblocked, blocked_in_epoll_wait, "L83 S122 S124 S126")
{
    make_pipe();
    in_state(&(struct state){live_epoll, call_reading}, FOREIGN, FOREIGN);
    make_pipe();
    in_state(&(struct state){live_epoll, call_reading}, LIBRARY, LIBRARY);
}

static void live_poll(struct witness *w)
{
    struct pollfd fd = {.fd = pipes[0], .events = POLLIN};

    about_to_wait(w);
    came_back(w, poll(&fd, 1, -1), 1, 0);
}

TEST(remoteblocked, blocked_in_poll, "L83 S122 S124 S126")
{
    make_pipe();
    in_state(&(struct state){live_poll, call_reading}, FOREIGN, FOREIGN);
    make_pipe();
    in_state(&(struct state){live_poll, call_reading}, LIBRARY, LIBRARY);
}

static void live_select(struct witness *w)
{
    fd_set set;

    FD_ZERO(&set);
    FD_SET(pipes[0], &set);
    about_to_wait(w);
    came_back(w, select(pipes[0] + 1, &set, NULL, NULL, NULL), 1, 0);
}

TEST(remoteblocked, blocked_in_select, "L83 S122 S124 S126")
{
    make_pipe();
    in_state(&(struct state){live_select, call_reading}, FOREIGN, FOREIGN);
    make_pipe();
    in_state(&(struct state){live_select, call_reading}, LIBRARY, LIBRARY);
}

static void wake_by_signal(struct target *t)
{
    MUST(kill(t->pid, SIGUSR1) == 0);
}

static void call_signalled(struct target *t)
{
    call_and_wake(t, wake_by_signal);
}

static void live_pause(struct witness *w)
{
    handle(SIGUSR1, SA_RESTART);
    about_to_wait(w);
    came_back(w, pause(), -1, EINTR);
}

TEST(remoteblocked, blocked_in_pause, "L83 S122 S124 S126")
{
    in_both(live_pause, call_signalled);
}

static void live_sigsuspend(struct witness *w)
{
    sigset_t none;

    sigemptyset(&none);
    handle(SIGUSR1, SA_RESTART);
    block(SIGUSR1);
    about_to_wait(w);
    if (sigsuspend(&none) != -1 || errno != EINTR || handled != 1 || !is_blocked(SIGUSR1))
        complain(w, "sigsuspend: errno %d, %d handled, blocked %d", errno, (int)handled, is_blocked(SIGUSR1));
    errno = EINTR;
    came_back(w, -1, -1, EINTR);
}

TEST(remoteblocked, blocked_in_sigsuspend, "L83 S122 S124 S126")
{
    in_both(live_sigsuspend, call_signalled);
}

static void live_sigwaitinfo(struct witness *w)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    block(SIGUSR1);
    about_to_wait(w);
    came_back(w, sigwaitinfo(&set, NULL), SIGUSR1, 0);
}

TEST(remoteblocked, blocked_in_sigwaitinfo, "L83 S122 S124 S126")
{
    in_both(live_sigwaitinfo, call_signalled);
}

static void live_waitpid(struct witness *w)
{
    pid_t parent = getpid(), child = fork();
    int status = 0;

    if (child == 0) {
        go_with_the_parent(parent);
        while (!ATOMIC_GET(w->stop))
            check_sleep(1);
        _exit(9);
    }
    about_to_wait(w);
    came_back(w, waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : -1, 9, 0);
}

static void wake_by_stop(struct target *t)
{
    ATOMIC_SET(t->w->stop, 1);
}

static void call_stopping(struct target *t)
{
    call_and_wake(t, wake_by_stop);
}

TEST(remoteblocked, blocked_in_waitpid, "L83 S122 S124 S126")
{
    in_both(live_waitpid, call_stopping);
}

static void live_accept(struct witness *w)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "winmem-remotestates-%d", getpid());
    MUST(bind(fd, (struct sockaddr *)&name, sizeof name) == 0 && listen(fd, 1) == 0);
    about_to_wait(w);
    came_back(w, accept(fd, NULL, NULL) > fd, 1, 0);
}

static void wake_by_connecting(struct target *t)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};

    snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "winmem-remotestates-%d", t->pid);
    MUST(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, sizeof name) == 0);
}

static void call_accepting(struct target *t)
{
    call_and_wake(t, wake_by_connecting);
}

TEST(remoteblocked, blocked_in_accept, "L83 S122 S124 S126")
{
    in_both(live_accept, call_accepting);
}

static void live_write(struct witness *w)
{
    static char much[200000];
    ssize_t sum = 0, n = 0;

    about_to_wait(w);
    for (; n >= 0 && sum < (ssize_t)sizeof much; sum += n)
        n = write(pipes[1], much,
                  sizeof much - (size_t)sum); /* a stop makes it end early, if something was written */
    came_back(w, sum, sizeof much, 0);
}

static void wake_writer(struct target *t)
{
    static char much[200000];
    size_t got = 0;

    (void)t;
    while (got < sizeof much) {
        ssize_t n = read(pipes[0], much, sizeof much - got);

        MUST(n > 0);
        got += (size_t)n;
    }
}

static void call_writing(struct target *t)
{
    call_and_wake(t, wake_writer);
}

TEST(remoteblocked, blocked_in_write, "L83 S122 S124 S126")
{
    make_pipe();
    in_state(&(struct state){live_write, call_writing}, FOREIGN, FOREIGN);
    make_pipe();
    in_state(&(struct state){live_write, call_writing}, LIBRARY, LIBRARY);
}

#endif
