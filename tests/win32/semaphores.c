/* semaphores.c: semaphores: their counts. */
#include "waits.h"

TEST(semaphores, each_wait_takes_one, "L433")
{
    HANDLE semaphore = new_semaphore(2, 3);
    LONG previous = -1;

    EXPECT_WAIT(WAIT_OBJECT_0, look(semaphore));
    EXPECT_WAIT(WAIT_OBJECT_0, look(semaphore));
    EXPECT_WAIT(WAIT_TIMEOUT, look(semaphore));
    EXPECT_OK(ReleaseSemaphore(semaphore, 2, &previous));
    EXPECT_EQ(previous, 0);
    EXPECT_OK(ReleaseSemaphore(semaphore, 1, &previous));
    EXPECT_EQ(previous, 2);
    EXPECT_WAIT(WAIT_OBJECT_0, look(semaphore));
    EXPECT_OK(ReleaseSemaphore(semaphore, 1, NULL));
    CloseHandle(semaphore);
}

TEST(semaphores, never_more_than_its_maximum, "L434")
{
    HANDLE semaphore = new_semaphore(1, 3);
    LONG previous = -1;

    EXPECT_FAIL(ERROR_TOO_MANY_POSTS, ReleaseSemaphore(semaphore, 3, &previous));
    EXPECT_EQ(previous, -1);
    EXPECT_FAIL(ERROR_TOO_MANY_POSTS, ReleaseSemaphore(semaphore, 0x7fffffff, &previous));
    EXPECT_OK(ReleaseSemaphore(semaphore, 2, &previous));
    EXPECT_EQ(previous, 1);
    EXPECT_FAIL(ERROR_TOO_MANY_POSTS, ReleaseSemaphore(semaphore, 1, &previous));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, ReleaseSemaphore(semaphore, 0, &previous));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, ReleaseSemaphore(semaphore, -1, &previous));
    CloseHandle(semaphore);
}

TEST(semaphores, counts_that_there_cannot_be, "L434")
{
    HANDLE semaphore;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateSemaphoreA(NULL, 0, 0, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateSemaphoreA(NULL, 0, -1, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateSemaphoreA(NULL, -1, 1, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateSemaphoreA(NULL, 2, 1, NULL));
    EXPECT_HANDLE(semaphore =
                      CreateSemaphoreExA(NULL, 0x7fffffff, 0x7fffffff, NULL, 0, SEMAPHORE_ALL_ACCESS));
    EXPECT_FAIL(ERROR_TOO_MANY_POSTS, ReleaseSemaphore(semaphore, 1, NULL));
    EXPECT_WAIT(WAIT_OBJECT_0, look(semaphore));
    CloseHandle(semaphore);
}

TEST(semaphores, names_and_rights, "L420 L424 L426")
{
    HANDLE semaphore = CreateSemaphoreA(NULL, 1, 5, name_of("s")), again, waits,
           event = new_event(FALSE, FALSE);
    LONG previous = -1;

    EXPECT_HANDLE(again = CreateSemaphoreA(NULL, 0, 1, name_of("s")));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT_OK(ReleaseSemaphore(again, 4, &previous));
    EXPECT_EQ(previous, 1);
    EXPECT_HANDLE(waits = OpenSemaphoreA(SYNCHRONIZE, FALSE, name_of("s")));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, ReleaseSemaphore(waits, 1, NULL));
    for (int i = 0; i < 5; i++)
        EXPECT_WAIT(WAIT_OBJECT_0, look(waits));
    EXPECT_WAIT(WAIT_TIMEOUT, look(semaphore));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenSemaphoreA(SYNCHRONIZE, FALSE, name_of("other")));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ReleaseSemaphore(event, 1, NULL));
    CloseHandle(semaphore);
    CloseHandle(again);
    CloseHandle(waits);
    CloseHandle(event);
}

enum { WAITERS = 4, EACH = 5000 };

static HANDLE places;
static LONG served;

static void take_some(void *arg)
{
    (void)arg;
    for (int i = 0; i < EACH; i++)
        if (WaitForSingleObject(places, 20000) == WAIT_OBJECT_0)
            __atomic_add_fetch(&served, 1, __ATOMIC_SEQ_CST);
}

TEST(semaphores, as_many_get_through_as_were_let, "L433")
{
    struct check_thread threads[WAITERS];

    places = new_semaphore(0, 0x7fffffff);
    for (int i = 0; i < WAITERS; i++)
        thread_start(&threads[i], take_some, NULL);
    for (int left = WAITERS * EACH; left > 0; left -= 4)
        EXPECT_OK(ReleaseSemaphore(places, 4, NULL));
    for (int i = 0; i < WAITERS; i++)
        thread_join(&threads[i]);
    EXPECT_EQ(served, WAITERS * EACH);
    EXPECT_WAIT(WAIT_TIMEOUT, look(places));
    CloseHandle(places);
}
