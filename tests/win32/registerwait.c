/* registerwait.c: waits that the library waits for the program, and the functions that it calls then. */
#include "waits.h"

struct calls {
    LONG signalled, timed_out;
    HANDLE done, hold; /* hold: NULL, or what the callback waits for */
};

static VOID CALLBACK note(PVOID context, BOOLEAN timed_out)
{
    struct calls *calls = context;

    __atomic_add_fetch(timed_out ? &calls->timed_out : &calls->signalled, 1, __ATOMIC_SEQ_CST);
    SetEvent(calls->done);
    if (calls->hold != NULL)
        WaitForSingleObject(calls->hold, 10000);
}

static LONG count_of(const LONG *count)
{
    return __atomic_load_n(count, __ATOMIC_SEQ_CST);
}

static HANDLE begin(HANDLE object, struct calls *calls, ULONG milliseconds, ULONG flags)
{
    HANDLE wait = NULL;

    MUST(RegisterWaitForSingleObject(&wait, object, note, calls, milliseconds, flags));
    MUST(wait != NULL);
    return wait;
}

TEST(registerwait, once, "L443")
{
    HANDLE event = new_event(FALSE, FALSE), wait;
    struct calls calls = {0, 0, new_event(FALSE, FALSE), NULL};

    wait = begin(event, &calls, INFINITE, WT_EXECUTEONLYONCE);
    EXPECT_WAIT(WAIT_TIMEOUT, WaitForSingleObject(calls.done, 30));
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_TIMEOUT, WaitForSingleObject(calls.done, 30));
    EXPECT_EQ(count_of(&calls.signalled), 1);
    EXPECT_WAIT(WAIT_OBJECT_0, look(event));
    EXPECT_OK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    CloseHandle(event);
    CloseHandle(calls.done);
}

TEST(registerwait, each_time, "L443")
{
    HANDLE event = new_event(FALSE, FALSE), wait;
    struct calls calls = {0, 0, new_event(FALSE, FALSE), NULL};

    wait = begin(event, &calls, INFINITE, WT_EXECUTEDEFAULT);
    for (int i = 1; i <= 20; i++) {
        EXPECT_OK(SetEvent(event));
        EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
        EXPECT_EQ(count_of(&calls.signalled), i);
    }
    EXPECT_OK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_TIMEOUT, WaitForSingleObject(calls.done, 30));
    CloseHandle(event);
    CloseHandle(calls.done);
}

TEST(registerwait, time_is_over, "L443")
{
    HANDLE event = new_event(FALSE, FALSE), wait;
    struct calls calls = {0, 0, new_event(FALSE, FALSE), NULL};

    wait = begin(event, &calls, 20, WT_EXECUTEINWAITTHREAD);
    for (int i = 0; i < 3; i++)
        EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
    EXPECT(count_of(&calls.timed_out) >= 3);
    EXPECT_EQ(count_of(&calls.signalled), 0);
    EXPECT_OK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    CloseHandle(calls.done);
    calls = (struct calls){0, 0, new_event(FALSE, FALSE), NULL};
    wait = begin(event, &calls, 20, WT_EXECUTEONLYONCE);
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
    EXPECT_WAIT(WAIT_TIMEOUT, WaitForSingleObject(calls.done, 60));
    EXPECT_EQ(count_of(&calls.timed_out), 1);
    EXPECT_OK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    CloseHandle(event);
    CloseHandle(calls.done);
}

TEST(registerwait, unregistered_while_its_callback_runs, "L444")
{
    HANDLE event = new_event(FALSE, FALSE), hold = new_event(TRUE, FALSE), told = new_event(FALSE, FALSE),
           wait;
    struct calls calls = {0, 0, new_event(FALSE, FALSE), hold};

    wait = begin(event, &calls, INFINITE, WT_EXECUTEONLYONCE);
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
    EXPECT_FAIL(ERROR_IO_PENDING, UnregisterWaitEx(wait, told));
    EXPECT_WAIT(WAIT_TIMEOUT, WaitForSingleObject(told, 30));
    EXPECT_OK(SetEvent(hold));
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(told, 10000));
    ResetEvent(hold);
    wait = begin(event, &calls, INFINITE, WT_EXECUTEONLYONCE);
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
    EXPECT_FAIL(ERROR_IO_PENDING, UnregisterWait(wait));
    EXPECT_OK(SetEvent(hold));
    check_sleep(50);
}

TEST(registerwait, what_it_does_not_take, "L445")
{
    HANDLE event = new_event(FALSE, FALSE), wait = NULL, again;
    struct calls calls = {0, 0, new_event(FALSE, FALSE), NULL};

    EXPECT_FAIL(ERROR_INVALID_HANDLE, RegisterWaitForSingleObject(&wait, NULL, note, &calls, 0, 0));
    EXPECT_OK(CloseHandle(event));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, RegisterWaitForSingleObject(&wait, event, note, &calls, INFINITE, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, UnregisterWait(NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, UnregisterWaitEx(NULL, INVALID_HANDLE_VALUE));
#ifdef WINMEM_VERSION_MAJOR
    event = new_event(FALSE, FALSE);
    wait = begin(event, &calls, INFINITE, 0);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(wait));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, UnregisterWaitEx(wait, (HANDLE)(uintptr_t)0xfffffffc));
    EXPECT_OK(UnregisterWait(wait));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, UnregisterWait(wait));
    again = begin(event, &calls, INFINITE, 0);
    EXPECT(again != wait);
    EXPECT_OK(UnregisterWait(again));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, RegisterWaitForSingleObject(&wait, event, NULL, NULL, 0, 0));
    EXPECT_FAIL(ERROR_NOACCESS, RegisterWaitForSingleObject(NULL, event, note, &calls, 0, 0));
    CloseHandle(event);
#else
    (void)again;
#endif
    CloseHandle(calls.done);
}

enum { MANY = 150 };

TEST(registerwait, many_at_once, "L443")
{
    static HANDLE events[MANY], waits[MANY];
    static struct calls calls[MANY];

    for (int i = 0; i < MANY; i++) {
        events[i] = new_event(FALSE, FALSE);
        calls[i].done = new_event(FALSE, FALSE);
        waits[i] = begin(events[i], &calls[i], INFINITE, 0);
    }
    for (int round = 1; round <= 3; round++) {
        for (int i = 0; i < MANY; i++)
            EXPECT_OK(SetEvent(events[i]));
        for (int i = 0; i < MANY; i++) {
            EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls[i].done, 10000));
            EXPECT_EQ(count_of(&calls[i].signalled), round);
        }
    }
    for (int i = 0; i < MANY; i++) {
        EXPECT_OK(UnregisterWaitEx(waits[i], INVALID_HANDLE_VALUE));
        CloseHandle(events[i]);
        CloseHandle(calls[i].done);
    }
}

TEST(registerwait, memory_notifications, "L443")
{
    HANDLE plenty = CreateMemoryResourceNotification(HighMemoryResourceNotification), wait;
    struct calls calls = {0, 0, new_event(FALSE, FALSE), NULL};

    MUST(plenty != NULL);
    if (WaitForSingleObject(plenty, 0) != WAIT_OBJECT_0)
        SKIP("memory is not plenty");
    wait = begin(plenty, &calls, INFINITE, WT_EXECUTEONLYONCE);
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
    EXPECT_OK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    CloseHandle(plenty);
    CloseHandle(calls.done);
}

#ifdef WINMEM_VERSION_MAJOR

#include "../support/child.h"

static int register_again(void *event)
{
    struct calls calls = {0, 0, new_event(FALSE, FALSE), NULL};
    HANDLE wait = begin(event, &calls, INFINITE, 0);

    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
    EXPECT_OK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    return 0;
}

static int unregister(void *wait)
{
    EXPECT_FAIL(ERROR_INVALID_HANDLE, UnregisterWait(wait));
    return 0;
}

TEST(registerwait, a_child_of_fork_has_none, "L446")
{
    HANDLE event = new_event(FALSE, FALSE), other = new_event(FALSE, FALSE), wait;
    struct calls calls = {0, 0, new_event(FALSE, FALSE), NULL};

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread sanitizer makes no threads in a child of fork");
#endif
    wait = begin(event, &calls, INFINITE, 0);
    EXPECT_EQ(end_of_child(unregister, wait), 0);
    EXPECT_EQ(end_of_child(register_again, other), 0);
    EXPECT_OK(SetEvent(event));
    EXPECT_WAIT(WAIT_OBJECT_0, WaitForSingleObject(calls.done, 10000));
    EXPECT_OK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
}

#endif
