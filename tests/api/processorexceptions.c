/*
 * Exceptions of the processor: divisions, instructions, breakpoints, single steps, numbers. The same dispatcher as that
 * of memory (exceptions.c). What only Linux can be asked (signals): processorsignals.c.
 */
#include "api.h"

static struct seen {
    EXCEPTION_RECORD record;
    CONTEXT context;
    unsigned calls;
} seen;

static void look(EXCEPTION_POINTERS *info)
{
    seen.record = *info->ExceptionRecord;
    seen.context = *info->ContextRecord;
    seen.calls++;
}

static void handle_by(PVECTORED_EXCEPTION_HANDLER handler)
{
    seen.calls = 0;
    MUST(AddVectoredExceptionHandler(1, handler) != NULL);
}

/* ---- instructions, byte for byte -------------------------------------------------------------- */

/* Leaves the function in which the exception was: nothing is on its stack but where to return. */
static LONG CALLBACK returns(EXCEPTION_POINTERS *info)
{
    CONTEXT *context = info->ContextRecord;

    look(info);
    context->Rip = *(ULONG64 *)(uintptr_t)context->Rsp;
    context->Rsp += 8;
    return EXCEPTION_CONTINUE_EXECUTION;
}

#define LONGEST 48

struct snippet {
    const char *name;
    unsigned faults_at, length;
    BYTE bytes[LONGEST];
};

static BYTE *code_page;

/* At the end of a page: behind it there is nothing that could be read. */
static BYTE *place(const struct snippet *snippet)
{
    BYTE *at;

    if (code_page == NULL) {
        code_page = commit(2 * PAGE, PAGE_EXECUTE_READWRITE);
        MUST(VirtualFree(code_page + PAGE, PAGE, MEM_DECOMMIT));
    }
    at = code_page + PAGE - snippet->length;
    memcpy(at, snippet->bytes, snippet->length);
    MUST(FlushInstructionCache(GetCurrentProcess(), at, snippet->length));
    return at;
}

static void run(const struct snippet *snippet)
{
    union {
        BYTE *data;
        void (*code)(void);
    } target;

    target.data = place(snippet);
    seen.calls = 0;
    memset(&seen.record, 0, sizeof seen.record);
    target.code();
}

static void expect_at_fault(const struct snippet *snippet, DWORD code)
{
    BYTE *at = code_page + PAGE - snippet->length + snippet->faults_at;

    run(snippet);
    if (seen.calls != 1 || seen.record.ExceptionCode != code)
        check_fail(__FILE__, __LINE__, "%s: %u exceptions, code %x, not %x", snippet->name, seen.calls,
                   (unsigned)seen.record.ExceptionCode, (unsigned)code);
    else if (AT(seen.record.ExceptionAddress) != AT(at) || seen.context.Rip != AT(at) ||
             seen.record.ExceptionFlags != 0)
        check_fail(__FILE__, __LINE__, "%s: at %p, Rip %p, not %p", snippet->name,
                   seen.record.ExceptionAddress, (void *)(uintptr_t)seen.context.Rip, (void *)at);
}

static void expect_all(const struct snippet *snippets, size_t count, DWORD code, DWORD parameters)
{
    size_t i;

    place(&snippets[0]);
    for (i = 0; i < count; i++) {
        expect_at_fault(&snippets[i], code);
        if (seen.record.NumberParameters != parameters)
            check_fail(__FILE__, __LINE__, "%s: %u parameters", snippets[i].name,
                       (unsigned)seen.record.NumberParameters);
    }
}

#define EXPECT_ALL(snippets, code, parameters)                                                               \
    expect_all(snippets, sizeof(snippets) / sizeof((snippets)[0]), code, parameters)

TEST(processorexceptions, instructions_of_the_kernel_are_privileged, "O277")
{
    static const struct snippet snippets[] = {
        {"hlt", 0, 1, {0xF4}},
        {"cli", 0, 1, {0xFA}},
        {"sti", 0, 1, {0xFB}},
        {"in al, dx", 0, 1, {0xEC}},
        {"in eax, dx", 0, 1, {0xED}},
        {"in ax, dx", 0, 2, {0x66, 0xED}},
        {"in al, 60", 0, 2, {0xE4, 0x60}},
        {"out dx, al", 0, 1, {0xEE}},
        {"out 60, eax", 0, 2, {0xE7, 0x60}},
        {"insb", 0, 1, {0x6C}},
        {"outsd", 0, 1, {0x6F}},
        {"rdmsr", 0, 2, {0x0F, 0x32}},
        {"wrmsr", 0, 2, {0x0F, 0x30}},
        {"clts", 0, 2, {0x0F, 0x06}},
        {"invd", 0, 2, {0x0F, 0x08}},
        {"wbinvd", 0, 2, {0x0F, 0x09}},
        {"mov rax, cr0", 0, 3, {0x0F, 0x20, 0xC0}},
        {"mov cr3, rax", 0, 3, {0x0F, 0x22, 0xD8}},
        {"mov dr7, rax", 0, 3, {0x0F, 0x23, 0xF8}},
        {"mov cr8, r9", 0, 4, {0x45, 0x0F, 0x22, 0xC1}},
        {"lgdt [rsp]", 0, 4, {0x0F, 0x01, 0x14, 0x24}},
        {"lidt [rsp]", 0, 4, {0x0F, 0x01, 0x1C, 0x24}},
        {"lmsw ax", 0, 3, {0x0F, 0x01, 0xF0}},
        {"invlpg [rsp]", 0, 4, {0x0F, 0x01, 0x3C, 0x24}},
        {"swapgs", 0, 3, {0x0F, 0x01, 0xF8}},
        {"ltr ax", 0, 3, {0x0F, 0x00, 0xD8}},
        {"lldt ax", 0, 3, {0x0F, 0x00, 0xD0}},
    };

    handle_by(returns);
    EXPECT_ALL(snippets, EXCEPTION_PRIV_INSTRUCTION, 0);
}

TEST(processorexceptions, instructions_that_do_not_exist_are_illegal, "O277")
{
    static const struct snippet snippets[] = {
        {"ud2", 0, 2, {0x0F, 0x0B}},
        {"push es", 0, 1, {0x06}},
        {"daa", 0, 1, {0x27}},
        {"lock nop", 0, 2, {0xF0, 0x90}},
        {"ud0", 0, 4, {0x0F, 0xFF, 0xC0, 0xC3}},
    };

    handle_by(returns);
    EXPECT_ALL(snippets, EXCEPTION_ILLEGAL_INSTRUCTION, 0);
}

/* Behind the instructions: ret, and what they divide by. */
TEST(processorexceptions, a_division_by_zero, "O277")
{
    static const struct snippet snippets[] = {
        {"div ecx", 4, 7, {0x31, 0xC9, 0x31, 0xD2, 0xF7, 0xF1, 0xC3}},
        {"idiv ecx", 4, 7, {0x31, 0xC9, 0x31, 0xD2, 0xF7, 0xF9, 0xC3}},
        {"div r9", 5, 9, {0x45, 0x31, 0xC9, 0x31, 0xD2, 0x49, 0xF7, 0xF1, 0xC3}},
        {"div r9d, its upper half set", 10, 14, {0x49, 0xB9, 0, 0, 0, 0, 1, 0, 0, 0, 0x41, 0xF7, 0xF1, 0xC3}},
        {"div cx, its upper half set", 5, 9, {0xB9, 0, 0, 1, 0, 0x66, 0xF7, 0xF1, 0xC3}},
        {"div cl, ch set", 5, 8, {0xB9, 0, 1, 0, 0, 0xF6, 0xF1, 0xC3}},
        {"div ch, cl set", 5, 8, {0xB9, 1, 0, 0, 0, 0xF6, 0xF5, 0xC3}},
        {"div r9b, r9 + 1 set", 6, 10, {0x41, 0xB9, 0, 1, 0, 0, 0x41, 0xF6, 0xF1, 0xC3}},
        {"div dword [rip + 1]", 2, 13, {0x31, 0xD2, 0xF7, 0x35, 1, 0, 0, 0, 0xC3, 0, 0, 0, 0}},
        {"div byte [rip + 1]", 2, 10, {0x31, 0xD2, 0xF6, 0x35, 1, 0, 0, 0, 0xC3, 0}},
        {"idiv word [rcx]", 9, 15, {0x31, 0xD2, 0x48, 0x8D, 0x0D, 4, 0, 0, 0, 0x66, 0xF7, 0x39, 0xC3, 0, 0}},
        {"div dword [rcx + 1]",
         9,
         17,
         {0x31, 0xD2, 0x48, 0x8D, 0x0D, 3, 0, 0, 0, 0xF7, 0x71, 1, 0xC3, 0, 0, 0, 0}},
        {"div dword [rcx - 1]",
         9,
         17,
         {0x31, 0xD2, 0x48, 0x8D, 0x0D, 5, 0, 0, 0, 0xF7, 0x71, 0xFF, 0xC3, 0, 0, 0, 0}},
        {"div dword [rsp - 8]",
         10,
         15,
         {0x31, 0xD2, 0xC7, 0x44, 0x24, 0xF8, 0, 0, 0, 0, 0xF7, 0x74, 0x24, 0xF8, 0xC3}},
        {"div dword [0 + rcx]", 9, 21, {0x31, 0xD2, 0x48, 0x8D, 0x0D, 8,    0, 0, 0, 0xF7, 0x34,
                                        0x0D, 0,    0,    0,    0,    0xC3, 0, 0, 0, 0}},
        {"div dword [rcx + 256]", 9, 20, {0x31, 0xD2, 0x48, 0x8D, 0x0D, 7,    0xFF, 0xFF, 0xFF, 0xF7,
                                          0xB1, 0,    1,    0,    0,    0xC3, 0,    0,    0,    0}},
        {"div dword [rcx + 4 r8], r8 = 2", 15, 32, {0x31, 0xD2, 0x41, 0xB8, 2, 0, 0, 0,
                                                    0x48, 0x8D, 0x0D, 5,    0, 0, 0, 0x42,
                                                    0xF7, 0x34, 0x81, 0xC3, 1, 1, 1, 1,
                                                    1,    1,    1,    1,    0, 0, 0, 0}},
    };

    handle_by(returns);
    EXPECT_ALL(snippets, EXCEPTION_INT_DIVIDE_BY_ZERO, 0);
}

TEST(processorexceptions, a_quotient_that_is_too_large, "O277")
{
    static const struct snippet snippets[] = {
        {"div ecx", 10, 13, {0xBA, 1, 0, 0, 0, 0xB9, 1, 0, 0, 0, 0xF7, 0xF1, 0xC3}},
        {"the least number by -1",
         11,
         14,
         {0xB8, 0, 0, 0, 0x80, 0x99, 0xB9, 0xFF, 0xFF, 0xFF, 0xFF, 0xF7, 0xF9, 0xC3}},
        {"div ch, cl zero", 10, 13, {0xB9, 0, 1, 0, 0, 0xB8, 0, 0x20, 0, 0, 0xF6, 0xF5, 0xC3}},
        {"div rcx, its lower half zero", 20, 24, {0x48, 0xBA, 0, 0, 0, 0, 1, 0, 0,    0,    0x48, 0xB9,
                                                  0,    0,    0, 0, 1, 0, 0, 0, 0x48, 0xF7, 0xF1, 0xC3}},
        {"div dword [rip + 1]", 5, 16, {0xBA, 1, 0, 0, 0, 0xF7, 0x35, 1, 0, 0, 0, 0xC3, 1, 0, 0, 0}},
    };

    handle_by(returns);
    EXPECT_ALL(snippets, EXCEPTION_INT_OVERFLOW, 0);
}

TEST(processorexceptions, a_breakpoint_is_told_at_its_instruction, "O277")
{
    static const struct snippet breakpoint = {"int3", 0, 2, {0xCC, 0xC3}};

    handle_by(returns);
    place(&breakpoint);
    expect_at_fault(&breakpoint, EXCEPTION_BREAKPOINT);
    EXPECT(seen.record.ExceptionInformation[0] == 0);
}

/* ---- addresses ---------------------------------------------------------------------------------- */

TEST(processorexceptions, an_operand_that_is_not_aligned_has_no_address, "O277 O104")
{
    static const struct snippet snippets[] = {
        {"movaps [rsp + 1]", 0, 6, {0x0F, 0x28, 0x44, 0x24, 0x01, 0xC3}},
        {"a non-canonical read", 10, 13, {0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x8A, 0x00, 0xC3}},
        {"a non-canonical write", 10, 13, {0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x88, 0x00, 0xC3}},
    };
    size_t i;

    handle_by(returns);
    place(&snippets[0]);
    for (i = 0; i < sizeof snippets / sizeof snippets[0]; i++) {
        expect_at_fault(&snippets[i], EXCEPTION_ACCESS_VIOLATION);
        EXPECT_EQ(seen.record.NumberParameters, 2);
        EXPECT_EQ(seen.record.ExceptionInformation[0], 0);
        EXPECT_EQ(seen.record.ExceptionInformation[1], ~(ULONG_PTR)0);
    }
}

static LONG CALLBACK stops_checking(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->EFlags &= ~0x40000u;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(processorexceptions, alignment_is_checked_for_those_who_want_it, "O277")
{
    static const struct snippet checks = {
        "mov eax, [rsp + 1] with the flag",
        9,
        14,
        {0x9C, 0x81, 0x0C, 0x24, 0, 0, 4, 0, 0x9D, 0x8B, 0x44, 0x24, 0x01, 0xC3}};

    handle_by(stops_checking);
    run(&checks);
    if (seen.calls == 0)
        SKIP("the processor or whoever plays it does not check");
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_DATATYPE_MISALIGNMENT);
    EXPECT_EQ(seen.record.ExceptionAddress, AT(code_page + PAGE - 5));
}

/* ---- steps ----------------------------------------------------------------------------------------- */

#define TRAP_FLAG 0x100u

static unsigned steps, steps_wanted;

/* From a breakpoint on, as many steps as wanted. */
static LONG CALLBACK steps_on(EXCEPTION_POINTERS *info)
{
    CONTEXT *context = info->ContextRecord;
    DWORD code = info->ExceptionRecord->ExceptionCode;

    if (code != EXCEPTION_BREAKPOINT && code != EXCEPTION_SINGLE_STEP)
        return EXCEPTION_CONTINUE_SEARCH;
    look(info);
    steps += code == EXCEPTION_SINGLE_STEP;
    if (code == EXCEPTION_BREAKPOINT)
        context->Rip++;
    if (steps < steps_wanted)
        context->EFlags |= TRAP_FLAG;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(processorexceptions, the_trap_flag_is_for_one_instruction, "O277")
{
    static const struct snippet steps_once = {"nops", 0, 6, {0xCC, 0x90, 0x90, 0x90, 0x90, 0xC3}};

    handle_by(steps_on);
    steps_wanted = 1;
    run(&steps_once);
    EXPECT_EQ(steps, 1);
    EXPECT_EQ(seen.calls, 2);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_SINGLE_STEP);
    EXPECT_EQ(seen.record.NumberParameters, 0);
    EXPECT_EQ(seen.record.ExceptionAddress, AT(code_page + PAGE - 4));
    EXPECT_EQ(seen.context.Rip, AT(code_page + PAGE - 4));
    EXPECT_EQ(seen.context.EFlags & TRAP_FLAG, 0);
}

/* 2 n + 1 instructions of a loop. */
TEST(processorexceptions, a_loop_is_stepped_through, "O277")
{
    static const struct snippet loop = {
        "a loop", 0, 11, {0xCC, 0xB9, 0x88, 0x13, 0, 0, 0xFF, 0xC9, 0x75, 0xFC, 0xC3}};

    handle_by(steps_on);
    steps_wanted = 10001;
    run(&loop);
    EXPECT_EQ(steps, 10001);
    EXPECT_EQ(seen.context.Rcx, 0);
    EXPECT_EQ(seen.record.ExceptionAddress, AT(code_page + PAGE - 1));
}

static BYTE *watched;

/* A page that is watched: guarded, let through for one instruction, guarded again. */
static LONG CALLBACK watches(EXCEPTION_POINTERS *info)
{
    DWORD code = info->ExceptionRecord->ExceptionCode, old;

    seen.calls += code == EXCEPTION_GUARD_PAGE;
    if (code == EXCEPTION_GUARD_PAGE)
        info->ContextRecord->EFlags |= TRAP_FLAG;
    else if (code == EXCEPTION_SINGLE_STEP && ++steps)
        EXPECT(VirtualProtect(watched, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    else
        return EXCEPTION_CONTINUE_SEARCH;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(processorexceptions, a_guard_page_is_armed_again_after_one_instruction, "O277 O102")
{
    int i;

    watched = commit(PAGE, PAGE_READWRITE);
    handle_by(watches);
    protect(watched, PAGE, PAGE_READWRITE | PAGE_GUARD);
    for (i = 0; i < 100; i++)
        ((volatile BYTE *)watched)[i * 40] = (BYTE)i;
    EXPECT_EQ(seen.calls, 100);
    EXPECT_EQ(steps, 100);
    protect(watched, PAGE, PAGE_READWRITE);
    for (i = 0; i < 100; i++)
        EXPECT_EQ(watched[i * 40], i);
}

/* ---- numbers ----------------------------------------------------------------------------------------- */

#define ALL_MASKED 0x1F80u

static LONG CALLBACK masks_all(EXCEPTION_POINTERS *info)
{
    CONTEXT *context = info->ContextRecord;

    look(info);
    context->MxCsr = context->FltSave.MxCsr = ALL_MASKED;
    context->FltSave.ControlWord = 0x37F;
    context->FltSave.StatusWord &= 0x7F00u;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static volatile double quotient;

/* One operation, with one kind of exception unmasked. */
static void operate(char operation, double a, double b, unsigned unmasked)
{
    unsigned control = ALL_MASKED & ~unmasked, masked = ALL_MASKED;

    seen.calls = 0;
    if (operation == '/')
        __asm__ volatile("ldmxcsr %2\n divsd %1, %0\n ldmxcsr %3"
                         : "+x"(a)
                         : "x"(b), "m"(control), "m"(masked)
                         : "memory");
    else
        __asm__ volatile("ldmxcsr %2\n mulsd %1, %0\n ldmxcsr %3"
                         : "+x"(a)
                         : "x"(b), "m"(control), "m"(masked)
                         : "memory");
    quotient = a;
}

static double from_bits(ULONG64 bits)
{
    double number;

    memcpy(&number, &bits, sizeof number);
    return number;
}

TEST(processorexceptions, numbers_of_vectors, "O277")
{
    static const struct {
        char operation;
        ULONG64 a, b;
        unsigned unmasked;
        DWORD code;
    } rows[] = {
        {'/', 0x3FF0000000000000, 0, 0x200, EXCEPTION_FLT_DIVIDE_BY_ZERO},
        {'/', 0, 0, 0x080, EXCEPTION_FLT_INVALID_OPERATION},
        {'*', 0x7FE0000000000000, 0x7FE0000000000000, 0x400, EXCEPTION_FLT_OVERFLOW},
        {'*', 0x0010000000000000, 0x0010000000000000, 0x800, EXCEPTION_FLT_UNDERFLOW},
        {'/', 0x3FF0000000000000, 0x4008000000000000, 0x1000, EXCEPTION_FLT_INEXACT_RESULT},
        {'*', 0x3FF0000000000000, 1, 0x100, EXCEPTION_FLT_DENORMAL_OPERAND},
    };
    size_t i;

    handle_by(masks_all);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        operate(rows[i].operation, from_bits(rows[i].a), from_bits(rows[i].b), rows[i].unmasked);
        EXPECT_EQ(seen.calls, 1);
        EXPECT_EQ(seen.record.ExceptionCode, rows[i].code);
        EXPECT_EQ(seen.context.MxCsr & ALL_MASKED, ALL_MASKED & ~rows[i].unmasked);
    }
}

static void divide_in_the_coprocessor(unsigned short control, int by_nothing)
{
    __asm__ volatile("fninit\n fldcw %0" : : "m"(control));
    if (by_nothing)
        __asm__ volatile("fstp %%st(0)\n fwait" : : : "st", "memory");
    else
        __asm__ volatile("fld1\n fldz\n fdivrp\n fwait\n fstp %%st(0)" : : : "st", "st(1)", "memory");
    __asm__ volatile("fninit");
}

TEST(processorexceptions, numbers_of_the_coprocessor, "O277")
{
    handle_by(masks_all);
    divide_in_the_coprocessor(0x37B, 0);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_FLT_DIVIDE_BY_ZERO);
    seen.calls = 0;
    divide_in_the_coprocessor(0x37E, 1);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_FLT_STACK_CHECK);
}

/* ---- the dispatcher ------------------------------------------------------------------------------------- */

static LONG WINAPI filter_returns(EXCEPTION_POINTERS *info)
{
    return returns(info);
}

TEST(processorexceptions, the_filter_gets_them, "O277 D12.7f")
{
    static const struct snippet snippets[] = {
        {"ud2", 0, 2, {0x0F, 0x0B}},
        {"int3", 0, 2, {0xCC, 0xC3}},
        {"div ecx", 4, 7, {0x31, 0xC9, 0x31, 0xD2, 0xF7, 0xF1, 0xC3}},
    };
    size_t i;

    SetUnhandledExceptionFilter(filter_returns);
    for (i = 0; i < 3; i++) {
        run(&snippets[i]);
        EXPECT_EQ(seen.calls, 1);
    }
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_INT_DIVIDE_BY_ZERO);
}

static unsigned nested;

/* Divides by zero itself while it handles one. */
static LONG CALLBACK divides_itself(EXCEPTION_POINTERS *info)
{
    static const struct snippet illegal = {"ud2", 0, 2, {0x0F, 0x0B}};

    if (info->ExceptionRecord->ExceptionCode == EXCEPTION_INT_DIVIDE_BY_ZERO) {
        run(&illegal);
        nested++;
        EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_ILLEGAL_INSTRUCTION);
    }
    return returns(info);
}

TEST(processorexceptions, a_handler_may_meet_another, "O277 L52")
{
    static const struct snippet divides = {"div ecx", 4, 7, {0x31, 0xC9, 0x31, 0xD2, 0xF7, 0xF1, 0xC3}};
    union {
        BYTE *data;
        void (*code)(void);
    } target;
    BYTE *own = commit(PAGE, PAGE_EXECUTE_READWRITE);

    memcpy(own, divides.bytes, divides.length);
    handle_by(divides_itself);
    target.data = own;
    target.code();
    EXPECT_EQ(nested, 1);
    EXPECT_EQ(seen.record.ExceptionAddress, AT(own + 4));
}
