/*
 * A fork while other threads make, find and close names: the child has the names of the handles that it has, and holds
 * no others (L355).
 */
#include "support/apart.h"

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <windows.h>

#include "vm/sections/section.h"

enum { THREADS = 3, FORKS = 100 };

static bool stop, begun;

static void *come_and_go(void *number)
{
    char name[64];

    snprintf(name, sizeof name, "winmem-test-%d-%d", getpid(), (int)(intptr_t)number);
    __atomic_store_n(&begun, true, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        HANDLE first =
                   CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT, 0, 1, name),
               second = OpenFileMappingA(FILE_MAP_READ, FALSE, name);

        assert_true(first != NULL && second != NULL);
        assert_true(CloseHandle(first) && CloseHandle(second));
    }
    return NULL;
}

static bool is_known(int fd)
{
    const struct wm_pool *sections = &wm_home.objects.records[WM_HANDLE_SECTION];

    for (uint32_t i = 1; i < sections->used; i++) {
        const struct wm_section *section = wm_section_at(i);

        if (section->object.type == WM_HANDLE_SECTION && (section->holder == fd || section->backing.fd == fd))
            return true;
    }
    return false;
}

/* Of the directory of names, without a section. */
static int strangers(void)
{
    char path[300], begin[64];
    int count = 0;

    snprintf(begin, sizeof begin, "/dev/shm/winmem-%u/", geteuid());
    for (int fd = 3; fd < 100; fd++) {
        char link[40];
        ssize_t length;

        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, path, sizeof path - 1);
        path[length > 0 ? length : 0] = '\0';
        count += strncmp(path, begin, strlen(begin)) == 0 && !is_known(fd);
    }
    return count;
}

static pid_t fork_child(void)
{
    return fork();
}

/* As clone does it: nobody is told, and the child finds out when it calls. */
static pid_t clone_child(void)
{
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

/* A book that was being changed stays torn in a child that nobody was told of. */
static void come_alive(void)
{
    MEMORY_BASIC_INFORMATION info;

    VirtualQuery(&stop, &info, sizeof info);
    CloseHandle(OpenFileMappingA(FILE_MAP_READ, FALSE, "winmem-test-nobody"));
}

static void children_hold_no_more_than_they_have(pid_t (*make)(void))
{
    pthread_t threads[THREADS];

    for (intptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, (void *)i), 0);
    for (int i = 0; i < FORKS; i++) {
        int status = 1;
        pid_t pid;

        sched_yield();
        pid = make();
        assert_true(pid >= 0);
        if (pid == 0) {
            alarm(20);
            come_alive();
            _exit(wm_home_is_torn() ? 0 : strangers());
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELEASE);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void forked(void **state)
{
    (void)state;
    children_hold_no_more_than_they_have(fork_child);
}

static void cloned(void **state)
{
    (void)state;
    if (THREAD_SANITIZED)
        skip(); /* it takes the child for one more thread */
    children_hold_no_more_than_they_have(clone_child);
}

/* The file of a name is there before the first call has an object to keep. */
static int one_forks_in_its_first_call(int moment)
{
    pthread_t thread;
    pid_t pid;
    int status = 1;

    if (pthread_create(&thread, NULL, come_and_go, NULL) != 0)
        return 1;
    while (!__atomic_load_n(&begun, __ATOMIC_ACQUIRE))
        ;
    for (volatile int i = 0; i < moment * 100; i++)
        ;
    pid = fork_child();
    if (pid == 0) {
        alarm(20);
        come_alive();
        _exit(strangers());
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0 : 1;
}

static void forked_in_the_first_call(void **state)
{
    enum { MOMENTS = 300 };

    (void)state;
    if (THREAD_SANITIZED)
        skip(); /* its threads wait for each other in a process that was forked from one with threads */
    for (int i = 0; i < MOMENTS; i++) {
        int status = 1;
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0)
            _exit(one_forks_in_its_first_call(i));
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forked),
        cmocka_unit_test(cloned),
        cmocka_unit_test(forked_in_the_first_call),
    };

    return RUN_APART(tests);
}
