/*
 * exceptions.c: vectored handlers, the unhandled-exception filter, raised exceptions.
 *
 * A fault comes from kern, becomes an exception (exceptionrecord.c), and is offered here to the handlers in
 * their order, then to the filter (D12.7a, D12.7f). All of it runs in the faulting thread and in a signal
 * handler. So nothing is allocated, and no lock is held while a handler runs: it may register and remove
 * handlers, raise an exception itself, or leave by a jump. The list counts who stands where instead
 * (core/handlers.h).
 *
 * What nobody has continued goes back to kern: to the program's own signal handler if there is one, else
 * the process ends by the signal (L56, L58). A raised exception has no signal to end by, and ends as abort
 * does.
 *
 * The last error and errno are what they were before, unless a handler has changed them (L53). The functions
 * that register set no last error on Windows, and here neither.
 */
#include <excpt.h>
#include <string.h>

#include "api/context.h"
#include "api/edge.h"
#include "api/exceptionrecord.h"
#include "api/exceptions.h"
#include "base/atomic.h"
#include "core/handlers.h"
#include "kern/renew.h"
#include "kern/signals/signals.h"
#include "vm/book/home.h"
#include "vm/ops.h"
#include "vm/pages/guard.h"

enum { EXCEPTION_HANDLERS, CONTINUE_HANDLERS, LISTS };

/*
 * What is told is index and generation (core/handlers.h), with the list it is in, so that a continue handler
 * is not removed as an exception handler. It looks like an aligned pointer, because programs have it as a
 * PVOID.
 */
enum { HANDLE_UNIT = 16, HANDLE_LIST = 8 };

static struct wm_handlers lists[LISTS];
static struct wm_lock lists_lock;
static LPTOP_LEVEL_EXCEPTION_FILTER filter;

/* --- asking --- */

/*
 * A signal handler that has interrupted its own thread in the middle of a change is told that there are no
 * handlers: it cannot wait for itself, and half a change cannot be read.
 */
static uint16_t next(int list, uint16_t from, PVECTORED_EXCEPTION_HANDLER *handler)
{
    uintptr_t function = 0;
    uint16_t index;

    if (!wm_lock_take(&lists_lock))
        return 0;
    index = wm_handlers_next(&lists[list], from, &function);
    wm_lock_drop(&lists_lock);
    *handler = (PVECTORED_EXCEPTION_HANDLER)function;
    return index;
}

static void leave(int list, uint16_t from)
{
    if (wm_lock_take(&lists_lock)) {
        wm_handlers_leave(&lists[list], from);
        wm_lock_drop(&lists_lock);
    }
}

/*
 * In order, until one continues. Any other answer means the next, as on Windows, not only
 * EXCEPTION_CONTINUE_SEARCH.
 */
static bool ask(int list, EXCEPTION_POINTERS *pointers)
{
    PVECTORED_EXCEPTION_HANDLER handler;
    uint16_t at = 0;

    while ((at = next(list, at, &handler)) != 0)
        if (handler(pointers) == EXCEPTION_CONTINUE_EXECUTION) {
            leave(list, at);
            return true;
        }
    return false;
}

/*
 * There are no frames to unwind to, so EXECUTE_HANDLER ends the process here; Linux keeps the low byte of a
 * code (L58).
 */
static bool ask_filter(EXCEPTION_POINTERS *pointers)
{
    LPTOP_LEVEL_EXCEPTION_FILTER asked = WM_LOAD(filter);
    LONG answer = asked != NULL ? asked(pointers) : EXCEPTION_CONTINUE_SEARCH;

    if (answer == EXCEPTION_EXECUTE_HANDLER)
        wm_kern_exit((int)(pointers->ExceptionRecord->ExceptionCode & 0xff));
    return answer == EXCEPTION_CONTINUE_EXECUTION;
}

static bool answered(EXCEPTION_RECORD *record, CONTEXT *context)
{
    EXCEPTION_POINTERS pointers = {record, context};

    return ask(EXCEPTION_HANDLERS, &pointers) || ask_filter(&pointers);
}

/* To continue what cannot be continued is an exception as well, and after that there is nothing left to do. */
static void complain(EXCEPTION_RECORD *about, CONTEXT *context)
{
    EXCEPTION_RECORD record = {
        .ExceptionCode = EXCEPTION_NONCONTINUABLE_EXCEPTION,
        .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
        .ExceptionRecord = about,
        .ExceptionAddress = about->ExceptionAddress,
    };

    answered(&record, context);
}

/* Does the thread go on? */
static bool settled(EXCEPTION_RECORD *record, CONTEXT *context)
{
    EXCEPTION_POINTERS pointers = {record, context};
    DWORD flags = record->ExceptionFlags;

    if (!answered(record, context))
        return false;
    if (flags & EXCEPTION_NONCONTINUABLE) {
        complain(record, context);
        return false;
    }
    ask(CONTINUE_HANDLERS, &pointers);
    return true;
}

/* --- dispatching --- */

static bool dispatch(const struct wm_fault *fault, EXCEPTION_RECORD *record)
{
    uint64_t *general = fault->registers.general, pc = general[WM_PC], flags = general[WM_FLAGS];
    CONTEXT context;

    wm_context_adjust(fault->cause, general);
    wm_context_capture(&fault->registers, &context);
    record->ExceptionAddress = (PVOID)wm_context_pc(&context);
    if (settled(record, &context)) {
        wm_context_apply(&context, &fault->registers);
        return true;
    }
    general[WM_PC] = pc;
    general[WM_FLAGS] = flags;
    return false;
}

/*
 * A thread that is stepped through one of our calls would ask its handlers while it holds our locks, and they
 * could not call us (L63). On Windows such a call is one step, too. The trap flag stays set, so the next step
 * behind the call is told.
 */
static bool is_step_of_ours(const struct wm_fault *fault)
{
    return fault->cause == WM_CAUSE_STEP && (wm_lock_mine(&lists_lock) || wm_home_is_mine());
}

static bool on_fault(struct wm_fault *fault)
{
    EXCEPTION_RECORD record;

    if (is_step_of_ours(fault) || !wm_exception_describe(fault, &record) || dispatch(fault, &record))
        return true;
    if (fault->cause == WM_CAUSE_RAISED)
        wm_kern_abort();
    return false;
}

/* --- registering --- */

const struct wm_renewal wm_renewed_exceptions = {.lock = &lists_lock};

/* The book is made now: later the fault itself would have to, in a signal handler. */
wm_status wm_exceptions_begin(void)
{
    wm_status st = wm_home_ready();

    if (!wm_ok(st))
        return st;
    st = wm_kern_catch_faults(on_fault) == 0 ? WM_OK : WM_KERNEL;
    wm_kern_alternate_stack();
    return st;
}

/*
 * Guard pages need the signals of memory faults and no others: division and traps stay with the program's own
 * handlers until it wants to know of exceptions (L62).
 */
static wm_status begin_all(void)
{
    wm_status st = wm_exceptions_begin();

    return wm_ok(st) && wm_kern_catch_traps() != 0 ? WM_KERNEL : st;
}

/* On a borrowed thread, which may hold malloc's lock: no more than is needed for guard pages. */
static wm_status catch_for_others(void)
{
    return wm_kern_catches_faults() || wm_kern_catch_faults(on_fault) == 0 ? WM_OK : WM_KERNEL;
}

__attribute__((constructor)) static void offer_to_catch(void)
{
    wm_guard_catch_faults = catch_for_others;
}

static wm_status add_locked(int list, bool first, PVECTORED_EXCEPTION_HANDLER handler, uintptr_t *out)
{
    uintptr_t handle = wm_handlers_add(&lists[list], (uintptr_t)handler, first);

    *out = handle * HANDLE_UNIT + (uintptr_t)list * HANDLE_LIST;
    return handle != 0 ? WM_OK : WM_HANDLERS_FULL;
}

static wm_status add(int list, ULONG first, PVECTORED_EXCEPTION_HANDLER handler, uintptr_t *out)
{
    wm_status st = handler != NULL ? begin_all() : WM_POINTER;

    if (wm_ok(st) && !wm_lock_take(&lists_lock))
        st = WM_REENTERED;
    if (!wm_ok(st))
        return st;
    st = add_locked(list, first != 0, handler, out);
    wm_lock_drop(&lists_lock);
    return st;
}

static wm_status drop(int list, uintptr_t handle)
{
    bool done;

    if (handle % HANDLE_UNIT != (uintptr_t)list * HANDLE_LIST)
        return WM_HANDLE;
    if (!wm_lock_take(&lists_lock))
        return WM_REENTERED;
    done = wm_handlers_remove(&lists[list], handle / HANDLE_UNIT);
    wm_lock_drop(&lists_lock);
    return done ? WM_OK : WM_HANDLE;
}

/* --- the functions: on Windows none of them sets a last error --- */

PVOID WINAPI AddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler)
{
    uintptr_t handle = 0;
    wm_status st = add(EXCEPTION_HANDLERS, First, Handler, &handle);

    WM_TRACE(st, WM_RETURNS(WM_HEX(handle)), WM_DECIMAL(First), WM_HEX((uintptr_t)Handler));
    return wm_ok(st) ? (PVOID)handle : NULL;
}

ULONG WINAPI RemoveVectoredExceptionHandler(PVOID Handle)
{
    wm_status st = drop(EXCEPTION_HANDLERS, (uintptr_t)Handle);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Handle));
    return wm_ok(st);
}

PVOID WINAPI AddVectoredContinueHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler)
{
    uintptr_t handle = 0;
    wm_status st = add(CONTINUE_HANDLERS, First, Handler, &handle);

    WM_TRACE(st, WM_RETURNS(WM_HEX(handle)), WM_DECIMAL(First), WM_HEX((uintptr_t)Handler));
    return wm_ok(st) ? (PVOID)handle : NULL;
}

ULONG WINAPI RemoveVectoredContinueHandler(PVOID Handle)
{
    wm_status st = drop(CONTINUE_HANDLERS, (uintptr_t)Handle);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Handle));
    return wm_ok(st);
}

LPTOP_LEVEL_EXCEPTION_FILTER WINAPI
SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER lpTopLevelExceptionFilter)
{
    wm_status st = lpTopLevelExceptionFilter != NULL ? begin_all() : WM_OK;
    LPTOP_LEVEL_EXCEPTION_FILTER before =
        __atomic_exchange_n(&filter, lpTopLevelExceptionFilter, __ATOMIC_ACQ_REL);

    WM_TRACE(st, WM_RETURNS(WM_HEX((uintptr_t)before)), WM_HEX((uintptr_t)lpTopLevelExceptionFilter));
    return before;
}

/* --- RaiseException, between the system call in its frame and the rest (raise.S) --- */

void wm_raise_begin(DWORD code, DWORD flags, DWORD count, const ULONG_PTR *arguments,
                    EXCEPTION_RECORD *record, struct wm_raising *raising);
void wm_raise_end(const struct wm_raising *raising);

void wm_raise_begin(DWORD code, DWORD flags, DWORD count, const ULONG_PTR *arguments,
                    EXCEPTION_RECORD *record, struct wm_raising *raising)
{
    memset(record, 0, sizeof *record);
    record->ExceptionCode = code;
    record->ExceptionFlags = flags & EXCEPTION_NONCONTINUABLE;
    for (DWORD i = 0; arguments != NULL && i < count && i < EXCEPTION_MAXIMUM_PARAMETERS; i++)
        wm_exception_add(record, arguments[i]);
    WM_TRACE_AS("RaiseException", WM_OK, WM_RETURNS_NEVER, WM_HEX(code), WM_HEX(flags), WM_DECIMAL(count),
                WM_HEX(arguments));
    if (!wm_ok(wm_exceptions_begin()))
        wm_kern_abort();
    wm_kern_raise_begin(record, raising);
}

void wm_raise_end(const struct wm_raising *raising)
{
    if (!wm_kern_raise_end(raising))
        wm_kern_abort();
}
