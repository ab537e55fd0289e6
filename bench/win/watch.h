/* watch.h: write watch, guard pages and MEM_RESET through the Win32 API. */
#ifndef BENCH_WATCH_H
#define BENCH_WATCH_H

#include <windows.h>

#ifndef MEM_RESET_UNDO
#define MEM_RESET_UNDO 0x01000000
#endif

/* --- write watch --- */

static inline char *make_watched(size_t bytes)
{
    char *p = VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE);

    return p != NULL && commit(p, WATCH_PAGES * PAGE) ? p : NULL;
}

static inline bool drop_watched(char *p, size_t bytes)
{
    return release(p, bytes);
}

static inline void reset_watched(char *p, size_t bytes)
{
    ResetWriteWatch(p, bytes);
}

static inline bool take_written(char *p, size_t bytes, size_t step)
{
    static void *pages[WATCH_PAGES];
    ULONG_PTR count = WATCH_PAGES;
    DWORD granularity;

    return GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, bytes, pages, &count, &granularity) == 0 &&
           count == (step == 0 ? 0 : (WATCH_PAGES + step - 1) / step);
}

/* --- guard pages --- */

static void *guarding;

static inline LONG WINAPI go_on(EXCEPTION_POINTERS *info)
{
    return info->ExceptionRecord->ExceptionCode == STATUS_GUARD_PAGE_VIOLATION ? EXCEPTION_CONTINUE_EXECUTION
                                                                               : EXCEPTION_CONTINUE_SEARCH;
}

static inline bool begin_guarding(char *p)
{
    (void)p;
    guarding = AddVectoredExceptionHandler(1, go_on);
    return guarding != NULL;
}

static inline bool guard(char *p)
{
    DWORD old;

    return VirtualProtect(p, PAGE, PAGE_READWRITE | PAGE_GUARD, &old) != 0;
}

static inline void end_guarding(void)
{
    RemoveVectoredExceptionHandler(guarding);
}

/* --- contents that may go --- */

static inline bool let_go(char *p, size_t bytes)
{
    return VirtualAlloc(p, bytes, MEM_RESET, PAGE_READWRITE) == p;
}

static inline bool take_back(char *p, size_t bytes)
{
    return VirtualAlloc(p, bytes, MEM_RESET_UNDO, PAGE_READWRITE) == p;
}

#endif
