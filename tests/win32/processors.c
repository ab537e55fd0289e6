/* processors.c: how many there are, what they share, and which may run a process. */
#include "../support/check.h"

#ifdef WINMEM_VERSION_MAJOR
#include <sys/mman.h>
#endif

enum { ROOM = 0x10000 };

static ULONGLONG bits(ULONGLONG mask)
{
    return (ULONGLONG)__builtin_popcountll(mask);
}

static DWORD_PTR system_mask(void)
{
    DWORD_PTR own, all;

    MUST(GetProcessAffinityMask(GetCurrentProcess(), &own, &all));
    EXPECT((own & ~all) == 0 && own != 0);
    return all;
}

TEST(processors, groups_have_processors, "L531")
{
    WORD groups = GetActiveProcessorGroupCount();
    DWORD sum = 0;
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    EXPECT(groups >= 1 && GetMaximumProcessorGroupCount() >= groups);
    for (WORD i = 0; i < groups; i++) {
        DWORD count = GetActiveProcessorCount(i);

        EXPECT(count <= 64 && GetMaximumProcessorCount(i) >= count);
        sum += count;
    }
    EXPECT_EQ(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS), sum);
    EXPECT(GetMaximumProcessorCount(ALL_PROCESSOR_GROUPS) >= sum);
    EXPECT(sum >= info.dwNumberOfProcessors);
    EXPECT_EQ(GetActiveProcessorCount(0), bits(system_mask()));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetActiveProcessorCount(groups));
}

TEST(processors, the_one_that_runs_this, "L531")
{
    PROCESSOR_NUMBER number = {99, 99, 99};

    GetCurrentProcessorNumberEx(&number);
    EXPECT(number.Group < GetActiveProcessorGroupCount() && number.Number < 64);
    EXPECT_EQ(number.Reserved, 0);
    EXPECT(GetCurrentProcessorNumber() < 64);
}

/* --- records of one size --- */

static SYSTEM_LOGICAL_PROCESSOR_INFORMATION narrow[ROOM / sizeof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION)];

static DWORD read_narrow(void)
{
    DWORD length = 0, again;

    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetLogicalProcessorInformation(NULL, &length));
    MUST(length > 0 && length <= sizeof narrow && length % sizeof narrow[0] == 0);
    again = length - 1;
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetLogicalProcessorInformation(narrow, &again));
    EXPECT_EQ(again, length);
    EXPECT_OK(GetLogicalProcessorInformation(narrow, &again));
    EXPECT_EQ(again, length);
    return length / (DWORD)sizeof narrow[0];
}

TEST(processors, each_is_in_one_core_one_package_and_one_node, "L532")
{
    ULONGLONG cores = 0, packages = 0, nodes = 0;
    DWORD count = read_narrow();

    for (DWORD i = 0; i < count; i++) {
        ULONG_PTR mask = narrow[i].ProcessorMask;

        EXPECT(mask != 0);
        switch ((int)narrow[i].Relationship) {
        case RelationProcessorCore:
            EXPECT_EQ(cores & mask, 0);
            EXPECT_EQ(narrow[i].ProcessorCore.Flags, bits(mask) > 1);
            cores |= mask;
            break;
        case RelationProcessorPackage:
            EXPECT_EQ(packages & mask, 0);
            packages |= mask;
            break;
        case RelationNumaNode:
            EXPECT_EQ(nodes & mask, 0);
            nodes |= mask;
            break;
        case RelationCache:
            EXPECT(narrow[i].Cache.Level >= 1 && narrow[i].Cache.Level <= 4);
            EXPECT(narrow[i].Cache.Size > 0 && narrow[i].Cache.Size % 1024 == 0);
            EXPECT(narrow[i].Cache.LineSize >= 16 && narrow[i].Cache.LineSize <= 1024);
            break;
        default: check_fail(__FILE__, __LINE__, "relationship %d", (int)narrow[i].Relationship);
        }
    }
    EXPECT_EQ(cores, packages);
    EXPECT_EQ(cores, nodes);
    EXPECT_EQ(cores, system_mask());
}

/* --- records with groups --- */

static union {
    BYTE bytes[ROOM];
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX first;
} wide;

static DWORD read_wide(LOGICAL_PROCESSOR_RELATIONSHIP kind)
{
    DWORD length = 0, again;

    if (GetLogicalProcessorInformationEx(kind, NULL, &length))
        return 0;
    EXPECT_EQ(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    MUST(length <= sizeof wide);
    again = length - 1;
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetLogicalProcessorInformationEx(kind, &wide.first, &again));
    EXPECT_EQ(again, length);
    memset(&wide, 0xcc, sizeof wide);
    EXPECT_OK(GetLogicalProcessorInformationEx(kind, &wide.first, &again));
    EXPECT_EQ(again, length);
    EXPECT_EQ(wide.bytes[length], 0xcc);
    return length;
}

/* The record at an offset, which moves behind it. */
static SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *next_record(DWORD *at, DWORD length)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record = (void *)(wide.bytes + *at);

    MUST(record->Size >= 32 && record->Size % 8 == 0 && record->Size <= length - *at);
    *at += record->Size;
    return record;
}

static ULONGLONG of_group_0(const GROUP_AFFINITY *masks, WORD count)
{
    ULONGLONG found = 0;

    MUST(count >= 1 && count <= 64);
    for (WORD i = 0; i < count; i++)
        if (masks[i].Group == 0)
            found |= masks[i].Mask;
    return found;
}

static ULONGLONG covered(LOGICAL_PROCESSOR_RELATIONSHIP kind)
{
    DWORD length = read_wide(kind), at = 0;
    ULONGLONG all = 0;

    while (at < length) {
        SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record = next_record(&at, length);
        ULONGLONG mask = of_group_0(record->Processor.GroupMask, record->Processor.GroupCount);

        EXPECT_EQ(record->Relationship, kind);
        EXPECT_EQ(record->Size, 32 + 16 * record->Processor.GroupCount);
        EXPECT_EQ(all & mask, 0);
        if (kind == RelationProcessorCore)
            EXPECT_EQ(record->Processor.Flags, bits(mask) > 1 ? LTP_PC_SMT : 0);
        all |= mask;
    }
    return all;
}

TEST(processors, cores_packages_and_dies_in_groups, "L532")
{
    EXPECT_EQ(covered(RelationProcessorCore), system_mask());
    EXPECT_EQ(covered(RelationProcessorPackage), system_mask());
#ifdef WINMEM_VERSION_MAJOR
    EXPECT_EQ(covered(RelationProcessorDie), system_mask());
#endif
}

TEST(processors, nodes_in_groups, "L532")
{
    DWORD length = read_wide(RelationNumaNode), at = 0;
    ULONGLONG all = 0;

    while (at < length) {
        SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record = next_record(&at, length);
        GROUP_AFFINITY affinity;

        EXPECT_EQ(record->Relationship, RelationNumaNode);
        EXPECT(GetNumaNodeProcessorMaskEx((USHORT)record->NumaNode.NodeNumber, &affinity));
        EXPECT_EQ(affinity.Mask, record->NumaNode.GroupMask.Mask);
        EXPECT_EQ(affinity.Group, record->NumaNode.GroupMask.Group);
        if (affinity.Group == 0)
            all |= affinity.Mask;
    }
    EXPECT_EQ(all, system_mask());
}

TEST(processors, caches_in_groups, "L532")
{
    DWORD length = read_wide(RelationCache), at = 0;
    ULONGLONG data = 0;

    while (at < length) {
        SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record = next_record(&at, length);

        EXPECT_EQ(record->Relationship, RelationCache);
        EXPECT(record->Cache.Level >= 1 && record->Cache.CacheSize >= 1024 && record->Cache.LineSize >= 16);
        EXPECT(record->Cache.Associativity > 0);
        if (record->Cache.Level == 1 && record->Cache.Type != CacheInstruction)
            data |= record->Cache.GroupMask.Group == 0 ? record->Cache.GroupMask.Mask : 0;
    }
    EXPECT(length == 0 || data == system_mask());
}

TEST(processors, groups_themselves, "L532")
{
    DWORD length = read_wide(RelationGroup), at = 0;
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record;

    MUST(length > 0);
    record = next_record(&at, length);
    EXPECT_EQ(at, length);
    EXPECT_EQ(record->Relationship, RelationGroup);
    EXPECT_EQ(record->Group.ActiveGroupCount, GetActiveProcessorGroupCount());
    EXPECT_EQ(record->Group.MaximumGroupCount, GetMaximumProcessorGroupCount());
    EXPECT_EQ(record->Group.GroupInfo[0].ActiveProcessorCount, GetActiveProcessorCount(0));
    EXPECT_EQ(record->Group.GroupInfo[0].ActiveProcessorMask, system_mask());
}

TEST(processors, all_relationships_together, "L532")
{
    DWORD length = read_wide(RelationAll), at = 0, seen = 0;

    while (at < length)
        seen |= 1u << next_record(&at, length)->Relationship;
    EXPECT_EQ(seen & 0x1b, 0x1b);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetLogicalProcessorInformationEx(77, &wide.first, &length));
}

/* --- which may run a process --- */

TEST(processors, a_process_is_bound_and_let_go, "L533")
{
    DWORD_PTR all = system_mask(), own, system, one;
    USHORT count = 0, groups[64];

    MUST(GetProcessAffinityMask(GetCurrentProcess(), &own, &system));
    one = own & -own;
    EXPECT_OK(SetProcessAffinityMask(GetCurrentProcess(), one));
    EXPECT(GetProcessAffinityMask(GetCurrentProcess(), &system, &all) && system == one);
    EXPECT_EQ((DWORD_PTR)1 << GetCurrentProcessorNumber(), one);
    EXPECT_OK(SetProcessAffinityMask(GetCurrentProcess(), own));
    EXPECT(GetProcessAffinityMask(GetCurrentProcess(), &system, &all) && system == own);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessAffinityMask(GetCurrentProcess(), 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetProcessAffinityMask(NULL, one));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetProcessAffinityMask(NULL, &own, &system));
    if (~all != 0)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessAffinityMask(GetCurrentProcess(), ~all));
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetProcessGroupAffinity(GetCurrentProcess(), &count, groups));
    EXPECT(count >= 1 && count <= 64);
    EXPECT_OK(GetProcessGroupAffinity(GetCurrentProcess(), &count, groups));
    EXPECT(groups[0] < GetActiveProcessorGroupCount());
}

TEST(processors, a_thread_is_bound_and_let_go, "L543")
{
    GROUP_AFFINITY all, one, before;

    MUST(GetThreadGroupAffinity(GetCurrentThread(), &all));
    EXPECT(all.Mask != 0 && all.Group < GetActiveProcessorGroupCount());
    one = all;
    one.Mask = all.Mask & -all.Mask;
    EXPECT_OK(SetThreadGroupAffinity(GetCurrentThread(), &one, &before));
    EXPECT_EQ(before.Mask, all.Mask);
    EXPECT_EQ((DWORD_PTR)1 << GetCurrentProcessorNumber(), one.Mask);
    EXPECT(GetThreadGroupAffinity(GetCurrentThread(), &before) && before.Mask == one.Mask);
    EXPECT_OK(SetThreadGroupAffinity(GetCurrentThread(), &all, NULL));
    one.Mask = 0;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetThreadGroupAffinity(GetCurrentThread(), &one, NULL));
    one = all;
    one.Group = 77;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetThreadGroupAffinity(GetCurrentThread(), &one, NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetThreadGroupAffinity(NULL, &one));
}

#ifdef WINMEM_VERSION_MAJOR

enum { THREADS = 20 };

static pthread_barrier_t meeting;

static void *wait_for_it(void *mask)
{
    cpu_set_t set;

    pthread_barrier_wait(&meeting);
    pthread_barrier_wait(&meeting);
    CPU_ZERO(&set);
    MUST(sched_getaffinity(0, sizeof set, &set) == 0);
    *(DWORD_PTR *)mask = *(DWORD_PTR *)&set;
    return NULL;
}

TEST(processors, all_threads_of_a_process_are_bound, "L533")
{
    pthread_t threads[THREADS];
    DWORD_PTR own, all, masks[THREADS], one;

    MUST(GetProcessAffinityMask(GetCurrentProcess(), &own, &all));
    one = own & -own;
    MUST(pthread_barrier_init(&meeting, NULL, THREADS + 1) == 0);
    for (int i = 0; i < THREADS; i++)
        MUST(pthread_create(&threads[i], NULL, wait_for_it, &masks[i]) == 0);
    pthread_barrier_wait(&meeting);
    EXPECT_OK(SetProcessAffinityMask(GetCurrentProcess(), one));
    pthread_barrier_wait(&meeting);
    for (int i = 0; i < THREADS; i++) {
        MUST(pthread_join(threads[i], NULL) == 0);
        EXPECT_EQ(masks[i], one);
    }
}

TEST(processors, another_process_is_bound, "L533")
{
    DWORD_PTR own, all, one;
    HANDLE process, blind;
    pid_t child;

    MUST(GetProcessAffinityMask(GetCurrentProcess(), &own, &all));
    one = own & -own;
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SET_INFORMATION, FALSE, (DWORD)child);
    blind = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)child);
    MUST(process != NULL && blind != NULL);
    EXPECT_OK(SetProcessAffinityMask(process, one));
    EXPECT(GetProcessAffinityMask(blind, &own, &all) && own == one);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetProcessAffinityMask(blind, one));
    EXPECT_FAIL(ERROR_NOACCESS, GetProcessAffinityMask(process, NULL, &all));
    MUST(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetProcessAffinityMask(process, one));
    EXPECT(CloseHandle(process) && CloseHandle(blind));
}

/* --- a barrier for all, at the cost of one: the store-and-load game of interlocked.c with only the compiler kept in check --- */

enum { ROUNDS = 3000 };

static struct {
    __attribute__((aligned(64))) LONG arrived;
    struct {
        __attribute__((aligned(64))) LONG own, seen;
    } of[2];
} game;

static void arrive(LONG number)
{
    InterlockedIncrement(&game.arrived);
    for (int i = 1; ReadAcquire(&game.arrived) < number; i++)
        if (i % 10000 == 0)
            sched_yield();
}

static void *play(void *as)
{
    int me = *(int *)as;

    for (LONG i = 1; i <= ROUNDS; i++) {
        arrive(4 * i - 2);
        for (volatile LONG late = i * (3 + 4 * me) % 97; late > 0; late--)
            ;
        WriteNoFence(&game.of[me].own, i);
        if (me == 0)
            FlushProcessWriteBuffers();
        else
            _ReadWriteBarrier();
        game.of[me].seen = ReadNoFence(&game.of[1 - me].own) == i;
        arrive(4 * i);
        if (!game.of[0].seen && !game.of[1].seen)
            check_fail(__FILE__, __LINE__, "in round %d neither saw the other", (int)i);
    }
    return NULL;
}

TEST(processors, others_write_buffers_are_flushed, "L534")
{
    int us[] = {0, 1};
    pthread_t other;

    MUST(pthread_create(&other, NULL, play, &us[1]) == 0);
    play(&us[0]);
    MUST(pthread_join(other, NULL) == 0);
}

TEST(processors, write_buffers_where_the_stack_is_locked, "L534")
{
    char here[4096] = "";

    if (mlock(here, sizeof here) != 0)
        SKIP("memory cannot be locked here");
    for (int i = 0; i < 3; i++)
        FlushProcessWriteBuffers();
    EXPECT_EQ(munlock(here, sizeof here), 0);
}

#endif
