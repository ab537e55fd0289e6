/*
 * Exceptions on aarch64: what exceptions.c and processorexceptions.c are for x86-64. Windows lays a CONTEXT out as public headers
 * have it (ARM64_NT_CONTEXT); what is told of an access is the same everywhere.
 */
#include "api.h"

#if defined __aarch64__

#include "fixing.h"

static void expect_violation(ULONG_PTR access, const BYTE *address)
{
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(seen.record.NumberParameters, 2);
    EXPECT_EQ(seen.record.ExceptionInformation[0], access);
    EXPECT_EQ(seen.record.ExceptionInformation[1], AT(address));
    EXPECT_EQ(seen.record.ExceptionAddress, seen.context.Pc);
    seen.calls = 0;
}

/* ---- what a handler is told ---------------------------------------------------------------- */

TEST(arm64exceptions, reads_writes_and_fetches_are_told_apart, "O102 O103 O105")
{
    static const DWORD ret = 0xd65f03c0;
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    union {
        BYTE *data;
        void (*code)(void);
    } target;

    fixing(p, PAGE_READONLY);
    protect(p, PAGE, PAGE_NOACCESS);
    EXPECT_EQ(*(volatile BYTE *)(p + 0xFFC), 0);
    expect_violation(EXCEPTION_READ_FAULT, p + 0xFFC);
    fix_to = PAGE_READWRITE;
    *(volatile BYTE *)(p + 0x123) = 7;
    expect_violation(EXCEPTION_WRITE_FAULT, p + 0x123);
    EXPECT_EQ(p[0x123], 7);
    memcpy(p + 0x40, &ret, sizeof ret);
    MUST(FlushInstructionCache(GetCurrentProcess(), p + 0x40, sizeof ret));
    target.data = p + 0x40;
    fix_to = PAGE_EXECUTE_READ;
    target.code();
    expect_violation(EXCEPTION_EXECUTE_FAULT, p + 0x40);
    EXPECT_EQ(seen.record.ExceptionAddress, AT(p + 0x40));
}

/* ---- changing the context ------------------------------------------------------------------ */

static LONG CALLBACK answers_42(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->X0 = 42;
    info->ContextRecord->V[7].Low = 4242;
    info->ContextRecord->Pc += 4;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* L619: a handler finds the registers where public headers have them, and the thread what it has put there. */
TEST(arm64exceptions, registers_are_seen_and_changed, "L619")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    ULONG64 answer, vector, at;

    MUST(AddVectoredExceptionHandler(1, answers_42) != NULL);
    __asm__ volatile("movi v7.16b, #7\n"
                     "mov x0, %3\n"
                     "movz x19, #0x1919\n"
                     "movk x19, #0x1919, lsl #48\n"
                     "adr %2, 1f\n"
                     "1: ldr x0, [x0]\n"
                     "mov %0, x0\n"
                     "umov %1, v7.d[0]"
                     : "=&r"(answer), "=&r"(vector), "=&r"(at)
                     : "r"(p)
                     : "v7", "x0", "x19", "memory");
    EXPECT_EQ(answer, 42);
    EXPECT_EQ(vector, 4242);
    EXPECT_EQ(seen.context.Pc, at);
    EXPECT_EQ(seen.context.X0, AT(p));
    EXPECT_EQ(seen.context.X19, 0x1919000000001919);
    EXPECT_EQ(seen.context.V[7].Low, 0x0707070707070707);
    EXPECT_EQ(seen.context.V[7].High, 0x0707070707070707);
    EXPECT_EQ(seen.context.ContextFlags & CONTEXT_FULL, CONTEXT_FULL);
    EXPECT(seen.context.Sp > AT(&at) - GRAIN && seen.context.Sp <= AT(&at));
}

static LONG CALLBACK leaves_all_alone(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->ContextFlags = CONTEXT_CONTROL;
    info->ContextRecord->X0 = 42;
    info->ContextRecord->Pc += 4;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(arm64exceptions, parts_that_are_not_named_are_not_taken, "L54")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    ULONG64 kept;

    MUST(AddVectoredExceptionHandler(1, leaves_all_alone) != NULL);
    __asm__ volatile("mov x0, %1\n"
                     "ldr x1, [x0]\n"
                     "mov %0, x0"
                     : "=r"(kept)
                     : "r"(p)
                     : "x0", "x1", "memory");
    EXPECT_EQ(kept, AT(p));
}

/* ---- of the processor ---------------------------------------------------------------------- */

static LONG CALLBACK skips(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->Pc += 4;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* L620: a breakpoint is told at its instruction, and a thread that goes on there meets it again. */
TEST(arm64exceptions, a_breakpoint_is_told_at_its_instruction, "L620")
{
    ULONG64 at;

    MUST(AddVectoredExceptionHandler(1, skips) != NULL);
    __asm__ volatile("adr %0, 1f\n1: brk #0xf000" : "=r"(at) : : "memory");
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_BREAKPOINT);
    EXPECT_EQ(seen.record.NumberParameters, 1);
    EXPECT_EQ(seen.record.ExceptionAddress, at);
}

TEST(arm64exceptions, an_instruction_that_is_none_is_illegal, "O277")
{
    ULONG64 at;

    MUST(AddVectoredExceptionHandler(1, skips) != NULL);
    __asm__ volatile("adr %0, 1f\n1: udf #0" : "=r"(at) : : "memory");
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_ILLEGAL_INSTRUCTION);
    EXPECT_EQ(seen.record.ExceptionAddress, at);
}

/* ---- raised -------------------------------------------------------------------------------- */

static LONG CALLBACK continues(EXCEPTION_POINTERS *info)
{
    look(info);
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(arm64exceptions, a_raised_exception_has_its_parameters_and_goes_on, "O276")
{
    static const ULONG_PTR arguments[] = {1, 22, 333};

    MUST(AddVectoredExceptionHandler(1, continues) != NULL);
    for (unsigned i = 1; i <= 100; i++) {
        RaiseException(0xE0001234, 0, 3, arguments);
        EXPECT_EQ(seen.calls, i);
    }
    EXPECT_EQ(seen.record.ExceptionCode, 0xE0001234);
    EXPECT_EQ(seen.record.NumberParameters, 3);
    EXPECT_EQ(seen.record.ExceptionInformation[2], 333);
    EXPECT_EQ(seen.record.ExceptionAddress, seen.context.Pc);
}

#endif
