/*
 * waits.h: the few sentences that the tests of events, mutexes, semaphores and waits say again and again.
 *
 * Names are the test's own: with the number of the process that began it, also in its children.
 */
#ifndef WAITS_H
#define WAITS_H

#include "../support/check.h"

#define EXPECT_HANDLE(handle) EXPECT((handle) != NULL)

/* A wait's result, and that the last error stays. */
#define EXPECT_WAIT(want, call)                                                                              \
    do {                                                                                                     \
        DWORD check_result_;                                                                                 \
        SetLastError(CHECK_SENTINEL);                                                                        \
        check_result_ = (call);                                                                              \
        EXPECT_EQ(check_result_, (DWORD)(want));                                                             \
        EXPECT_EQ(GetLastError(), CHECK_SENTINEL);                                                           \
    } while (0)

/* A wait that is none. */
#define EXPECT_NO_WAIT(error, call)                                                                          \
    do {                                                                                                     \
        SetLastError(CHECK_SENTINEL);                                                                        \
        EXPECT_EQ((call), WAIT_FAILED);                                                                      \
        EXPECT_EQ(GetLastError(), error);                                                                    \
    } while (0)

static inline const char *name_of(const char *name)
{
    static char text[2][400];
    static unsigned long own;
    static int which;
    const char *rest = strncmp(name, "Global\\", 7) == 0  ? name + 7
                       : strncmp(name, "Local\\", 6) == 0 ? name + 6
                                                          : name;

    if (own == 0)
        own = GetCurrentProcessId();
    which = !which;
    snprintf(text[which], sizeof text[which], "%.*swinmem-test-%lu-%s", (int)(rest - name), name, own, rest);
    return text[which];
}

static inline HANDLE new_event(BOOL manual, BOOL set)
{
    HANDLE event = CreateEventA(NULL, manual, set, NULL);

    MUST(event != NULL);
    return event;
}

static inline HANDLE new_mutex(BOOL owned)
{
    HANDLE mutex = CreateMutexA(NULL, owned, NULL);

    MUST(mutex != NULL);
    return mutex;
}

static inline HANDLE new_semaphore(LONG count, LONG most)
{
    HANDLE semaphore = CreateSemaphoreA(NULL, count, most, NULL);

    MUST(semaphore != NULL);
    return semaphore;
}

static inline DWORD look(HANDLE handle)
{
    return WaitForSingleObject(handle, 0);
}

#endif
