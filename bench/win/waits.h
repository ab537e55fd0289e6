/* waits.h: an event, a mutex and a semaphore, as Windows has them. */
#include <windows.h>

static HANDLE event_here, event_there, mutex, semaphore;

static inline void make_waits(void)
{
    event_here = CreateEventA(NULL, FALSE, FALSE, NULL);
    event_there = CreateEventA(NULL, FALSE, FALSE, NULL);
    mutex = CreateMutexA(NULL, FALSE, NULL);
    semaphore = CreateSemaphoreA(NULL, 0, 1000, NULL);
}

static inline void set_event(int there)
{
    SetEvent(there ? event_there : event_here);
}

static inline void wait_event(int there)
{
    WaitForSingleObject(there ? event_there : event_here, INFINITE);
}

static inline void take_mutex(void)
{
    WaitForSingleObject(mutex, INFINITE);
}

static inline void give_mutex(void)
{
    ReleaseMutex(mutex);
}

static inline void take_one(void)
{
    WaitForSingleObject(semaphore, INFINITE);
}

static inline void give_one(void)
{
    ReleaseSemaphore(semaphore, 1, NULL);
}
