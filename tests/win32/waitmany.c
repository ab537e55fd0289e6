/* waitmany.c: waiting for one of several objects, for all of them, and signalling one before. */
#include "waits.h"

static DWORD any(DWORD count, const HANDLE *handles, DWORD milliseconds_)
{
    return WaitForMultipleObjects(count, handles, FALSE, milliseconds_);
}

static DWORD all(DWORD count, const HANDLE *handles, DWORD milliseconds_)
{
    return WaitForMultipleObjects(count, handles, TRUE, milliseconds_);
}

TEST(waitmany, the_first_that_is_signalled_is_taken, "L435")
{
    HANDLE handles[3] = {new_event(FALSE, FALSE), new_event(FALSE, TRUE), new_event(FALSE, TRUE)};

    EXPECT_WAIT(WAIT_OBJECT_0 + 1, any(3, handles, 0));
    EXPECT_WAIT(WAIT_OBJECT_0 + 2, any(3, handles, 0));
    EXPECT_WAIT(WAIT_TIMEOUT, any(3, handles, 0));
    EXPECT_WAIT(WAIT_TIMEOUT, any(3, handles, 20));
    EXPECT_OK(SetEvent(handles[0]));
    EXPECT_OK(SetEvent(handles[2]));
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForMultipleObjectsEx(3, handles, FALSE, INFINITE, TRUE));
    EXPECT_WAIT(WAIT_OBJECT_0, look(handles[2]));
    for (int i = 0; i < 3; i++)
        CloseHandle(handles[i]);
}

TEST(waitmany, all_or_nothing_is_taken, "L436")
{
    HANDLE handles[3] = {new_event(FALSE, TRUE), new_semaphore(1, 5), new_mutex(FALSE)};

    EXPECT_WAIT(WAIT_OBJECT_0, all(3, handles, 0));
    EXPECT_WAIT(WAIT_TIMEOUT, look(handles[0]));
    EXPECT_WAIT(WAIT_TIMEOUT, look(handles[1]));
    EXPECT_OK(ReleaseMutex(handles[2]));
    EXPECT_FAIL(ERROR_NOT_OWNER, ReleaseMutex(handles[2]));
    EXPECT_OK(SetEvent(handles[0]));
    EXPECT_WAIT(WAIT_TIMEOUT, all(3, handles, 20));
    EXPECT_FAIL(ERROR_NOT_OWNER, ReleaseMutex(handles[2]));
    EXPECT_WAIT(WAIT_OBJECT_0, look(handles[0]));
    for (int i = 0; i < 3; i++)
        CloseHandle(handles[i]);
}

TEST(waitmany, what_it_does_not_take, "L437")
{
    HANDLE handles[65], same[2];

    for (int i = 0; i < 65; i++)
        handles[i] = new_event(TRUE, TRUE);
    same[0] = same[1] = handles[0];
    EXPECT_NO_WAIT(ERROR_INVALID_PARAMETER, any(0, handles, 0));
    EXPECT_NO_WAIT(ERROR_INVALID_PARAMETER, any(65, handles, 0));
    EXPECT_NO_WAIT(ERROR_INVALID_PARAMETER, all(65, handles, 0));
    EXPECT_NO_WAIT(ERROR_INVALID_PARAMETER, all(2, same, 0));
    EXPECT_WAIT(WAIT_OBJECT_0, any(2, same, 0));
    EXPECT_WAIT(WAIT_OBJECT_0, all(64, handles, 0));
    EXPECT_WAIT(WAIT_OBJECT_0, any(64, handles, 0));
    CloseHandle(handles[63]);
    EXPECT_NO_WAIT(ERROR_INVALID_HANDLE, any(64, handles, 0));
    EXPECT_NO_WAIT(ERROR_INVALID_HANDLE, all(64, handles, 0));
    handles[63] = NULL;
    EXPECT_NO_WAIT(ERROR_INVALID_HANDLE, any(64, handles, 0));
    for (int i = 0; i < 65; i++)
        if (i != 63)
            CloseHandle(handles[i]);
}

TEST(waitmany, rights_of_each_count, "L437")
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, name_of("e")), handles[2] = {event, NULL};

    handles[1] = OpenEventA(EVENT_MODIFY_STATE, FALSE, name_of("e"));
    EXPECT_NO_WAIT(ERROR_ACCESS_DENIED, any(2, handles, 0));
    CloseHandle(handles[1]);
    CloseHandle(event);
}

/* --- with threads --- */

struct abandoner {
    HANDLE mutex;
};

static void take(void *arg)
{
    struct abandoner *it = arg;

    EXPECT_EQ(WaitForSingleObject(it->mutex, 10000), WAIT_OBJECT_0);
}

static void abandon(HANDLE mutex)
{
    struct abandoner it = {mutex};
    struct check_thread thread;

    thread_start(&thread, take, &it);
    thread_join(&thread);
}

TEST(waitmany, an_abandoned_mutex_tells_here_too, "L435 L436")
{
    HANDLE handles[2] = {new_event(FALSE, FALSE), new_mutex(FALSE)};

    abandon(handles[1]);
    EXPECT_WAIT(WAIT_ABANDONED_0 + 1, any(2, handles, 1000));
    EXPECT_OK(ReleaseMutex(handles[1]));
    abandon(handles[1]);
    EXPECT_WAIT(WAIT_TIMEOUT, all(2, handles, 0));
    EXPECT_OK(SetEvent(handles[0]));
    EXPECT_WAIT(WAIT_ABANDONED_0, all(2, handles, 1000));
    EXPECT_OK(ReleaseMutex(handles[1]));
    CloseHandle(handles[0]);
    CloseHandle(handles[1]);
}

struct setter {
    HANDLE *handles;
    int count;
};

static void set_one_by_one(void *arg)
{
    const struct setter *it = arg;

    for (int i = 0; i < it->count; i++) {
        check_sleep(10);
        SetEvent(it->handles[i]);
    }
}

TEST(waitmany, a_sleeper_wakes_for_each_and_for_all, "L435 L436")
{
    HANDLE handles[5];
    struct setter it = {handles, 5};
    struct check_thread thread;
    DWORD got = 0;

    for (int i = 0; i < 5; i++)
        handles[i] = new_event(FALSE, FALSE);
    thread_start(&thread, set_one_by_one, &it);
    for (int i = 0; i < 5; i++)
        got |= 1u << (any(5, handles, 10000) - WAIT_OBJECT_0);
    EXPECT_EQ(got, 0x1f);
    thread_join(&thread);
    thread_start(&thread, set_one_by_one, &it);
    EXPECT_WAIT(WAIT_OBJECT_0, all(5, handles, 10000));
    thread_join(&thread);
    EXPECT_WAIT(WAIT_TIMEOUT, any(5, handles, 0));
    for (int i = 0; i < 5; i++)
        CloseHandle(handles[i]);
}

/* Who waits for all of them keeps no event from who waits for one. */
static void wait_for_both(void *arg)
{
    EXPECT_EQ(all(2, arg, 10000), WAIT_OBJECT_0);
}

static void wait_for_first(void *arg)
{
    EXPECT_EQ(WaitForSingleObject(((HANDLE *)arg)[0], 10000), WAIT_OBJECT_0);
}

TEST(waitmany, who_cannot_have_all_leaves_what_there_is, "L436")
{
    HANDLE handles[2] = {new_event(FALSE, FALSE), new_event(FALSE, FALSE)};
    struct check_thread both, first;

    thread_start(&both, wait_for_both, handles);
    check_sleep(50);
    thread_start(&first, wait_for_first, handles);
    check_sleep(50);
    EXPECT_OK(SetEvent(handles[0]));
    thread_join(&first);
    EXPECT_OK(SetEvent(handles[1]));
    EXPECT_OK(SetEvent(handles[0]));
    thread_join(&both);
    CloseHandle(handles[0]);
    CloseHandle(handles[1]);
}

/* Philosophers: each takes two of five at once, so nobody starves. */
enum { SEATS = 5, MEALS = 2000 };

static HANDLE forks_[SEATS];
static volatile LONG in_use[SEATS];
static LONG meals;

static void dine(void *arg)
{
    int seat = (int)(intptr_t)arg;
    HANDLE mine[2] = {forks_[seat], forks_[(seat + 1) % SEATS]};

    for (int i = 0; i < MEALS; i++) {
        if (all(2, mine, 60000) != WAIT_OBJECT_0)
            break;
        EXPECT_EQ(__atomic_add_fetch(&in_use[seat], 1, __ATOMIC_SEQ_CST), 1);
        EXPECT_EQ(__atomic_add_fetch(&in_use[(seat + 1) % SEATS], 1, __ATOMIC_SEQ_CST), 1);
        __atomic_sub_fetch(&in_use[seat], 1, __ATOMIC_SEQ_CST);
        __atomic_sub_fetch(&in_use[(seat + 1) % SEATS], 1, __ATOMIC_SEQ_CST);
        __atomic_add_fetch(&meals, 1, __ATOMIC_SEQ_CST);
        ReleaseMutex(mine[0]);
        ReleaseMutex(mine[1]);
    }
}

TEST(waitmany, five_take_two_of_five_at_once, "L436")
{
    struct check_thread threads[SEATS];

    for (int i = 0; i < SEATS; i++)
        forks_[i] = new_mutex(FALSE);
    for (int i = 0; i < SEATS; i++)
        thread_start(&threads[i], dine, (void *)(intptr_t)i);
    for (int i = 0; i < SEATS; i++)
        thread_join(&threads[i]);
    EXPECT_EQ(meals, SEATS * MEALS);
    for (int i = 0; i < SEATS; i++)
        CloseHandle(forks_[i]);
}

/* --- signalling first --- */

TEST(waitmany, signalling_one_and_waiting_for_another, "L439")
{
    HANDLE event = new_event(FALSE, FALSE), mutex = new_mutex(TRUE), semaphore = new_semaphore(0, 1),
           set = new_event(TRUE, TRUE);

    EXPECT_WAIT(WAIT_OBJECT_0, SignalObjectAndWait(event, set, 0, FALSE));
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_WAIT(WAIT_TIMEOUT, SignalObjectAndWait(set, event, 10, TRUE));
    EXPECT_WAIT(WAIT_OBJECT_0, SignalObjectAndWait(mutex, set, 0, FALSE));
    EXPECT_NO_WAIT(ERROR_NOT_OWNER, SignalObjectAndWait(mutex, set, 0, FALSE));
    EXPECT_WAIT(WAIT_OBJECT_0, SignalObjectAndWait(semaphore, semaphore, 0, FALSE));
    EXPECT_WAIT(WAIT_OBJECT_0, SignalObjectAndWait(semaphore, set, 0, FALSE));
    EXPECT_NO_WAIT(ERROR_TOO_MANY_POSTS, SignalObjectAndWait(semaphore, set, 0, FALSE));
    EXPECT_NO_WAIT(ERROR_INVALID_HANDLE, SignalObjectAndWait(NULL, set, 0, FALSE));
    EXPECT_NO_WAIT(ERROR_INVALID_HANDLE, SignalObjectAndWait(event, NULL, 0, FALSE));
    EXPECT_WAIT(WAIT_TIMEOUT, look(event));
    CloseHandle(event);
    CloseHandle(mutex);
    CloseHandle(semaphore);
    CloseHandle(set);
}

enum { PASSES = 50000 };

static HANDLE ping, pong;

static void answer(void *arg)
{
    (void)arg;
    WaitForSingleObject(ping, INFINITE);
    for (int i = 1; i < PASSES; i++)
        if (SignalObjectAndWait(pong, ping, 20000, FALSE) != WAIT_OBJECT_0)
            break;
    SetEvent(pong);
}

TEST(waitmany, two_threads_pass_a_ball, "L439")
{
    struct check_thread thread;
    int passes = 0;

    ping = new_event(FALSE, FALSE);
    pong = new_event(FALSE, FALSE);
    thread_start(&thread, answer, NULL);
    for (; passes < PASSES; passes++)
        if (SignalObjectAndWait(ping, pong, 20000, FALSE) != WAIT_OBJECT_0)
            break;
    thread_join(&thread);
    EXPECT_EQ(passes, PASSES);
    CloseHandle(ping);
    CloseHandle(pong);
}
