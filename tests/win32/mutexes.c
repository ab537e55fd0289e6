/* mutexes.c: mutexes: who has one, how often, and what is told when he ends with it. */
#include "waits.h"

TEST(mutexes, one_thread_has_it_as_often_as_it_likes, "L430")
{
    HANDLE mutex = new_mutex(FALSE);

    EXPECT_FAIL(ERROR_NOT_OWNER, ReleaseMutex(mutex));
    EXPECT_WAIT(WAIT_OBJECT_0, look(mutex));
    EXPECT_WAIT(WAIT_OBJECT_0, look(mutex));
    EXPECT_OK(ReleaseMutex(mutex));
    EXPECT_OK(ReleaseMutex(mutex));
    EXPECT_FAIL(ERROR_NOT_OWNER, ReleaseMutex(mutex));
    CloseHandle(mutex);
}

TEST(mutexes, initially_owned, "L430 L431")
{
    HANDLE mutex = new_mutex(TRUE), ex, again;

    EXPECT_OK(ReleaseMutex(mutex));
    EXPECT_FAIL(ERROR_NOT_OWNER, ReleaseMutex(mutex));
    CloseHandle(mutex);
    EXPECT_HANDLE(ex = CreateMutexExA(NULL, name_of("m"), CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS));
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    EXPECT_HANDLE(again = CreateMutexA(NULL, TRUE, name_of("m")));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT_OK(ReleaseMutex(again));
    EXPECT_FAIL(ERROR_NOT_OWNER, ReleaseMutex(ex));
    CloseHandle(again);
    CloseHandle(ex);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateMutexExA(NULL, NULL, 2, MUTEX_ALL_ACCESS));
}

TEST(mutexes, opening_and_rights, "L420 L424 L426")
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, name_of("m")), waits, nothing, event = new_event(FALSE, FALSE);

    EXPECT_HANDLE(waits = OpenMutexA(SYNCHRONIZE, FALSE, name_of("m")));
    EXPECT_HANDLE(nothing = OpenMutexA(READ_CONTROL, FALSE, name_of("m")));
    EXPECT_WAIT(WAIT_OBJECT_0, look(waits));
    EXPECT_NO_WAIT(ERROR_ACCESS_DENIED, look(nothing));
    EXPECT_OK(ReleaseMutex(waits));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenMutexA(SYNCHRONIZE, FALSE, name_of("other")));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenMutexA(SYNCHRONIZE, FALSE, NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ReleaseMutex(event));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ReleaseMutex(NULL));
    CloseHandle(nothing);
    CloseHandle(waits);
    CloseHandle(mutex);
    CloseHandle(event);
}

/* --- another thread --- */

struct other {
    HANDLE mutex;
    DWORD result;
    BOOL released;
    DWORD error;
};

static void look_once(void *arg)
{
    struct other *other = arg;

    other->result = WaitForSingleObject(other->mutex, 0);
    SetLastError(CHECK_SENTINEL);
    other->released = ReleaseMutex(other->mutex);
    other->error = GetLastError();
}

static void take_and_end(void *arg)
{
    struct other *other = arg;

    other->result = WaitForSingleObject(other->mutex, 10000);
}

static void run(void (*body)(void *), struct other *other)
{
    struct check_thread thread;

    thread_start(&thread, body, other);
    thread_join(&thread);
}

TEST(mutexes, another_thread_has_to_wait, "L430")
{
    struct other other = {new_mutex(TRUE), WAIT_FAILED, TRUE, 0};

    run(look_once, &other);
    EXPECT_EQ(other.result, WAIT_TIMEOUT);
    EXPECT(!other.released);
    EXPECT_EQ(other.error, ERROR_NOT_OWNER);
    EXPECT_OK(ReleaseMutex(other.mutex));
    run(look_once, &other);
    EXPECT_EQ(other.result, WAIT_OBJECT_0);
    EXPECT(other.released);
    CloseHandle(other.mutex);
}

TEST(mutexes, an_abandoned_one_tells_once, "L432")
{
    struct other other = {new_mutex(FALSE), WAIT_FAILED, FALSE, 0};

    run(take_and_end, &other);
    EXPECT_EQ(other.result, WAIT_OBJECT_0);
    EXPECT_WAIT(WAIT_ABANDONED, look(other.mutex));
    EXPECT_WAIT(WAIT_OBJECT_0, look(other.mutex));
    EXPECT_OK(ReleaseMutex(other.mutex));
    EXPECT_OK(ReleaseMutex(other.mutex));
    EXPECT_WAIT(WAIT_OBJECT_0, look(other.mutex));
    EXPECT_OK(ReleaseMutex(other.mutex));
    CloseHandle(other.mutex);
}

struct abandoning {
    HANDLE mutex, event;
};

static void take_and_end_later(void *arg)
{
    const struct abandoning *it = arg;

    EXPECT_EQ(WaitForSingleObject(it->mutex, 10000), WAIT_OBJECT_0);
    SetEvent(it->event);
    check_sleep(50);
}

TEST(mutexes, who_waits_is_woken_when_the_owner_ends, "L432")
{
    struct abandoning it = {new_mutex(FALSE), new_event(FALSE, FALSE)};
    struct check_thread thread;

    thread_start(&thread, take_and_end_later, &it);
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(it.event, 10000));
    EXPECT_WAIT(WAIT_ABANDONED, WaitForSingleObject(it.mutex, 10000));
    thread_join(&thread);
    EXPECT_OK(ReleaseMutex(it.mutex));
    CloseHandle(it.mutex);
    CloseHandle(it.event);
}

enum { ROUNDS = 20000, THREADS = 4 };

static HANDLE guard;
static long counter;

static void count(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        if (WaitForSingleObject(guard, INFINITE) != WAIT_OBJECT_0)
            break;
        counter = counter + 1;
        ReleaseMutex(guard);
    }
}

TEST(mutexes, nobody_is_in_at_the_same_time, "L430")
{
    struct check_thread threads[THREADS];

    guard = new_mutex(FALSE);
    for (int i = 0; i < THREADS; i++)
        thread_start(&threads[i], count, NULL);
    for (int i = 0; i < THREADS; i++)
        thread_join(&threads[i]);
    EXPECT_EQ(counter, (long)ROUNDS * THREADS);
    CloseHandle(guard);
}
