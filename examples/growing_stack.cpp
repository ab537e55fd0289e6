// A call stack that grows on its guard page, as the stacks of Windows threads do: a reservation, a committed
// top, and below that one PAGE_GUARD page. Whoever steps on it raises one exception; the handler moves the
// guard a page down, and the call goes on. At the last page the handler refuses.
//
// Windows does this itself for threads and fibers, and keeps handlers on the stack that faults. Here they
// run on another one, so a program can do it for stacks of its own; makecontext makes one.
//
//   g++ $(pkg-config --cflags winmem) growing_stack.cpp $(pkg-config --libs winmem)

#include <windows.h>

#include <stdio.h>
#include <ucontext.h>

static char *bottom; // the lowest page is never committed: what runs over the end meets nothing
static char *top;
static SIZE_T page;
static ucontext_t caller, callee;

static bool failed(const char *step)
{
    printf("%s: error %u\n", step, (unsigned)GetLastError());
    return false;
}

static bool commit(char *place, DWORD protection)
{
    return VirtualAlloc(place, page, MEM_COMMIT, protection) != nullptr;
}

// Reserves the stack, or gives back all but its first page: one page to stand on, and a guard.
static bool prepare(SIZE_T size)
{
    if (!bottom) {
        bottom = static_cast<char *>(VirtualAlloc(nullptr, size, MEM_RESERVE, PAGE_NOACCESS));
        if (!bottom)
            return failed("VirtualAlloc");
        top = bottom + size;
    } else if (!VirtualFree(bottom, size - page, MEM_DECOMMIT)) {
        return failed("VirtualFree");
    }
    return (commit(top - page, PAGE_READWRITE) && commit(top - 2 * page, PAGE_READWRITE | PAGE_GUARD)) ||
           failed("VirtualAlloc");
}

static bool overflowed;

// The thread arrives here instead of going on where there is no room.
static void abandon()
{
    overflowed = true;
    setcontext(&caller);
}

static LONG WINAPI move_guard(PEXCEPTION_POINTERS exception)
{
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    char *address = reinterpret_cast<char *>(record->ExceptionInformation[1]);

    if (record->ExceptionCode != STATUS_GUARD_PAGE_VIOLATION || address < bottom || address >= top)
        return EXCEPTION_CONTINUE_SEARCH;

    // The page that was touched is an ordinary one by now; the next below becomes the guard.
    char *next = bottom + (address - bottom) / page * page - page;
    if (next > bottom && commit(next, PAGE_READWRITE | PAGE_GUARD))
        return EXCEPTION_CONTINUE_EXECUTION;

    // Refused. The calls so far are given up (without destructors), so their stack is free for abandon. A
    // function expects the stack pointer 8 below a multiple of 16, as the call instruction leaves it.
    exception->ContextRecord->Rsp = reinterpret_cast<DWORD64>(top) - 8;
    exception->ContextRecord->Rip = reinterpret_cast<DWORD64>(abandon);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static unsigned long wanted, deepest, returned;

// Some recursion. A frame must be smaller than a page, or a call could step over the guard; larger ones touch
// every page on their way if compiled with -fstack-clash-protection, as __chkstk does on Windows.
__attribute__((noinline)) static unsigned long climb(unsigned long depth)
{
    volatile char frame[200];

    frame[depth % sizeof(frame)] = 1;
    deepest = depth;
    const unsigned long below = depth < wanted ? climb(depth + 1) : 0;
    return below + frame[depth % sizeof(frame)];
}

static void run()
{
    returned = climb(1);
}

// Calls run on our stack, and comes back when it returns or the handler has refused.
static bool call(unsigned long depth)
{
    getcontext(&callee);
    callee.uc_stack.ss_sp = bottom;
    callee.uc_stack.ss_size = top - bottom;
    callee.uc_link = &caller;
    makecontext(&callee, run, 0);
    wanted = depth;
    returned = deepest = 0;
    overflowed = false;
    return swapcontext(&caller, &callee) == 0;
}

// From the top down: what is committed, without the guard page.
static SIZE_T committed()
{
    MEMORY_BASIC_INFORMATION region;
    SIZE_T size = 0;

    for (char *at = bottom; at < top && VirtualQuery(at, &region, sizeof(region)); at += region.RegionSize) {
        if (region.State == MEM_COMMIT && !(region.Protect & PAGE_GUARD))
            size += region.RegionSize;
    }
    return size;
}

static bool show(unsigned long depth, bool fits)
{
    const bool good = call(depth) && overflowed == !fits && returned == (fits ? depth : 0);

    printf("%lu calls deep: %s at %lu, %u KiB committed%s\n", depth, overflowed ? "refused" : "returned",
           deepest, (unsigned)(committed() / 1024), good ? "" : ", not as expected");
    return good;
}

int main()
{
    const SIZE_T size = 1 << 20;
    SYSTEM_INFO system;

    GetSystemInfo(&system);
    page = system.dwPageSize;
    void *handler = AddVectoredExceptionHandler(1, move_guard);
    if (!handler || !prepare(size))
        return 1;

    bool good = committed() == page;
    good = show(10, true) && show(100, true) && show(1000, true) && good;
    good = show(1000000, false) && committed() == size - page && good; // all but the page at the bottom
    good = prepare(size) && committed() == page && show(1000, true) && good;

    RemoveVectoredExceptionHandler(handler);
    return VirtualFree(bottom, 0, MEM_RELEASE) && good ? 0 : 1;
}
