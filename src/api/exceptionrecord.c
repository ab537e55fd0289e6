/*
 * exceptionrecord.c: what a fault is called on Windows, and what is told of it.
 *
 * Two sources. What concerns memory vm has an opinion of (vm/touch/pagefault.c): a guard page, a violation,
 * nothing at all, because another thread has made the page accessible meanwhile. What the processor raises by
 * itself is a row of a table here. An exception that the program raises comes ready made.
 *
 * It runs in a signal handler, in the faulting thread: nothing is allocated, and locks are taken by vm alone,
 * for a guard page that goes and for a window whose pages move. The record is filled without the address of
 * the exception, which depends on what the registers will be said to be (exceptions.c).
 */
#include "api/exceptionrecord.h"

#include <string.h>

#include "kern/kern.h"
#include "vm/ops.h"

void wm_exception_add(EXCEPTION_RECORD *record, ULONG_PTR value)
{
    record->ExceptionInformation[record->NumberParameters++] = value;
}

static ULONG_PTR access_code(int access)
{
    return access == WM_ACCESS_EXECUTE ? EXCEPTION_EXECUTE_FAULT
           : access == WM_ACCESS_WRITE ? EXCEPTION_WRITE_FAULT
                                       : EXCEPTION_READ_FAULT;
}

/*
 * A thread that runs out of stack touches memory of nobody a little below its stack pointer, or just above it
 * if the pointer was moved first. Linux calls that a violation like any other; on Windows it has a code of
 * its own (L67).
 */
static bool is_stack_overflow(const struct wm_fault *fault)
{
    uintptr_t sp = fault->registers.general[WM_SP];

    return fault->cause == WM_CAUSE_ACCESS && fault->access != WM_ACCESS_EXECUTE &&
           fault->addr - (sp - WM_GRANULE) < WM_GRANULE + WM_PAGE;
}

/*
 * Where no page could be had behind an access that is allowed, the kernel says SIGBUS and Windows an in-page
 * error (D6.7a); where the access is forbidden by our own rules, that comes first.
 */
static DWORD memory_code(const struct wm_fault *fault, enum wm_verdict verdict)
{
    if (verdict == WM_FAULT_GUARD)
        return EXCEPTION_GUARD_PAGE;
    if (verdict != WM_FAULT_VIOLATION && fault->cause != WM_CAUSE_ACCESS)
        return EXCEPTION_IN_PAGE_ERROR;
    return verdict == WM_FAULT_FOREIGN && is_stack_overflow(fault) ? EXCEPTION_STACK_OVERFLOW
                                                                   : EXCEPTION_ACCESS_VIOLATION;
}

/* Why a page could not be read in: the file ends before it, or the memory is damaged. */
static const DWORD end_of_file = 0xC0000011, device_data_error = 0xC000009C;

static void describe_memory(const struct wm_fault *fault, enum wm_verdict verdict, EXCEPTION_RECORD *record)
{
    record->ExceptionCode = memory_code(fault, verdict);
    wm_exception_add(record, access_code(fault->access));
    wm_exception_add(record, fault->addr);
    if (record->ExceptionCode == EXCEPTION_IN_PAGE_ERROR)
        wm_exception_add(record, fault->cause == WM_CAUSE_BROKEN ? device_data_error : end_of_file);
}

/* What has nothing to do with memory; 0: it has. */
static const DWORD processor_codes[WM_CAUSE_COUNT] = {
    [WM_CAUSE_ALIGNMENT] = EXCEPTION_DATATYPE_MISALIGNMENT,
    [WM_CAUSE_PRIVILEGED] = EXCEPTION_PRIV_INSTRUCTION,
    [WM_CAUSE_ILLEGAL] = EXCEPTION_ILLEGAL_INSTRUCTION,
    [WM_CAUSE_DIVISION] = EXCEPTION_INT_DIVIDE_BY_ZERO,
    [WM_CAUSE_OVERFLOW] = EXCEPTION_INT_OVERFLOW,
    [WM_CAUSE_BREAKPOINT] = EXCEPTION_BREAKPOINT,
    [WM_CAUSE_STEP] = EXCEPTION_SINGLE_STEP,
    [WM_CAUSE_FLOAT_INVALID] = EXCEPTION_FLT_INVALID_OPERATION,
    [WM_CAUSE_FLOAT_STACK] = EXCEPTION_FLT_STACK_CHECK,
    [WM_CAUSE_FLOAT_ZERO] = EXCEPTION_FLT_DIVIDE_BY_ZERO,
    [WM_CAUSE_FLOAT_DENORMAL] = EXCEPTION_FLT_DENORMAL_OPERAND,
    [WM_CAUSE_FLOAT_OVERFLOW] = EXCEPTION_FLT_OVERFLOW,
    [WM_CAUSE_FLOAT_UNDERFLOW] = EXCEPTION_FLT_UNDERFLOW,
    [WM_CAUSE_FLOAT_INEXACT] = EXCEPTION_FLT_INEXACT_RESULT,
};

/*
 * Windows tells 0 as the only parameter of a breakpoint, and 0 as the first of a floating-point exception,
 * with a word as the second where it was one of the vector unit.
 */
static void describe_processor(const struct wm_fault *fault, EXCEPTION_RECORD *record)
{
    ULONG_PTR word;

    record->ExceptionCode = processor_codes[fault->cause];
    if (fault->cause == WM_CAUSE_BREAKPOINT || fault->cause >= WM_CAUSE_FLOAT_INVALID)
        wm_exception_add(record, 0);
    if (fault->cause >= WM_CAUSE_FLOAT_INVALID && wm_context_float_word(&fault->registers, &word))
        wm_exception_add(record, word);
}

/* False: nothing happened that the program has to know. */
static bool describe_met(struct wm_fault *fault, EXCEPTION_RECORD *record)
{
    enum wm_verdict verdict =
        fault->addr != UINTPTR_MAX ? wm_op_fault(fault->addr, fault->access) : WM_FAULT_FOREIGN;

    if (verdict == WM_FAULT_EARLY || (verdict == WM_FAULT_RETRY && fault->cause == WM_CAUSE_ACCESS))
        return false;
    fault->forbidden = verdict == WM_FAULT_VIOLATION;
    describe_memory(fault, verdict, record);
    return true;
}

bool wm_exception_describe(struct wm_fault *fault, EXCEPTION_RECORD *record)
{
    memset(record, 0, sizeof *record);
    if (fault->cause == WM_CAUSE_RAISED)
        *record = *(const EXCEPTION_RECORD *)fault->raised;
    else if (processor_codes[fault->cause] == 0)
        return describe_met(fault, record);
    else
        describe_processor(fault, record);
    return true;
}
