/*
 * Access violations as exceptions: what a handler is told, in which order handlers are asked, and how a thread goes on.
 * What only Linux can be asked (signals, alternate stacks, other handlers): chaining.c.
 */
#include "api.h"
#include "fixing.h"

static char order[100]; /* a letter for each handler called */

static void note(char letter)
{
    size_t length = strlen(order);

    if (length + 1 < sizeof order)
        order[length] = letter;
}

static PVOID add(ULONG first, PVECTORED_EXCEPTION_HANDLER handler)
{
    PVOID handle = AddVectoredExceptionHandler(first, handler);

    MUST(handle != NULL);
    return handle;
}

static void expect_violation(ULONG_PTR access, const BYTE *address)
{
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(seen.record.ExceptionFlags, 0);
    EXPECT_EQ(seen.record.NumberParameters, 2);
    EXPECT_EQ(seen.record.ExceptionInformation[0], access);
    EXPECT_EQ(seen.record.ExceptionInformation[1], AT(address));
    EXPECT(seen.record.ExceptionRecord == NULL);
    EXPECT_EQ(seen.record.ExceptionAddress, seen.context.Rip);
    seen.calls = 0;
}

/* ---- what a handler is told ---------------------------------------------------------------- */

TEST(exceptions, a_read_reports_its_exact_address, "O102 O105")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    int i;

    p[0xFFC] = 0x42;
    fixing(p, PAGE_READONLY);
    for (i = 0; i < 4; i++) {
        protect(p, PAGE, PAGE_NOACCESS);
        EXPECT_EQ(*(volatile BYTE *)(p + 0xFFC + i), i ? 0 : 0x42);
        expect_violation(EXCEPTION_READ_FAULT, p + 0xFFC + i);
    }
}

TEST(exceptions, a_write_reports_its_exact_address, "O102 O105")
{
    BYTE *p = commit(PAGE, PAGE_READONLY);

    fixing(p, PAGE_READWRITE);
    *(volatile BYTE *)(p + 0x123) = 7;
    expect_violation(EXCEPTION_WRITE_FAULT, p + 0x123);
    EXPECT_EQ(p[0x123], 7);
    EXPECT_REGION(p, .protect = PAGE_READWRITE);
}

TEST(exceptions, executing_data_is_access_8, "O103 O105")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    union {
        BYTE *data;
        void (*code)(void);
    } target;

    target.data = p + 0x40;
    p[0x40] = CHECK_RETURN;
    fixing(p, PAGE_EXECUTE_READ);
    target.code();
    expect_violation(EXCEPTION_EXECUTE_FAULT, p + 0x40);
    EXPECT_EQ(seen.record.ExceptionAddress, AT(p + 0x40));
    protect(p, PAGE, PAGE_NOACCESS);
    target.code();
    expect_violation(EXCEPTION_EXECUTE_FAULT, p + 0x40);
}

/* ---- changing the context ------------------------------------------------------------------ */

/* Instructions of known length: what a handler changes can be told from outside. */
__attribute__((noinline)) static ULONG64 load_word(volatile void *from)
{
    ULONG64 value = 0x1111;

    __asm__ volatile(".byte 0x48, 0x8b, 0x01" /* mov rax, [rcx] */
                     : "+a"(value)
                     : "c"(from)
                     : "memory");
    return value;
}

static LONG CALLBACK skips(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->Rip += 3;
    info->ContextRecord->Rax = 0x2222;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, a_handler_can_skip_the_instruction_and_give_its_result, "D12.7c O102")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);

    add(1, skips);
    EXPECT_EQ(load_word(p + 8), 0x2222);
    EXPECT_EQ(seen.context.Rcx, AT(p + 8));
    EXPECT_EQ(seen.context.Rax, 0x1111);
    EXPECT_EQ(seen.context.SegCs, 0x33);
    EXPECT((seen.context.ContextFlags & CONTEXT_FULL) == CONTEXT_FULL);
    EXPECT(seen.context.Rsp - AT(&p) < 0x1000 || AT(&p) - seen.context.Rsp < 0x1000);
}

static LONG CALLBACK leads_elsewhere(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->Rcx = AT(fix);
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, the_instruction_runs_again_with_changed_registers, "D12.7c O105")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);

    *(ULONG64 *)(void *)(p + PAGE) = 0x3333;
    protect(p, PAGE, PAGE_NOACCESS);
    fix = p + PAGE;
    add(1, leads_elsewhere);
    EXPECT_EQ(load_word(p), 0x3333);
    EXPECT_EQ(seen.calls, 1);
}

/* Loads xmm0 and xmm7, faults, and stores what they are then. */
__attribute__((noinline)) static void with_vectors(volatile void *from, ULONG64 *values)
{
    __asm__ volatile("movq %2, %%xmm0\n"
                     "movq %3, %%xmm7\n"
                     ".byte 0x48, 0x8b, 0x01\n" /* mov rax, [rcx] */
                     "movq %%xmm0, (%1)\n"
                     "movq %%xmm7, 8(%1)\n"
                     :
                     : "c"(from), "d"(values), "r"(0x4444ULL), "r"(0x7777ULL)
                     : "rax", "xmm0", "xmm7", "memory");
}

static LONG CALLBACK sets_a_vector(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->Rip += 3;
    info->ContextRecord->Xmm0.Low = 0x5555;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, vector_registers_can_be_read_and_changed, "L54")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    ULONG64 values[2] = {0};

    add(1, sets_a_vector);
    with_vectors(p, values);
    EXPECT_EQ(seen.context.Xmm0.Low, 0x4444);
    EXPECT_EQ(seen.context.Xmm7.Low, 0x7777);
    EXPECT_EQ(values[0], 0x5555);
    EXPECT_EQ(values[1], 0x7777);
}

static BYTE *other;

static LONG CALLBACK uses_vectors(EXCEPTION_POINTERS *info)
{
    seen.calls++;
    if (seen.calls == 1)
        __asm__ volatile("movq %1, %%xmm0\n"
                         "movq %1, %%xmm7\n"
                         ".byte 0x48, 0x8b, 0x01\n" /* mov rax, [rcx] */
                         :
                         : "c"(other), "r"(0x9999ULL)
                         : "rax", "xmm0", "xmm7", "memory");
    info->ContextRecord->Rip += 3;
#ifndef _WIN32
    info->ContextRecord->ContextFlags = CONTEXT_CONTROL; /* what the kernel has kept */
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, vector_registers_survive_exceptions_in_handlers, "L54")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    ULONG64 values[2] = {0};

    other = commit(PAGE, PAGE_NOACCESS);
    add(1, uses_vectors);
    with_vectors(p, values);
    EXPECT_EQ(seen.calls, 2);
    EXPECT_EQ(values[0], 0x4444);
    EXPECT_EQ(values[1], 0x7777);
}

static LONG CALLBACK rounds_down(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->Rip += 3;
    info->ContextRecord->MxCsr = (info->ContextRecord->MxCsr & ~0x6000u) | 0x2000u;
    info->ContextRecord->FltSave.MxCsr = info->ContextRecord->MxCsr;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, the_rounding_mode_can_be_changed, "L54")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    unsigned before = __builtin_ia32_stmxcsr(), after;

    add(1, rounds_down);
    load_word(p);
    after = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(before);
    EXPECT_EQ(seen.context.MxCsr, before);
    EXPECT_EQ(after, (before & ~0x6000u) | 0x2000u);
}

static unsigned short x87_control(void)
{
    unsigned short control;

    __asm__ volatile("fnstcw %0" : "=m"(control));
    return control;
}

static LONG CALLBACK rounds_down_in_x87(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->Rip += 3;
    info->ContextRecord->FltSave.ControlWord = (WORD)((seen.context.FltSave.ControlWord & ~0xC00u) | 0x400u);
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* The processor notes that these registers are as at the beginning, and need not be saved. */
static void forget_x87(void)
{
    static BYTE area[576] __attribute__((aligned(64)));

    if (__builtin_cpu_supports("avx")) /* and so XRSTOR */
        __asm__ volatile("xrstor %0" : : "m"(area), "a"(1), "d"(0));
}

TEST(exceptions, registers_that_nobody_used_can_be_changed, "L54")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    unsigned short before;

    add(1, rounds_down_in_x87);
    forget_x87();
    before = x87_control();
    load_word(p);
    EXPECT_EQ(seen.context.FltSave.ControlWord, before);
    EXPECT_EQ(x87_control(), (before & ~0xC00u) | 0x400u);
}

#ifndef _WIN32 /* there the registers that are not named are lost */

static LONG CALLBACK skips_unless_told(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->Rip += 3;
    info->ContextRecord->Rax = 0x2222;
    info->ContextRecord->ContextFlags = CONTEXT_CONTROL;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, only_the_parts_that_contextflags_names_come_back, "L54")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);

    add(1, skips_unless_told);
    EXPECT_EQ(load_word(p), 0x1111);
}

static LONG CALLBACK changes_one_mxcsr(EXCEPTION_POINTERS *info)
{
    info->ContextRecord->Rip += 3;
    info->ContextRecord->MxCsr |=
        0x8000u | 0x80000000u; /* one bit that is there, one that no processor has */
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, one_of_the_two_mxcsr_is_enough, "L54")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    unsigned before = __builtin_ia32_stmxcsr(), after;

    add(1, changes_one_mxcsr);
    load_word(p);
    after = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(before);
    EXPECT_EQ(after, before | 0x8000u);
}

#endif

/* A general protection fault has no address. */
TEST(exceptions, a_fault_without_an_address_is_a_read_of_all_ones, "O104")
{
    volatile void *not_canonical = (volatile void *)0x8000000000000000ULL;

    add(1, skips);
    EXPECT_EQ(load_word(not_canonical), 0x2222);
    EXPECT_EQ(seen.record.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(seen.record.NumberParameters, 2);
    EXPECT_EQ(seen.record.ExceptionInformation[0], 0);
    EXPECT_EQ(seen.record.ExceptionInformation[1], ~(ULONG_PTR)0);
}

/* ---- the list of handlers ------------------------------------------------------------------ */

static LONG CALLBACK passes_a(EXCEPTION_POINTERS *info)
{
    (void)info;
    note('a');
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK passes_b(EXCEPTION_POINTERS *info)
{
    (void)info;
    note('b');
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK skips_c(EXCEPTION_POINTERS *info)
{
    note('c');
    return skips(info);
}

static LONG CALLBACK passes_d(EXCEPTION_POINTERS *info)
{
    (void)info;
    note('d');
    return EXCEPTION_CONTINUE_SEARCH;
}

static void expect_order(BYTE *p, const char *want)
{
    memset(order, 0, sizeof order);
    load_word(p);
    if (strcmp(order, want) != 0)
        check_fail(__FILE__, __LINE__, "handlers were called as \"%s\", wanted \"%s\"", order, want);
}

TEST(exceptions, first_handlers_come_before_all_others, "D12.7a D12.7c")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);

    add(0, passes_a);
    add(0, skips_c);
    add(0, passes_d); /* behind one that continues: never asked */
    expect_order(p, "ac");
    add(1, passes_b);
    expect_order(p, "bac");
    add(7, passes_d);
    expect_order(p, "dbac");
}

TEST(exceptions, a_function_may_be_registered_twice, "D12.7b")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    PVOID one = add(0, passes_a), two = add(0, passes_a);

    add(0, skips_c);
    EXPECT(one != two);
    expect_order(p, "aac");
    EXPECT(RemoveVectoredExceptionHandler(one));
    expect_order(p, "ac");
}

TEST(exceptions, a_removed_handler_is_not_asked, "D12.7b")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    PVOID a = add(0, passes_a), b = add(0, passes_b);

    add(0, skips_c);
    expect_order(p, "abc");
    EXPECT_OK(RemoveVectoredExceptionHandler(a));
    expect_order(p, "bc");
    EXPECT(!RemoveVectoredExceptionHandler(a));
    EXPECT(!RemoveVectoredExceptionHandler(NULL));
    EXPECT_OK(RemoveVectoredExceptionHandler(b));
    expect_order(p, "c");
}

TEST(exceptions, a_continue_handlers_handle_is_not_an_exception_handlers, "D12.7e D12.7b")
{
    PVOID handler = add(0, passes_a);
    PVOID goes_on = AddVectoredContinueHandler(0, passes_b);

    MUST(goes_on != NULL);
    EXPECT(handler != goes_on);
    EXPECT(!RemoveVectoredContinueHandler(handler));
    EXPECT(!RemoveVectoredExceptionHandler(goes_on));
    EXPECT(RemoveVectoredContinueHandler(goes_on));
    EXPECT(RemoveVectoredExceptionHandler(handler));
}

static PVOID own;

static LONG CALLBACK removes_itself(EXCEPTION_POINTERS *info)
{
    (void)info;
    note('s');
    EXPECT(RemoveVectoredExceptionHandler(own));
    return EXCEPTION_CONTINUE_SEARCH;
}

TEST(exceptions, a_handler_may_remove_itself, "L52")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);

    own = add(0, removes_itself);
    add(0, skips_c);
    expect_order(p, "sc");
    expect_order(p, "c");
}

static LONG CALLBACK removes_the_next(EXCEPTION_POINTERS *info)
{
    (void)info;
    note('n');
    RemoveVectoredExceptionHandler(own);
    return EXCEPTION_CONTINUE_SEARCH;
}

TEST(exceptions, a_handler_may_remove_others, "L52")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);

    add(0, removes_the_next);
    own = add(0, passes_a);
    add(0, skips_c);
    load_word(p);
    expect_order(p, "nc");
}

static LONG CALLBACK adds_one(EXCEPTION_POINTERS *info)
{
    (void)info;
    note('+');
    if (strlen(order) == 1)
        add(1, passes_a);
    return EXCEPTION_CONTINUE_SEARCH;
}

TEST(exceptions, a_handler_may_register_others, "L52")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);

    add(0, adds_one);
    add(0, skips_c);
    expect_order(p, "+c");
    expect_order(p, "a+c");
}

/* ---- memory that comes when it is touched --------------------------------------------------- */

static BYTE *array;
static SIZE_T array_size;

static LONG CALLBACK commits(EXCEPTION_POINTERS *info)
{
    const EXCEPTION_RECORD *record = info->ExceptionRecord;
    BYTE *address = (BYTE *)record->ExceptionInformation[1];

    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || AT(address) - AT(array) >= array_size)
        return EXCEPTION_CONTINUE_SEARCH;
    ATOMIC_ADD(seen.calls, 1);
    return VirtualAlloc(address, 1, MEM_COMMIT, PAGE_READWRITE) ? EXCEPTION_CONTINUE_EXECUTION
                                                                : EXCEPTION_CONTINUE_SEARCH;
}

TEST(exceptions, a_sparse_array_grows_as_it_is_touched, "O105 D6.7b")
{
    SIZE_T i;

    array_size = 256 * MiB;
    array = reserve(array_size);
    add(1, commits);
    for (i = 0; i < array_size; i += 4 * MiB)
        array[i + 17] = (BYTE)(i / MiB);
    for (i = 0; i < array_size; i += 4 * MiB)
        EXPECT(array[i + 17] == (BYTE)(i / MiB) && array[i] == 0);
    EXPECT_EQ(seen.calls, 64);
    EXPECT_REGION(array + 17, .size = PAGE, .protect = PAGE_READWRITE);
    EXPECT_EQ(check_state(array + PAGE), MEM_RESERVE);
}

#define MANY 64

static void touches_its_part(void *arg)
{
    BYTE *part = arg;
    SIZE_T i;

    for (i = 0; i < 16; i++)
        part[i * PAGE + i] = (BYTE)i;
    for (i = 0; i < 16; i++)
        EXPECT(part[i * PAGE + i] == (BYTE)i);
}

TEST(exceptions, many_threads_at_once, "O105 D12.7d")
{
    static struct check_thread threads[MANY];
    int i;

    array_size = MANY * 16 * PAGE;
    array = reserve(array_size);
    add(1, commits);
    for (i = 0; i < MANY; i++)
        thread_start(&threads[i], touches_its_part, array + (SIZE_T)i * 16 * PAGE);
    for (i = 0; i < MANY; i++)
        thread_join(&threads[i]);
    EXPECT_EQ(ATOMIC_GET(seen.calls), MANY * 16);
}

static int churning;

static LONG CALLBACK passes(EXCEPTION_POINTERS *info)
{
    (void)info;
    return EXCEPTION_CONTINUE_SEARCH;
}

static void adds_and_removes(void *arg)
{
    (void)arg;
    while (!ATOMIC_GET(churning)) {
        PVOID handle = AddVectoredExceptionHandler(1, passes);

        EXPECT(handle != NULL && RemoveVectoredExceptionHandler(handle));
    }
}

TEST(exceptions, handlers_come_and_go_while_others_are_asked, "L52")
{
    static struct check_thread threads[8];
    struct check_thread churn;
    int i, round;

    array_size = 8 * 16 * PAGE;
    array = reserve(array_size);
    add(0, commits);
    thread_start(&churn, adds_and_removes, NULL);
    for (round = 0; round < 20; round++) {
        for (i = 0; i < 8; i++)
            thread_start(&threads[i], touches_its_part, array + (SIZE_T)i * 16 * PAGE);
        for (i = 0; i < 8; i++)
            thread_join(&threads[i]);
        MUST(VirtualFree(array, array_size, MEM_DECOMMIT));
    }
    ATOMIC_SET(churning, 1);
    thread_join(&churn);
    EXPECT_EQ(ATOMIC_GET(seen.calls), 20 * 8 * 16);
}

/* ---- exceptions in handlers ------------------------------------------------------------------ */

static LONG CALLBACK touches_more(EXCEPTION_POINTERS *info)
{
    BYTE *address = (BYTE *)info->ExceptionRecord->ExceptionInformation[1];
    DWORD old;

    note((char)('0' + (address - fix) / (ptrdiff_t)PAGE));
    if (address < fix + 3 * PAGE)
        *(volatile BYTE *)(address + PAGE) = 1;
    VirtualProtect(address, 1, PAGE_READWRITE, &old);
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, a_handler_may_meet_exceptions_of_its_own, "L52 O105")
{
    BYTE *p = commit(4 * PAGE, PAGE_NOACCESS);

    fix = p;
    add(1, touches_more);
    *(volatile BYTE *)p = 1;
    EXPECT(strcmp(order, "0123") == 0);
    EXPECT(p[0] == 1 && p[PAGE] == 1 && p[2 * PAGE] == 1 && p[3 * PAGE] == 1);
}

static LONG CALLBACK sees_the_last_error(EXCEPTION_POINTERS *info)
{
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    return fixes(info);
}

TEST(exceptions, the_last_error_survives, "L53")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);

    fix = p;
    fix_to = PAGE_READWRITE;
    add(1, sees_the_last_error);
    SetLastError(CHECK_SENTINEL);
    *(volatile BYTE *)p = 1;
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    EXPECT_EQ(seen.calls, 1);
}

/* ---- continue handlers ------------------------------------------------------------------------ */

static LONG CALLBACK goes_on(EXCEPTION_POINTERS *info)
{
    EXPECT_EQ(info->ExceptionRecord->ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(info->ContextRecord->Rax, 0x2222);
    info->ContextRecord->Rax = 0x6666;
    note('g');
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK goes_on_at_once(EXCEPTION_POINTERS *info)
{
    (void)info;
    note('h');
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, continue_handlers_are_called_before_a_thread_goes_on, "D12.7e")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    PVOID handle = AddVectoredContinueHandler(1, goes_on);

    MUST(handle != NULL);
    add(0, skips_c);
    EXPECT_EQ(load_word(p), 0x6666);
    expect_order(p, "cg");
    MUST(AddVectoredContinueHandler(0, goes_on_at_once) != NULL);
    MUST(AddVectoredContinueHandler(0, passes_a) != NULL);
    expect_order(p, "cgh");
    EXPECT(RemoveVectoredContinueHandler(handle));
    EXPECT(!RemoveVectoredContinueHandler(handle));
    expect_order(p, "ch");
}

/* ---- the filter --------------------------------------------------------------------------------- */

static LONG WINAPI filter_fixes(EXCEPTION_POINTERS *info)
{
    note('f');
    return fixes(info);
}

TEST(exceptions, the_filter_is_asked_last, "D12.7f O105")
{
    BYTE *p = commit(PAGE, PAGE_READONLY);

    SetUnhandledExceptionFilter(filter_fixes);
    EXPECT(SetUnhandledExceptionFilter(filter_fixes) == filter_fixes);
    add(0, passes_a);
    fix = p;
    fix_to = PAGE_READWRITE;
    *(volatile BYTE *)(p + 5) = 1;
    EXPECT(strcmp(order, "af") == 0);
    expect_violation(EXCEPTION_WRITE_FAULT, p + 5);
    EXPECT(SetUnhandledExceptionFilter(NULL) == filter_fixes);
    EXPECT(SetUnhandledExceptionFilter(NULL) == NULL);
}

/* ---- RaiseException ------------------------------------------------------------------------------ */

static LONG CALLBACK continues(EXCEPTION_POINTERS *info)
{
    look(info);
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, a_raised_exception_carries_its_arguments, "D12.7h")
{
    ULONG_PTR arguments[20];
    DWORD i;

    for (i = 0; i < 20; i++)
        arguments[i] = 100 + i;
    add(1, continues);
    RaiseException(0xE0001234, 0, 3, arguments);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.record.ExceptionCode, 0xE0001234);
    EXPECT_EQ(seen.record.ExceptionFlags & EXCEPTION_NONCONTINUABLE, 0);
    EXPECT_EQ(seen.record.NumberParameters, 3);
    EXPECT(seen.record.ExceptionInformation[0] == 100 && seen.record.ExceptionInformation[2] == 102);
    EXPECT(seen.record.ExceptionRecord == NULL);
    EXPECT(seen.record.ExceptionAddress != NULL);
    EXPECT((seen.context.ContextFlags & CONTEXT_FULL) == CONTEXT_FULL && seen.context.Rip != 0);

    RaiseException(0xE0001234, 0, 20, arguments);
    EXPECT_EQ(seen.record.NumberParameters, EXCEPTION_MAXIMUM_PARAMETERS);
    EXPECT_EQ(seen.record.ExceptionInformation[14], 114);
    RaiseException(0xE0001234, 0, 5, NULL);
    EXPECT_EQ(seen.record.NumberParameters, 0);
    EXPECT_EQ(seen.calls, 3);
}

TEST(exceptions, no_bit_of_a_raised_code_is_cleared, "O276")
{
    static const DWORD codes[] = {0xDEADBEAF, 0xF0001234, 0xFFFFFFFF, 0, 0x10000000};
    size_t i;

    add(1, continues);
    for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        RaiseException(codes[i], 0, 0, NULL);
        EXPECT_EQ(seen.record.ExceptionCode, codes[i]);
    }
    EXPECT_EQ(seen.calls, i);
}

/* Gives the registers that a function keeps known values, and calls RaiseException as it would be called. */
__attribute__((noinline)) static void raise_with_registers(void)
{
    VOID(WINAPI *volatile raise)(DWORD, DWORD, DWORD, const ULONG_PTR *) = RaiseException;

#ifdef _WIN32
    __asm__ volatile("pushq %%rbp\n"
                     "movq %%rsp, %%r15\n"
                     "andq $-16, %%rsp\n"
                     "subq $48, %%rsp\n"
                     "movq $0xB0, %%rbx\n"
                     "movq $0xB1, %%rbp\n"
                     "movq $0xC0, %%r12\n"
                     "movq $0xC1, %%r13\n"
                     "movq $0xC2, %%r14\n"
                     "movl $0xE0000005, %%ecx\n"
                     "xorl %%edx, %%edx\n"
                     "xorl %%r8d, %%r8d\n"
                     "xorl %%r9d, %%r9d\n"
                     "callq *%%rax\n"
                     "movq %%r15, %%rsp\n"
                     "popq %%rbp"
                     : "+a"(raise)
                     :
                     : "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory");
#else
    __asm__ volatile("pushq %%rbp\n"
                     "movq %%rsp, %%r15\n"
                     "andq $-16, %%rsp\n"
                     "subq $256, %%rsp\n"
                     "movq $0xB0, %%rbx\n"
                     "movq $0xB1, %%rbp\n"
                     "movq $0xC0, %%r12\n"
                     "movq $0xC1, %%r13\n"
                     "movq $0xC2, %%r14\n"
                     "movl $0xE0000005, %%edi\n"
                     "xorl %%esi, %%esi\n"
                     "xorl %%edx, %%edx\n"
                     "xorl %%ecx, %%ecx\n"
                     "callq *%%rax\n"
                     "movq %%r15, %%rsp\n"
                     "popq %%rbp"
                     : "+a"(raise)
                     :
                     : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
                       "r15", "memory");
#endif
}

TEST(exceptions, a_raised_exception_has_its_callers_registers, "O276")
{
    BYTE here;

    add(1, continues);
    raise_with_registers();
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.context.Rbx, 0xB0);
    EXPECT_EQ(seen.context.Rbp, 0xB1);
    EXPECT_EQ(seen.context.R12, 0xC0);
    EXPECT_EQ(seen.context.R13, 0xC1);
    EXPECT_EQ(seen.context.R14, 0xC2);
    EXPECT(AT(&here) - seen.context.R15 < 0x1000 || seen.context.R15 - AT(&here) < 0x1000);
    EXPECT(seen.context.R15 - seen.context.Rsp < 0x1000);
    EXPECT_EQ(seen.record.ExceptionAddress, seen.context.Rip);
#ifndef _WIN32
    EXPECT(seen.context.Rip - AT(RaiseException) < 0x100);
#endif
}

TEST(exceptions, raising_keeps_the_last_error, "L53")
{
    add(1, continues);
    SetLastError(CHECK_SENTINEL);
    RaiseException(0xE0000001, 0, 0, NULL);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
}

static LONG CALLBACK raises_another(EXCEPTION_POINTERS *info)
{
    note(info->ExceptionRecord->ExceptionCode == 0xE0000001 ? '1' : '2');
    if (info->ExceptionRecord->ExceptionCode == 0xE0000001)
        RaiseException(0xE0000002, 0, 0, NULL);
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, a_handler_may_raise, "L52")
{
    add(1, raises_another);
    RaiseException(0xE0000001, 0, 0, NULL);
    RaiseException(0xE0000002, 0, 0, NULL);
    EXPECT(strcmp(order, "122") == 0);
}

static void *landing[5];

static void lands(void)
{
    __builtin_longjmp(landing, 1);
}

/* What a program without __except does to get away from an exception. */
static LONG CALLBACK leads_away(EXCEPTION_POINTERS *info)
{
    look(info);
    info->ContextRecord->Rsp = (info->ContextRecord->Rsp & ~(DWORD64)15) - 0x108;
    info->ContextRecord->Rip = AT(lands);
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(exceptions, a_changed_context_of_a_raised_exception_counts, "D12.7c")
{
    add(1, leads_away);
    if (__builtin_setjmp(landing) == 0) {
        RaiseException(0xE0000001, 0, 0, NULL);
        EXPECT(!"RaiseException came back");
    }
    EXPECT_EQ(seen.calls, 1);
}

static LONG CALLBACK takes_the_complaint(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode != EXCEPTION_NONCONTINUABLE_EXCEPTION)
        return EXCEPTION_CONTINUE_EXECUTION;
    EXPECT(info->ExceptionRecord->ExceptionFlags & EXCEPTION_NONCONTINUABLE);
    EXPECT(info->ExceptionRecord->ExceptionRecord->ExceptionCode == 0xE0000001);
    EXPECT(info->ExceptionRecord->ExceptionRecord->ExceptionFlags & EXCEPTION_NONCONTINUABLE);
    check_end(check_failures ? 1 : 0);
}

TEST(exceptions, continuing_a_noncontinuable_exception_is_another_one, "D12.7i")
{
    add(1, takes_the_complaint);
    RaiseException(0xE0000001, EXCEPTION_NONCONTINUABLE, 0, NULL);
    EXPECT(!"RaiseException came back");
}
