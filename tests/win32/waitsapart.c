/*
 * waitsapart.c: events, mutexes and semaphores of several processes: by names, by fork, by DuplicateHandle and by exec; and
 * what is left when one of them is killed.
 */
#include "waits.h"

#ifdef WINMEM_VERSION_MAJOR

#include <sys/mman.h>
#include <sys/prctl.h>

#include "../support/child.h"

/* Runs in a child that ends with 0 if nothing failed in it. */
#define IN_CHILD(pid, ...)                                                                                   \
    do {                                                                                                     \
        pid = fork_child();                                                                                  \
        if (pid == 0) {                                                                                      \
            prctl(PR_SET_PDEATHSIG, SIGKILL);                                                                \
            __VA_ARGS__;                                                                                     \
            fflush(NULL);                                                                                    \
            _exit(check_failures != 0);                                                                      \
        }                                                                                                    \
    } while (0)

static void expect_ended_well(pid_t pid)
{
    int status = -1;

    MUST(waitpid(pid, &status, 0) == pid);
    EXPECT_EQ(status, 0);
}

static void expect_killed(pid_t pid)
{
    int status = -1;

    MUST(kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid);
    EXPECT(WIFSIGNALED(status));
}

/* --- forks --- */

TEST(waitsapart, a_child_of_fork_has_the_same_objects, "L442")
{
    HANDLE event = new_event(FALSE, FALSE), back = new_event(FALSE, FALSE), semaphore = new_semaphore(0, 10);
    pid_t child;

    IN_CHILD(child, {
        EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(event, 10000));
        EXPECT_OK(ReleaseSemaphore(semaphore, 3, NULL));
        EXPECT_OK(SetEvent(back));
    });
    check_sleep(20);
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(back, 10000));
    for (int i = 0; i < 3; i++)
        EXPECT_WAIT(WAIT_OBJECT_0, look(semaphore));
    EXPECT_WAIT(WAIT_TIMEOUT, look(semaphore));
    expect_ended_well(child);
    CloseHandle(event);
    CloseHandle(back);
    CloseHandle(semaphore);
}

TEST(waitsapart, what_is_made_after_a_fork_is_each_ones_own, "L442")
{
    HANDLE before = new_event(FALSE, FALSE), mine;
    pid_t child;

    IN_CHILD(child, {
        HANDLE handles[20];

        for (int i = 0; i < 20; i++)
            handles[i] = new_event(TRUE, TRUE);
        for (int i = 0; i < 20; i++)
            EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(handles[i], 1000));
        check_sleep(50);
        EXPECT_WAIT(WAIT_TIMEOUT, look(before));
    });
    CloseHandle(before);
    for (int i = 0; i < 20; i++) {
        mine = new_event(TRUE, FALSE);
        EXPECT_WAIT(WAIT_TIMEOUT, look(mine));
    }
    mine = new_event(TRUE, TRUE);
    expect_ended_well(child);
}

TEST(waitsapart, a_mutex_stays_with_the_thread_that_forked, "L442")
{
    HANDLE mutex = new_mutex(TRUE), looked = new_event(TRUE, FALSE);
    pid_t child;

    IN_CHILD(child, {
        EXPECT_WAIT(WAIT_TIMEOUT, look(mutex));
        EXPECT_FAIL(ERROR_NOT_OWNER, ReleaseMutex(mutex));
        EXPECT_OK(SetEvent(looked));
        EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(mutex, 10000));
        EXPECT_OK(ReleaseMutex(mutex));
    });
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(looked, 10000));
    check_sleep(10);
    EXPECT_OK(ReleaseMutex(mutex));
    expect_ended_well(child);
    EXPECT_WAIT(WAIT_OBJECT_0, look(mutex));
    CloseHandle(looked);
    CloseHandle(mutex);
}

/* --- names --- */

TEST(waitsapart, another_process_finds_it_by_its_name, "L420")
{
    HANDLE ready = new_event(FALSE, FALSE), event = CreateEventA(NULL, FALSE, FALSE, name_of("e"));
    pid_t child;

    IN_CHILD(child, {
        HANDLE mine = OpenEventA(EVENT_ALL_ACCESS, FALSE, name_of("e"));

        EXPECT_HANDLE(mine);
        SetEvent(ready);
        EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(mine, 10000));
    });
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(ready, 10000));
    check_sleep(20);
    EXPECT_OK(SetEvent(event));
    expect_ended_well(child);
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    CloseHandle(event);
}

TEST(waitsapart, a_name_lasts_as_long_as_somebody_has_it, "L440")
{
    HANDLE ready = new_event(FALSE, FALSE), event;
    pid_t child;

    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenEventA(SYNCHRONIZE, FALSE, name_of("e")));
    IN_CHILD(child, {
        EXPECT_HANDLE(CreateEventA(NULL, TRUE, TRUE, name_of("e")));
        SetEvent(ready);
        pause();
    });
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(ready, 10000));
    EXPECT_HANDLE(event = OpenEventA(SYNCHRONIZE, FALSE, name_of("e")));
    expect_killed(child);
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    CloseHandle(event);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenEventA(SYNCHRONIZE, FALSE, name_of("e")));
}

static HANDLE closing;

static void wait_for_closing(void *arg)
{
    (void)arg;
    EXPECT_EQ(WaitForSingleObject(closing, 200), WAIT_TIMEOUT);
}

TEST(waitsapart, who_waits_by_a_closed_handle_holds_no_name, "L440")
{
    struct check_thread thread;

    EXPECT_HANDLE(closing = CreateEventA(NULL, TRUE, FALSE, name_of("e")));
    thread_start(&thread, wait_for_closing, NULL);
    check_sleep(50);
    CloseHandle(closing);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenEventA(SYNCHRONIZE, FALSE, name_of("e")));
    thread_join(&thread);
}

/* --- killed owners --- */

static pid_t own_in_child(HANDLE ready)
{
    pid_t child;

    IN_CHILD(child, {
        HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, name_of("m"));

        EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(mutex, 10000));
        SetEvent(ready);
        pause();
    });
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(ready, 10000));
    return child;
}

TEST(waitsapart, a_killed_owner_has_abandoned_it, "L441")
{
    HANDLE ready = new_event(FALSE, FALSE), mutex = CreateMutexA(NULL, FALSE, name_of("m"));

    for (int i = 0; i < 5; i++) {
        pid_t child = own_in_child(ready);

        EXPECT_WAIT(WAIT_TIMEOUT, look(mutex));
        expect_killed(child);
        EXPECT_WAIT(WAIT_ABANDONED, look(mutex));
        EXPECT_OK(ReleaseMutex(mutex));
    }
    CloseHandle(mutex);
}

static void *kill_later(void *arg)
{
    check_sleep(50);
    kill(*(pid_t *)arg, SIGKILL);
    return NULL;
}

/* Also while nobody has waited for the process, so that it has its number still. */
TEST(waitsapart, who_waits_is_told_of_a_killed_owner_soon, "L441")
{
    HANDLE ready = new_event(FALSE, FALSE), mutex = CreateMutexA(NULL, FALSE, name_of("m"));
    HANDLE both[2] = {new_event(FALSE, FALSE), mutex};

    for (int i = 0; i < 4; i++) {
        pid_t child = own_in_child(ready);
        pthread_t killer;
        double before;

        MUST(pthread_create(&killer, NULL, kill_later, &child) == 0);
        before = check_seconds();
        if (i % 2 == 0)
            EXPECT_WAIT(WAIT_ABANDONED, WaitForSingleObject(mutex, 10000));
        else
            EXPECT_WAIT(WAIT_ABANDONED_0 + 1, WaitForMultipleObjects(2, both, FALSE, 10000));
        EXPECT(check_seconds() - before < 0.05 + 0.1 + 0.2); /* and what a busy machine takes */
        EXPECT_OK(ReleaseMutex(mutex));
        pthread_join(killer, NULL);
        MUST(waitpid(child, NULL, 0) == child);
    }
    CloseHandle(mutex);
}

/* A child that is killed while it takes all of several leaves nothing marked for ever. */
TEST(waitsapart, killed_while_taking_several, "L436 L441")
{
    HANDLE handles[3] = {CreateMutexA(NULL, FALSE, name_of("a")), CreateMutexA(NULL, FALSE, name_of("b")),
                         CreateSemaphoreA(NULL, 1, 1, name_of("c"))};

    for (int i = 0; i < 40; i++) {
        pid_t child;

        IN_CHILD(child, {
            for (;;)
                if (WaitForMultipleObjects(3, handles, TRUE, 1000) <= WAIT_ABANDONED_0) {
                    ReleaseSemaphore(handles[2], 1, NULL);
                    ReleaseMutex(handles[1]);
                    ReleaseMutex(handles[0]);
                }
        });
        check_sleep((unsigned)i % 4);
        expect_killed(child);
        for (int k = 0; k < 2; k++) {
            DWORD result = WaitForSingleObject(handles[k], 1000);

            EXPECT(result == WAIT_OBJECT_0 || result == WAIT_ABANDONED);
            EXPECT_OK(ReleaseMutex(handles[k]));
        }
        WaitForSingleObject(handles[2], 0);
        EXPECT_OK(ReleaseSemaphore(handles[2], 1, NULL));
    }
    for (int k = 0; k < 3; k++)
        CloseHandle(handles[k]);
}

/* --- handles that go to others --- */

TEST(waitsapart, a_duplicate_in_another_process, "L442")
{
    HANDLE ready = new_event(FALSE, FALSE);
    HANDLE event = new_event(FALSE, FALSE), named = CreateSemaphoreA(NULL, 0, 1, name_of("s")), process;
    HANDLE theirs = NULL, theirs_named = NULL;
    int to_child[2], status = -1;
    pid_t child;

    MUST(pipe(to_child) == 0);
    IN_CHILD(child, {
        HANDLE handles[2];

        close(to_child[1]);
        EXPECT_OK(SetEvent(ready));
        MUST(read(to_child[0], handles, sizeof handles) == sizeof handles);
        CloseHandle(event);
        CloseHandle(named);
        EXPECT_WAIT(WAIT_OBJECT_0, WaitForMultipleObjects(2, handles, TRUE, 10000));
    });
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(ready, 10000));
    check_sleep(20); /* it is in the middle of nothing then */
    MUST((process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)child)) != NULL);
    EXPECT_OK(DuplicateHandle(GetCurrentProcess(), event, process, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_OK(
        DuplicateHandle(GetCurrentProcess(), named, process, &theirs_named, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(write(to_child[1], (HANDLE[]){theirs, theirs_named}, 2 * sizeof(HANDLE)) == 2 * sizeof(HANDLE));
    check_sleep(30);
    EXPECT_OK(SetEvent(event));
    EXPECT_OK(ReleaseSemaphore(named, 1, NULL));
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
}

/* The program itself, called anew with a handle in its environment. */
static int run_again(const char *test, HANDLE handle)
{
    char value[32], *argv[] = {(char *)"again", (char *)test, NULL};
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        snprintf(value, sizeof value, "%lu", (unsigned long)(uintptr_t)handle);
        setenv("WAITS_HANDLE", value, 1);
        execv("/proc/self/exe", argv);
        _exit(2);
    }
    MUST(child > 0 && waitpid(child, &status, 0) == child);
    return status;
}

static HANDLE handle_from_before(void)
{
    const char *value = getenv("WAITS_HANDLE");

    return value == NULL ? NULL : (HANDLE)(uintptr_t)strtoul(value, NULL, 10);
}

TEST(waitsapart, exec_passes_them_on, "L421 L442")
{
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    HANDLE before = handle_from_before(), event, other, named;

    if (before != NULL) {
        EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(before, 0));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, SetEvent((HANDLE)((uintptr_t)before + 4)));
        EXPECT_OK(SetEvent(before));
        return;
    }
    EXPECT_FAIL(ERROR_NOACCESS, CreateEventA((LPSECURITY_ATTRIBUTES)(uintptr_t)8, FALSE, FALSE, NULL));
    event = CreateEventA(&inherited, FALSE, TRUE, NULL);
    other = CreateEventA(NULL, FALSE, TRUE, NULL);
    EXPECT_HANDLE(event);
    EXPECT_EQ(run_again("waitsapart.exec_passes_them_on", event), 0);
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_WAIT(WAIT_OBJECT_0, look(other));
    CloseHandle(event);
    CloseHandle(other);
    named = CreateEventA(&inherited, FALSE, TRUE, name_of("n"));
    other = CreateEventA(NULL, FALSE, TRUE, NULL);
    EXPECT_EQ(run_again("waitsapart.exec_passes_them_on", named), 0);
    EXPECT_WAIT(WAIT_OBJECT_0, look(named));
    CloseHandle(named);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenEventA(SYNCHRONIZE, FALSE, name_of("n")));
}

/* --- of every type --- */

TEST(waitsapart, sixty_four_of_every_type, "L435 L436 L437")
{
    HANDLE handles[64];
    pid_t child;
    int end[2];
    char c;

    MUST(pipe(end) == 0);
    IN_CHILD(child, {
        close(end[1]);
        MUST(read(end[0], &c, 1) == 0);
    });
    close(end[0]);
    for (int i = 0; i < 64; i++)
        handles[i] = i % 3 == 0   ? new_event(FALSE, FALSE)
                     : i % 3 == 1 ? new_mutex(FALSE)
                                  : new_semaphore(0, 1);
    handles[0] = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)child);
    handles[1] = CreateMemoryResourceNotification(HighMemoryResourceNotification);
    handles[2] = WinmemHandleFromFd(0, 0);
    if (handles[2] == NULL)
        handles[2] = new_event(TRUE, TRUE);
    EXPECT_WAIT(WAIT_TIMEOUT, WaitForMultipleObjects(64, handles, TRUE, 30));
    EXPECT(WaitForMultipleObjects(64, handles, FALSE, 1000) <= WAIT_OBJECT_0 + 2);
    for (int i = 3; i < 64; i++)
        if (i % 3 == 0)
            SetEvent(handles[i]);
        else if (i % 3 == 2)
            ReleaseSemaphore(handles[i], 1, NULL);
    if (look(handles[1]) == WAIT_OBJECT_0) {
        EXPECT_WAIT(WAIT_TIMEOUT, WaitForMultipleObjects(64, handles, TRUE, 30));
        close(end[1]);
        EXPECT_WAIT(WAIT_OBJECT_0, WaitForMultipleObjects(64, handles, TRUE, 10000));
    }
    close(end[1]);
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(handles[0], 10000));
    expect_ended_well(child);
}

/* --- stress --- */

enum { PROCESSES = 3, CROWD = 2, TURNS = 3000 };

struct shared {
    long inside, turns;
};

static HANDLE crowd[2], always; /* a mutex and an event; what is always set */
static struct shared *shared;

static void take_turns(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg;

    for (int i = 0; i < TURNS; i++) {
        HANDLE two[2] = {crowd[0], crowd[1]};
        DWORD result;

        seed = seed * 1103515245 + 12345;
        if (seed >> 16 & 1) {
            result = WaitForMultipleObjects(2, two, TRUE, 60000);
        } else {
            result = WaitForSingleObject(crowd[0], 60000);
            if (result == WAIT_OBJECT_0)
                result = WaitForMultipleObjects(1, &two[1], FALSE, 60000);
        }
        if (result != WAIT_OBJECT_0) {
            EXPECT_EQ(result, WAIT_OBJECT_0);
            return;
        }
        EXPECT_EQ(__atomic_add_fetch(&shared->inside, 1, __ATOMIC_SEQ_CST), 1);
        shared->turns++;
        __atomic_sub_fetch(&shared->inside, 1, __ATOMIC_SEQ_CST);
        if (seed >> 17 & 1)
            SignalObjectAndWait(crowd[1], always, 0, FALSE);
        else
            SetEvent(crowd[1]);
        ReleaseMutex(crowd[0]);
    }
}

static void be_a_crowd(unsigned seed)
{
    struct check_thread threads[CROWD];

    for (unsigned i = 0; i < CROWD; i++)
        thread_start(&threads[i], take_turns, (void *)(uintptr_t)(seed * 16 + i));
    for (int i = 0; i < CROWD; i++)
        thread_join(&threads[i]);
}

/* Each turn takes a mutex and an event that resets itself: one after the other, or both at once. */
TEST(waitsapart, a_crowd_of_processes_and_threads, "L423 L430 L436")
{
    pid_t children[PROCESSES];

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(shared != MAP_FAILED);
    crowd[0] = new_mutex(FALSE);
    crowd[1] = new_event(FALSE, TRUE);
    always = new_event(TRUE, TRUE);
    for (unsigned i = 0; i < PROCESSES; i++)
        IN_CHILD(children[i], be_a_crowd(i));
    for (int i = 0; i < PROCESSES; i++)
        expect_ended_well(children[i]);
    EXPECT_EQ(shared->turns, PROCESSES * CROWD * TURNS);
}

#endif
