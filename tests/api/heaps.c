/* Heaps as a whole: how they come and go, their locks, what is asked and told about them. */
#include "api.h"

static HANDLE new_heap(DWORD options)
{
    HANDLE heap = HeapCreate(options, 0, 0);

    MUST(heap != NULL);
    return heap;
}

/* --- coming and going --- */

TEST(heaps, handles_are_granular, "O214")
{
    HANDLE heap = new_heap(0), fixed = HeapCreate(0, 0, 0x40000);

    MUST(fixed != NULL && GetProcessHeap() != NULL);
    EXPECT_EQ(AT(heap) % GRAIN, 0);
    EXPECT_EQ(AT(fixed) % GRAIN, 0);
    EXPECT_EQ(AT(GetProcessHeap()) % GRAIN, 0);
    EXPECT_EQ(AT(GetProcessHeap()), AT(GetProcessHeap()));
    EXPECT_OK(HeapDestroy(heap));
    EXPECT_OK(HeapDestroy(fixed));
}

TEST(heaps, all_heaps_in_order, "O214")
{
    HANDLE list[64], heap[3];
    DWORD before = GetProcessHeaps(0, NULL), i;

    MUST(before >= 1 && before < 32);
    for (i = 0; i < 3; i++) {
        heap[i] = new_heap(0);
        EXPECT_RETURNS(before + i + 1, GetProcessHeaps(0, NULL));
    }
    EXPECT_RETURNS(before + 3, GetProcessHeaps(64, list));
    EXPECT_EQ(AT(list[0]), AT(GetProcessHeap()));
    for (i = 0; i < 3; i++)
        EXPECT_EQ(AT(list[before + i]), AT(heap[i]));
    EXPECT_OK(HeapDestroy(heap[1]));
    EXPECT_RETURNS(before + 2, GetProcessHeaps(64, list));
    EXPECT_EQ(AT(list[before]), AT(heap[0]));
    EXPECT_EQ(AT(list[before + 1]), AT(heap[2]));
}

TEST(heaps, a_short_list_is_filled_as_far_as_it_goes, "D11.4a")
{
    HANDLE list[3] = {NULL, NULL, NULL}, heap = new_heap(0), other = new_heap(0);
    DWORD all = GetProcessHeaps(0, NULL);

    EXPECT_RETURNS(all, GetProcessHeaps(1, list));
    EXPECT_EQ(AT(list[0]), AT(GetProcessHeap()));
    EXPECT(list[1] == NULL);
    EXPECT_OK(HeapDestroy(heap));
    EXPECT_OK(HeapDestroy(other));
}

TEST(heaps, a_heap_goes_with_its_blocks, "D11.1d")
{
    HANDLE heap = new_heap(0);
    int i;

    for (i = 0; i < 10000; i++)
        MUST(HeapAlloc(heap, 0, (SIZE_T)i) != NULL);
    MUST(HeapAlloc(heap, 0, 20 * MiB) != NULL);
    EXPECT_OK(HeapDestroy(heap));
    EXPECT_OK(HeapValidate(GetProcessHeap(), 0, NULL));
}

TEST(heaps, the_initial_size_is_at_most_the_maximum, "D11.1a")
{
    HANDLE heap = HeapCreate(0, 0x10000, 0x10000);

    EXPECT(heap != NULL);
    EXPECT_OK(HeapDestroy(heap));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapCreate(0, 0x40000, 0x10000) != NULL);
}

TEST(heaps, sizes_that_no_process_has_fail, "D11.1e")
{
    static const SIZE_T sizes[] = {(SIZE_T)1 << 48, (SIZE_T)1 << 62, ~(SIZE_T)0 - 0x10000, ~(SIZE_T)0};
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapCreate(0, sizes[i], 0) != NULL);
        EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapCreate(0, 0, sizes[i]) != NULL);
    }
}

TEST(heaps, unknown_options_are_ignored, "O234")
{
    HANDLE heap = HeapCreate(
        HEAP_TAIL_CHECKING_ENABLED | HEAP_FREE_CHECKING_ENABLED | HEAP_CREATE_ALIGN_16 | HEAP_GROWABLE, 0, 0);
    BYTE *p;

    MUST(heap != NULL);
    p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 10);
    EXPECT(p != NULL && p[0] == 0 && p[9] == 0);
    EXPECT_OK(HeapDestroy(heap));
}

/* --- executable heaps --- */

#if defined(__x86_64__) || defined(__aarch64__)

static DWORD protection_of(const void *p)
{
    MEMORY_BASIC_INFORMATION info;

    MUST(VirtualQuery(p, &info, sizeof info) == sizeof info);
    return info.Protect;
}

TEST(heaps, code_in_an_executable_heap_runs, "D11.1c")
{
#if defined(__x86_64__)
    static const BYTE code[] = {0xB8, 42, 0, 0, 0, 0xC3}; /* mov eax, 42; ret */
#else
    static const DWORD code[] = {0x52800540, 0xD65F03C0}; /* mov w0, #42; ret */
#endif
    static const SIZE_T sizes[] = {16, 100, 5000, 0x20000, 2 * MiB};
    HANDLE heap = new_heap(HEAP_CREATE_ENABLE_EXECUTE);
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        BYTE *p = HeapAlloc(heap, 0, sizes[i]);
        int (*function)(void);

        MUST(p != NULL);
        memcpy(p, code, sizeof code);
        FlushInstructionCache(GetCurrentProcess(), p, sizeof code);
        memcpy(&function, &p, sizeof function);
        EXPECT_EQ(function(), 42);
        EXPECT_EQ(protection_of(p), PAGE_EXECUTE_READWRITE);
    }
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heaps, other_heaps_are_not_executable, "D11.1c")
{
    HANDLE heap = new_heap(0);
    void *p = HeapAlloc(heap, 0, 100), *large = HeapAlloc(heap, 0, 2 * MiB);

    MUST(p != NULL && large != NULL);
    EXPECT_EQ(protection_of(p), PAGE_READWRITE);
    EXPECT_EQ(protection_of(large), PAGE_READWRITE);
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heaps, an_executable_heap_is_a_heap, "O217 O219 O221 O222")
{
    HANDLE heap = new_heap(HEAP_CREATE_ENABLE_EXECUTE);
    BYTE *p = HeapAlloc(heap, 0, 3000), *q, *kept[200];
    int i;

    MUST(p != NULL);
    memset(p, 7, 3000);
    q = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 200000);
    MUST(q != NULL);
    EXPECT(q[2999] == 7 && q[3000] == 0 && q[199999] == 0);
    EXPECT_RETURNS(200000, HeapSize(heap, 0, q));
    EXPECT_EQ(AT(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, q, 10)), AT(q));
    EXPECT_OK(HeapFree(heap, 0, q));
    for (i = 0; i < 200; i++) {
        MUST((kept[i] = HeapAlloc(heap, HEAP_ZERO_MEMORY, (SIZE_T)i * 37)) != NULL);
        EXPECT(i == 0 || (kept[i][0] == 0 && kept[i][i * 37 - 1] == 0));
        memset(kept[i], i, (size_t)i * 37);
    }
    for (i = 1; i < 200; i++)
        EXPECT(kept[i][0] == (BYTE)i && kept[i][i * 37 - 1] == (BYTE)i);
    EXPECT_OK(HeapValidate(heap, 0, NULL));
    for (i = 0; i < 200; i++)
        EXPECT_OK(HeapFree(heap, 0, kept[i]));
    EXPECT_OK(HeapDestroy(heap));
}

#endif

/* --- locking --- */

struct visitor {
    HANDLE heap;
    DWORD flags;
    int wants_lock;
    volatile LONG done;
    void *got;
};

static void visit(void *arg)
{
    struct visitor *v = arg;

    if (v->wants_lock) {
        MUST(HeapLock(v->heap));
        MUST(HeapUnlock(v->heap));
    } else {
        v->got =
            HeapAlloc(v->heap, v->flags, 100000); /* no small one: those need no lock on Windows (O233) */
        MUST(v->got != NULL);
    }
    ATOMIC_SET(v->done, 1);
}

static BOOL comes_in(HANDLE heap, DWORD flags, int wants_lock, struct visitor *v, struct check_thread *thread)
{
    int i;

    *v = (struct visitor){heap, flags, wants_lock, 0, NULL};
    thread_start(thread, visit, v);
    for (i = 0; i < 50 && !ATOMIC_GET(v->done); i++)
        check_sleep(2);
    return ATOMIC_GET(v->done) != 0;
}

TEST(heaps, a_lock_keeps_others_out, "O233")
{
    HANDLE heap = new_heap(0);
    struct visitor locker, allocator;
    struct check_thread one, two;

    EXPECT_OK(HeapLock(heap));
    EXPECT(!comes_in(heap, 0, 1, &locker, &one));
    EXPECT(!comes_in(heap, 0, 0, &allocator, &two));
    EXPECT_OK(HeapUnlock(heap));
    thread_join(&one);
    thread_join(&two);
    EXPECT(allocator.got != NULL);
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heaps, a_lock_keeps_nobody_out_who_does_not_ask, "O233")
{
    HANDLE heap = new_heap(0), free_for_all = new_heap(HEAP_NO_SERIALIZE);
    struct visitor v;
    struct check_thread thread;

    EXPECT_OK(HeapLock(heap));
    EXPECT(comes_in(heap, HEAP_NO_SERIALIZE, 0, &v, &thread));
    thread_join(&thread);
    EXPECT_OK(HeapUnlock(heap));
    EXPECT_OK(HeapLock(free_for_all));
    EXPECT(comes_in(free_for_all, 0, 0, &v, &thread));
    thread_join(&thread);
    EXPECT(comes_in(free_for_all, 0, 1, &v, &thread));
    thread_join(&thread);
    EXPECT_OK(HeapUnlock(free_for_all));
    EXPECT_OK(HeapDestroy(heap));
    EXPECT_OK(HeapDestroy(free_for_all));
}

TEST(heaps, whoever_has_the_lock_goes_on, "D11.4b")
{
    HANDLE heap = new_heap(0);
    struct visitor v;
    struct check_thread thread;
    BYTE *p;

    EXPECT_OK(HeapLock(heap));
    EXPECT_OK(HeapLock(heap));
    MUST((p = HeapAlloc(heap, 0, 100)) != NULL);
    MUST((p = HeapReAlloc(heap, 0, p, 10000)) != NULL);
    EXPECT_OK(HeapFree(heap, 0, p));
    EXPECT_OK(HeapUnlock(heap));
    EXPECT(!comes_in(heap, 0, 1, &v, &thread)); /* it was locked twice */
    EXPECT_OK(HeapUnlock(heap));
    thread_join(&thread);
}

TEST(heaps, the_heaps_locks_are_their_own, "D11.4b")
{
    HANDLE heap = new_heap(0), other = new_heap(0);
    struct visitor v;
    struct check_thread thread;

    EXPECT_OK(HeapLock(heap));
    EXPECT(comes_in(other, 0, 0, &v, &thread));
    thread_join(&thread);
    EXPECT(comes_in(GetProcessHeap(), 0, 1, &v, &thread));
    thread_join(&thread);
    EXPECT_OK(HeapUnlock(heap));
    EXPECT_OK(HeapDestroy(other));
}

/* --- compatibility --- */

static void expect_compatibility(HANDLE heap, ULONG want)
{
    ULONG got = 77;
    SIZE_T length = 0;

    EXPECT_OK(HeapQueryInformation(heap, HeapCompatibilityInformation, &got, sizeof got, &length));
    EXPECT_EQ(got, want);
    EXPECT_EQ(length, 4);
}

static BOOL set_compatibility(HANDLE heap, ULONG value)
{
    return HeapSetInformation(heap, HeapCompatibilityInformation, &value, sizeof value);
}

TEST(heaps, there_is_no_way_back_from_low_fragmentation, "O230")
{
    HANDLE heap = new_heap(0);

    expect_compatibility(heap, 0);
    EXPECT_OK(set_compatibility(heap, 2));
    expect_compatibility(heap, 2);
    EXPECT_OK(set_compatibility(heap, 2));
    EXPECT_FAIL(ERROR_GEN_FAILURE, set_compatibility(heap, 0));
    EXPECT_FAIL(ERROR_GEN_FAILURE, set_compatibility(heap, 1));
    expect_compatibility(heap, 2);
}

TEST(heaps, low_fragmentation_needs_serialization, "O230")
{
    HANDLE heap = new_heap(HEAP_NO_SERIALIZE);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_compatibility(heap, 2));
    expect_compatibility(heap, 0);
}

TEST(heaps, asking_about_nothing, "O232")
{
    HANDLE heap = new_heap(0);
    ULONG value[4] = {7, 7, 7, 7};
    SIZE_T length = 0;

    EXPECT_FAIL(ERROR_NOACCESS,
                HeapQueryInformation(NULL, HeapCompatibilityInformation, value, sizeof value[0], &length));
    EXPECT_EQ(length, 0);
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER,
                HeapQueryInformation(heap, HeapCompatibilityInformation, NULL, 0, &length));
    EXPECT_EQ(length, 4);
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER,
                HeapQueryInformation(heap, HeapCompatibilityInformation, NULL, 0, NULL));
    EXPECT_OK(HeapQueryInformation(heap, HeapCompatibilityInformation, value, sizeof value, &length));
    EXPECT_EQ(length, 4);
    EXPECT_EQ(value[0], 0);
    EXPECT_EQ(value[1], 7);
}

TEST(heaps, what_heaps_are_told, "D11.4f")
{
    struct {
        DWORD version, flags;
    } optimize = {1, 0};

    EXPECT_OK(HeapSetInformation(NULL, (HEAP_INFORMATION_CLASS)3, &optimize, sizeof optimize));
    EXPECT_OK(HeapSetInformation(NULL, HeapEnableTerminationOnCorruption, NULL, 0));
}

#ifdef __linux__

TEST(heaps, what_heaps_are_told_has_to_make_sense, "D11.4f")
{
    HEAP_OPTIMIZE_RESOURCES_INFORMATION optimize = {2, 0};
    HANDLE heap = new_heap(0);
    ULONG value = 2;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                HeapSetInformation(NULL, HeapOptimizeResources, &optimize, sizeof optimize));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                HeapSetInformation(NULL, HeapEnableTerminationOnCorruption, &value, sizeof value));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                HeapSetInformation(heap, (HEAP_INFORMATION_CLASS)99, &value, sizeof value));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set_compatibility(heap, 3));
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, HeapSetInformation(heap, HeapCompatibilityInformation, &value, 2));
    EXPECT_FAIL(ERROR_NOACCESS, HeapSetInformation(heap, HeapCompatibilityInformation, NULL, 4));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, set_compatibility((HANDLE)GRAIN, 2));
    expect_compatibility(heap, 0);
}

TEST(heaps, a_corruption_may_end_the_process, "D11.4g")
{
    HANDLE heap = new_heap(0);
    void *p = HeapAlloc(heap, 0, 10);
    pid_t child;
    int status = 0;

    MUST(p != NULL);
    child = fork();
    if (child == 0) {
        HeapSetInformation(NULL, HeapEnableTerminationOnCorruption, NULL, 0);
        HeapSize(heap, 0, (char *)p + 16); /* only asks */
        HeapFree(heap, 0, p);
        HeapFree(heap, 0, p);
        _exit(0);
    }
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heaps, the_process_heap_stays, "D11.1d")
{
    void *p;

    EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapDestroy(GetProcessHeap()));
    MUST((p = HeapAlloc(GetProcessHeap(), 0, 1)) != NULL);
    EXPECT_OK(HeapFree(GetProcessHeap(), 0, p));
}

TEST(heaps, a_heap_is_destroyed_once, "D11.1d L92")
{
    HANDLE heap = new_heap(0);

    EXPECT_OK(HeapDestroy(heap));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapDestroy(heap));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapAlloc(heap, 0, 1) != NULL);
}

TEST(heaps, only_the_owner_unlocks, "L93")
{
    HANDLE heap = new_heap(0);

    EXPECT_FAIL(ERROR_NOT_OWNER, HeapUnlock(heap));
    EXPECT_OK(HeapLock(heap));
    EXPECT_OK(HeapUnlock(heap));
    EXPECT_FAIL(ERROR_NOT_OWNER, HeapUnlock(heap));
}

TEST(heaps, lists_go_to_memory_that_can_be_written, "L94")
{
    BYTE *page = commit(PAGE, PAGE_READONLY);

    EXPECT_FAIL(ERROR_NOACCESS, GetProcessHeaps(1, (PHANDLE)page));
    EXPECT_FAIL(ERROR_NOACCESS, GetProcessHeaps(4, (PHANDLE)16));
}

/* --- forks --- */

static int child_uses(HANDLE heap)
{
    void *p;

    alarm(20);
    p = HeapAlloc(heap, 0, 100);
    return p != NULL && HeapFree(heap, 0, p) && HeapLock(heap) && HeapUnlock(heap) &&
           HeapValidate(heap, 0, NULL);
}

static volatile LONG locked, may_go;

static void hold_the_lock(void *heap)
{
    MUST(HeapLock(heap));
    ATOMIC_SET(locked, 1);
    while (!ATOMIC_GET(may_go))
        check_yield();
    MUST(HeapUnlock(heap));
}

TEST(heaps, a_child_has_no_locks_of_other_threads, "L96")
{
    HANDLE heap = new_heap(0);
    struct check_thread thread;
    pid_t child;
    int status = 0;

    thread_start(&thread, hold_the_lock, heap);
    while (!ATOMIC_GET(locked))
        check_yield();
    child = fork();
    if (child == 0)
        _exit(child_uses(heap) ? 0 : 1);
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    ATOMIC_SET(may_go, 1);
    thread_join(&thread);
    EXPECT(child_uses(heap));
}

TEST(heaps, a_child_keeps_the_locks_of_its_thread, "L96")
{
    HANDLE heap = new_heap(0);
    pid_t child;
    int status = 0;

    EXPECT_OK(HeapLock(heap));
    child = fork();
    if (child == 0) {
        alarm(20);
        _exit(HeapUnlock(heap) && !HeapUnlock(heap) && child_uses(heap) ? 0 : 1);
    }
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_OK(HeapUnlock(heap));
}

#endif

/* --- exceptions; under Wine a shortage that is continued happens for ever --- */

#ifdef __linux__

static volatile DWORD raised;

static LONG CALLBACK note_and_continue(PEXCEPTION_POINTERS pointers)
{
    raised = pointers->ExceptionRecord->ExceptionCode;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(heaps, a_shortage_may_be_an_exception, "D11.2a")
{
    HANDLE heap = new_heap(HEAP_GENERATE_EXCEPTIONS), plain = new_heap(0);
    PVOID handler = AddVectoredExceptionHandler(1, note_and_continue);

    MUST(handler != NULL);
    EXPECT(HeapAlloc(heap, 0, (SIZE_T)1 << 60) == NULL);
    EXPECT_EQ(raised, STATUS_NO_MEMORY);
    raised = 0;
    EXPECT(HeapAlloc(plain, HEAP_GENERATE_EXCEPTIONS, (SIZE_T)1 << 60) == NULL);
    EXPECT_EQ(raised, STATUS_NO_MEMORY);
    raised = 0;
    EXPECT(HeapAlloc(plain, 0, (SIZE_T)1 << 60) == NULL);
    EXPECT_EQ(raised, 0);
    EXPECT(HeapAlloc(heap, 0, 100) != NULL);
    EXPECT_EQ(raised, 0);
    RemoveVectoredExceptionHandler(handler);
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heaps, a_shortage_when_resizing_may_be_an_exception, "D11.3b")
{
    HANDLE heap = new_heap(HEAP_GENERATE_EXCEPTIONS);
    BYTE *p = HeapAlloc(heap, 0, 10);
    PVOID handler = AddVectoredExceptionHandler(1, note_and_continue);

    MUST(handler != NULL && p != NULL);
    p[9] = 3;
    EXPECT(HeapReAlloc(heap, 0, p, (SIZE_T)1 << 60) == NULL);
    EXPECT_EQ(raised, STATUS_NO_MEMORY);
    EXPECT_RETURNS(10, HeapSize(heap, 0, p));
    EXPECT_EQ(p[9], 3);
    RemoveVectoredExceptionHandler(handler);
    EXPECT_OK(HeapDestroy(heap));
}

#endif
