/*
 * fiber.c: fibers: ConvertThreadToFiber, CreateFiber, SwitchToFiber, DeleteFiber and their kin.
 *
 * A fiber is a stack and where on it to go on. Its record lies at the top of its own stack, a thread's that was made a
 * fiber among the thread's own variables; the first word is what GetFiberData gives, as programs read it themselves.
 *
 *   the calling thread's TEB tells of the stack that the thread is on: it is changed with the stack, before the leap
 *   behind the leap it may be another thread that goes on: nothing that was read of the thread before is used there
 *   a stack is not given back while somebody stands on it: who deletes his own leaves that to the end of the thread,
 *   when libc is back on the thread's own stack
 */
#include <pthread.h>

#include "vm/threads/fls.h"
#include "vm/threads/self.h"
#include "win32/threads/fiberswitch.h"
#include "win32/win32.h"

enum { DEFAULT_RESERVE = 1 << 20, PAGE = 4096, GRANULE = 1 << 16 };

#define MOST ((SIZE_T)1 << 46)

struct wm_fiber {
    void *data;
    uintptr_t stack_pointer; /* while nobody is on it */
    uintptr_t stack_base, stack_limit, stack_mapping;
    void *memory; /* the stack that was made for it; NULL: it is the thread's own */
    LPFIBER_START_ROUTINE start;
    struct wm_fls_set fls;
};

static struct wm_fiber *fiber_of(const struct wm_thread *thread)
{
    return thread == NULL ? NULL : (struct wm_fiber *)thread->teb.fiber;
}

static struct wm_fiber *mine(void)
{
    return fiber_of(wm_thread_self());
}

/* --- threads that become fibers, and back --- */

/* Of the thread's own stack, so it goes with the thread. */
static __thread struct wm_fiber own;

static wm_status convert(void *data, DWORD flags, struct wm_fiber **out)
{
    struct wm_thread *thread = wm_thread_self();

    if (flags & ~(DWORD)FIBER_FLAG_FLOAT_SWITCH)
        return WM_FIBER_FLAGS;
    if (thread == NULL)
        return WM_FIBER_MEMORY;
    if (fiber_of(thread) != NULL)
        return WM_ALREADY_FIBER;
    own = (struct wm_fiber){.data = data};
    thread->teb.fiber = (uintptr_t)&own;
    *out = &own;
    return WM_OK;
}

LPVOID WINAPI ConvertThreadToFiberEx(LPVOID lpParameter, DWORD dwFlags)
{
    struct wm_fiber *fiber = NULL;
    wm_status st = convert(lpParameter, dwFlags, &fiber);

    WM_TRACE(st, WM_RETURNS(WM_HEX(fiber)), WM_HEX(lpParameter), WM_HEX(dwFlags));
    return wm_edge_bool(st) ? fiber : NULL;
}

LPVOID WINAPI ConvertThreadToFiber(LPVOID lpParameter)
{
    return ConvertThreadToFiberEx(lpParameter, 0);
}

static wm_status convert_back(void)
{
    struct wm_thread *thread = wm_thread_self();

    if (fiber_of(thread) == NULL)
        return WM_NO_FIBER;
    thread->teb.fiber = 0;
    thread->fiber_fls = NULL;
    return WM_OK;
}

BOOL WINAPI ConvertFiberToThread(void)
{
    uintptr_t fiber = (uintptr_t)mine();
    wm_status st = convert_back();

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(fiber));
    return wm_edge_bool(st);
}

BOOL WINAPI IsThreadAFiber(void)
{
    return mine() != NULL;
}

/* --- fibers with stacks of their own --- */

/* Where the first leap onto it takes what a function keeps: as fiberswitch.S leaves it. */
static uintptr_t first_frame(struct wm_fiber *fiber)
{
    struct wm_fiber_frame *frame =
        (struct wm_fiber_frame *)((((uintptr_t)fiber & ~(uintptr_t)63) - 16) - sizeof *frame);

    *frame = (struct wm_fiber_frame){.fiber = (uintptr_t)fiber, .back = (uintptr_t)wm_fiber_first};
    wm_fiber_modes(frame);
    return (uintptr_t)frame;
}

/* All but the lowest page can be used; that one is the end. */
static struct wm_fiber *make(SIZE_T reserve)
{
    struct wm_fiber *fiber;
    char *memory = VirtualAlloc(NULL, reserve, MEM_RESERVE, PAGE_NOACCESS);

    if (memory == NULL)
        return NULL;
    if (VirtualAlloc(memory + PAGE, reserve - PAGE, MEM_COMMIT, PAGE_READWRITE) == NULL) {
        VirtualFree(memory, 0, MEM_RELEASE);
        return NULL;
    }
    fiber = (struct wm_fiber *)((uintptr_t)(memory + reserve - sizeof *fiber) & ~(uintptr_t)63);
    fiber->memory = memory;
    fiber->stack_mapping = (uintptr_t)memory;
    fiber->stack_limit = (uintptr_t)memory + PAGE;
    fiber->stack_base = (uintptr_t)memory + reserve;
    return fiber;
}

static SIZE_T stack_bytes(SIZE_T commit, SIZE_T reserve)
{
    SIZE_T bytes = reserve == 0 ? DEFAULT_RESERVE : reserve;

    if (bytes < commit)
        bytes = (commit + DEFAULT_RESERVE) & ~(SIZE_T)(DEFAULT_RESERVE - 1);
    return (bytes + GRANULE - 1) & ~(SIZE_T)(GRANULE - 1);
}

static wm_status create(SIZE_T commit, SIZE_T reserve, DWORD flags, struct wm_fiber **out)
{
    DWORD error = GetLastError();

    if (flags & ~(DWORD)FIBER_FLAG_FLOAT_SWITCH)
        return WM_FIBER_FLAGS;
    if (commit > MOST || reserve > MOST)
        return WM_FIBER_MEMORY;
    *out = make(stack_bytes(commit, reserve));
    SetLastError(error);
    if (*out == NULL)
        return WM_FIBER_MEMORY;
    if (wm_fls_begin(&(*out)->fls))
        return WM_OK;
    VirtualFree((*out)->memory, 0, MEM_RELEASE);
    return WM_REENTERED;
}

LPVOID WINAPI CreateFiberEx(SIZE_T dwStackCommitSize, SIZE_T dwStackReserveSize, DWORD dwFlags,
                            LPFIBER_START_ROUTINE lpStartAddress, LPVOID lpParameter)
{
    struct wm_fiber *fiber = NULL;
    wm_status st = create(dwStackCommitSize, dwStackReserveSize, dwFlags, &fiber);

    if (wm_ok(st)) {
        fiber->data = lpParameter;
        fiber->start = lpStartAddress;
        fiber->stack_pointer = first_frame(fiber);
    }
    WM_TRACE(st, WM_RETURNS(WM_HEX(fiber)), WM_HEX(dwStackCommitSize), WM_HEX(dwStackReserveSize),
             WM_HEX(dwFlags), WM_HEX((uintptr_t)lpStartAddress), WM_HEX(lpParameter));
    return wm_edge_bool(st) ? fiber : NULL;
}

LPVOID WINAPI CreateFiber(SIZE_T dwStackSize, LPFIBER_START_ROUTINE lpStartAddress, LPVOID lpParameter)
{
    return CreateFiberEx(dwStackSize, 0, 0, lpStartAddress, lpParameter);
}

/* --- going from one to another --- */

static void change(struct wm_thread *thread, struct wm_fiber *from, struct wm_fiber *to)
{
    struct wm_teb *teb = &thread->teb;

    from->stack_base = teb->stack_base;
    from->stack_limit = teb->stack_limit;
    from->stack_mapping = teb->stack_mapping;
    teb->stack_base = to->stack_base;
    teb->stack_limit = to->stack_limit;
    teb->stack_mapping = to->stack_mapping;
    teb->fiber = (uintptr_t)to;
    thread->fiber_fls = to->memory == NULL ? NULL : &to->fls;
}

void WINAPI SwitchToFiber(LPVOID lpFiber)
{
    struct wm_thread *thread = wm_thread_self();
    struct wm_fiber *from = fiber_of(thread), *to = lpFiber;

    WM_TRACE(from == NULL ? WM_NO_FIBER : WM_OK, WM_RETURNS_NOTHING, WM_HEX(lpFiber));
    if (from == NULL)
        wm_edge_fail(WM_NO_FIBER);
    if (from == NULL || from == to)
        return;
    change(thread, from, to);
    wm_fiber_leap(&from->stack_pointer, to->stack_pointer);
}

/* A fiber whose function returns ends the thread that is on it. */
void wm_fiber_begin(struct wm_fiber *fiber)
{
    fiber->start(fiber->data);
    ExitThread(1);
}

/* --- deleting --- */

/* Also of the one that the thread has just left for good. */
static void drop(void *gone)
{
    struct wm_thread *thread = wm_thread_self();
    struct wm_fiber *fiber = gone;

    if (fiber_of(thread) == fiber) {
        thread->teb.fiber = 0;
        thread->fiber_fls = NULL;
    }
    if (fiber->memory != NULL && wm_fls_end(&fiber->fls))
        VirtualFree(fiber->memory, 0, MEM_RELEASE);
}

static pthread_key_t stood_on;

static void make_key(void)
{
    (void)pthread_key_create(&stood_on, drop);
}

/* The last word on this stack; libc goes on with the thread's own, and gives this one back there. */
static _Noreturn void delete_mine(struct wm_fiber *fiber)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (fiber->memory != NULL) {
        pthread_once(&once, make_key);
        (void)pthread_setspecific(stood_on, fiber);
    }
    ExitThread(1);
}

void WINAPI DeleteFiber(LPVOID lpFiber)
{
    WM_TRACE(WM_OK, WM_RETURNS_NOTHING, WM_HEX(lpFiber));
    if (lpFiber != NULL && lpFiber == mine())
        delete_mine(lpFiber);
    else if (lpFiber != NULL)
        drop(lpFiber);
}
