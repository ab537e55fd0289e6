/*
 * The NUMA functions: nodes, their processors and their memory; and which node memory comes from. What naming a node takes
 * and refuses: virtualalloc.c, virtualalloc2.c.
 */
#include "api.h"

#include <psapi.h>

#ifdef WINMEM_VERSION_MAJOR
#include "../support/pretend.h"
#endif

static ULONG highest_node(void)
{
    ULONG highest = 0xDEADBEEF;

    EXPECT_OK(GetNumaHighestNodeNumber(&highest));
    MUST(highest < 1024);
    return highest;
}

static ULONG count_bits(ULONGLONG mask)
{
    ULONG count = 0;

    for (; mask != 0; mask &= mask - 1)
        count++;
    return count;
}

TEST(numa, every_processor_is_on_one_node, "D12.11a")
{
    ULONG highest = highest_node(), node, count = 0;
    ULONGLONG seen = 0, mask;
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    for (node = 0; node <= highest && node < 255; node++) {
        mask = 0xEEEE;
        EXPECT_OK(GetNumaNodeProcessorMask((UCHAR)node, &mask));
        EXPECT((mask & seen) == 0);
        seen |= mask;
        count += count_bits(mask);
    }
    if (info.dwNumberOfProcessors < 64)
        EXPECT_EQ(count, info.dwNumberOfProcessors);
}

TEST(numa, both_masks_agree, "D12.11a")
{
    GROUP_AFFINITY affinity;
    ULONGLONG mask = 0;

    EXPECT_EQ(sizeof affinity, 16);
    memset(&affinity, 0xEE, sizeof affinity);
    EXPECT_OK(GetNumaNodeProcessorMaskEx(0, &affinity));
    EXPECT_OK(GetNumaNodeProcessorMask(0, &mask));
    if (affinity.Group == 0 && highest_node() == 0)
        EXPECT_EQ(affinity.Mask, mask);
    EXPECT(affinity.Reserved[0] == 0 && affinity.Reserved[1] == 0 && affinity.Reserved[2] == 0);
}

TEST(numa, a_processor_is_on_the_node_whose_mask_has_it, "D12.11a")
{
    ULONG highest = highest_node(), node, i;

    for (node = 0; node <= highest; node++) {
        GROUP_AFFINITY affinity = {0};

        MUST(GetNumaNodeProcessorMaskEx((USHORT)node, &affinity));
        for (i = 0; i < 64; i++) {
            PROCESSOR_NUMBER processor = {affinity.Group, (BYTE)i, 0};
            USHORT wide = 0xEEEE;
            UCHAR narrow = 0xEE;

            if (!(affinity.Mask >> i & 1))
                continue;
            EXPECT_OK(GetNumaProcessorNodeEx(&processor, &wide));
            EXPECT_EQ(wide, node);
            if (affinity.Group == 0) {
                EXPECT_OK(GetNumaProcessorNode((UCHAR)i, &narrow));
                EXPECT_EQ(narrow, node);
            }
        }
    }
}

TEST(numa, nodes_above_the_highest_fail, "D12.11b")
{
    USHORT node = (USHORT)(highest_node() + 1);
    GROUP_AFFINITY affinity, before;
    ULONGLONG value = 0x1234;

    memset(&affinity, 0xEE, sizeof affinity);
    before = affinity;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaNodeProcessorMask((UCHAR)node, &value));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaNodeProcessorMask(0xFF, &value));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaNodeProcessorMaskEx(node, &affinity));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaNodeProcessorMaskEx(0xFFFF, &affinity));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaAvailableMemoryNode((UCHAR)node, &value));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaAvailableMemoryNodeEx(node, &value));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaAvailableMemoryNodeEx(0xFFFF, &value));
    EXPECT_EQ(value, 0x1234);
    EXPECT(memcmp(&affinity, &before, sizeof before) == 0);
}

TEST(numa, a_processor_that_is_not_there_has_no_node, "D12.11c")
{
    PROCESSOR_NUMBER processor = {63, 63, 0}, reserved = {0, 0, 1}, absurd = {0xFFFF, 0xFF, 0};
    UCHAR narrow = 0;
    USHORT wide = 0;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaProcessorNode(200, &narrow));
    EXPECT_EQ(narrow, 0xFF);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaProcessorNodeEx(&processor, &wide));
    EXPECT_EQ(wide, 0xFFFF);
    wide = 0;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaProcessorNodeEx(&absurd, &wide));
    EXPECT_EQ(wide, 0xFFFF);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaProcessorNodeEx(&reserved, &wide));
}

TEST(numa, one_node_has_all_that_is_available, "D12.11d")
{
    ULONGLONG narrow = 0, wide = 0;
    MEMORYSTATUSEX status;

    status.dwLength = sizeof status;
    MUST(GlobalMemoryStatusEx(&status));
    EXPECT_OK(GetNumaAvailableMemoryNode(0, &narrow));
    EXPECT_OK(GetNumaAvailableMemoryNodeEx(0, &wide));
    EXPECT(narrow <= status.ullTotalPhys && wide <= status.ullTotalPhys);
    if (highest_node() == 0)
        EXPECT(narrow > status.ullAvailPhys / 2 && wide > status.ullAvailPhys / 2);
}

/* --- whose memory it is --- */

static ULONG node_of(BYTE *p)
{
    PSAPI_WORKING_SET_EX_INFORMATION info = {0};

    info.VirtualAddress = p;
    MUST(p != NULL);
    p[0] = 1;
    MUST(QueryWorkingSetEx(GetCurrentProcess(), &info, sizeof info) && info.VirtualAttributes.Valid);
    return (ULONG)info.VirtualAttributes.Node;
}

static ULONG last_of_several(void)
{
    ULONG node = highest_node();
    ULONGLONG bytes = 0;

    if (node == 0)
        SKIP("this machine has one node");
    if (!GetNumaAvailableMemoryNodeEx((USHORT)node, &bytes) || bytes < 64 * GRAIN)
        SKIP("the last node has no memory");
    return node;
}

static BYTE *by_parameter(ULONG node)
{
    MEM_EXTENDED_PARAMETER parameter = {0};

    parameter.Type = MemExtendedParameterNumaNode;
    parameter.ULong = node;
    return VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, &parameter, 1);
}

static BYTE *by_section(ULONG node)
{
    HANDLE section =
        CreateFileMappingNumaA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)GRAIN, NULL, node);

    return MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
}

static BYTE *by_view(ULONG node)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)GRAIN, NULL);

    return MapViewOfFileExNuma(section, FILE_MAP_WRITE, 0, 0, 0, NULL, node);
}

/* Both ends: one of them is not where this thread's memory comes from anyway. */
TEST(numa, memory_comes_from_the_node_that_is_named, "S5 S78 D8.2a D8.5a")
{
    ULONG last = last_of_several(), node;

    for (node = 0; node <= last; node += last) {
        BYTE *p = VirtualAllocExNuma(GetCurrentProcess(), NULL, GRAIN, MEM_RESERVE | MEM_COMMIT,
                                     PAGE_READWRITE, node);

        EXPECT_EQ(node_of(p), node);
        EXPECT_EQ(node_of(by_parameter(node)), node);
        EXPECT_EQ(node_of(by_section(node)), node);
        EXPECT_EQ(node_of(by_view(node)), node);
    }
}

TEST(numa, a_reservation_keeps_its_node, "S5")
{
    ULONG last = last_of_several();
    BYTE *p = VirtualAllocExNuma(GetCurrentProcess(), NULL, 4 * GRAIN, MEM_RESERVE, PAGE_NOACCESS, last);
    int i;

    MUST(p != NULL);
    for (i = 0; i < 3; i++) {
        MUST(VirtualAlloc(p + GRAIN, GRAIN, MEM_COMMIT, PAGE_READWRITE) != NULL);
        EXPECT_EQ(node_of(p + GRAIN), last);
        MUST(VirtualFree(p + GRAIN, GRAIN, MEM_DECOMMIT));
    }
}

TEST(numa, all_pages_are_told_with_their_nodes, "D12.11d O95")
{
    PSAPI_WORKING_SET_EX_INFORMATION info[2] = {{0}, {0}};
    ULONG last = last_of_several();
    BYTE *p = by_parameter(0), *q = by_parameter(last);

    MUST(p != NULL && q != NULL);
    p[0] = q[0] = 1;
    info[0].VirtualAddress = q;
    info[1].VirtualAddress = p;
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), info, sizeof info));
    EXPECT_EQ(info[0].VirtualAttributes.Node, last);
    EXPECT_EQ(info[1].VirtualAttributes.Node, 0);
}

#ifdef WINMEM_VERSION_MAJOR

TEST(numa, bad_pointers_fail, "O7")
{
    BYTE *page = commit(GRAIN, PAGE_READONLY);
    PROCESSOR_NUMBER processor = {0, 0, 0};
    USHORT node;

    EXPECT_FAIL(ERROR_NOACCESS, GetNumaHighestNodeNumber(NULL));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaHighestNodeNumber((ULONG *)page));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaNodeProcessorMask(0, (ULONGLONG *)page));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaNodeProcessorMaskEx(0, (GROUP_AFFINITY *)page));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaProcessorNode(0, page));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaProcessorNode(0, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaProcessorNodeEx(&processor, (USHORT *)page));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaProcessorNodeEx(NULL, &node));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaAvailableMemoryNode(0, (ULONGLONG *)page));
    EXPECT_FAIL(ERROR_NOACCESS, GetNumaAvailableMemoryNodeEx(0, NULL));
}

/* A byte is written, not the word around it. */
TEST(numa, the_neighbours_of_a_result_stay, "L131")
{
    BYTE *page = commit(GRAIN, PAGE_READWRITE);
    PROCESSOR_NUMBER processor = {0, 0, 0};
    SIZE_T i;

    memset(page, 0x77, PAGE);
    for (i = 0; i < 8; i++)
        EXPECT_OK(GetNumaProcessorNode(0, page + PAGE - 1 - 2 * i));
    EXPECT_OK(GetNumaProcessorNodeEx(&processor, (USHORT *)(page + 64)));
    for (i = 0; i < 8; i++)
        EXPECT(page[PAGE - 1 - 2 * i] == 0 && page[PAGE - 2 - 2 * i] == 0x77);
    EXPECT(page[63] == 0x77 && page[64] == 0 && page[65] == 0 && page[66] == 0x77);
}

#define NODE "/sys/devices/system/node/"

/* Nodes 0 and 2 with processors in two groups, 70 with memory alone, and 1 missing. */
static void pretend_nodes(void)
{
    pretend_empty("/sys/devices/system/node");
    pretend_file(NODE "online", "0,2,70\n");
    pretend_file(NODE "node0/cpulist", "0-1,4\n");
    pretend_file(NODE "node0/meminfo", "Node 0 MemTotal:  8000 kB\nNode 0 MemFree:  1000 kB\n");
    pretend_file(NODE "node2/cpulist", "66-67,130\n");
    pretend_file(NODE "node2/meminfo", "Node 2 MemTotal:  8000 kB\nNode 2 MemFree:  2000 kB\n");
    pretend_file(NODE "node70/cpulist", "\n");
    pretend_file(NODE "node70/meminfo", "Node 70 MemTotal:  8000 kB\nNode 70 MemFree:  3000 kB\n");
}

TEST(numa, nodes_may_be_missing, "L122")
{
    GROUP_AFFINITY affinity;
    ULONGLONG value;

    pretend_nodes();
    EXPECT_EQ(highest_node(), 70);
    EXPECT_OK(GetNumaNodeProcessorMaskEx(0, &affinity));
    EXPECT(affinity.Group == 0 && affinity.Mask == 0x13);
    EXPECT_OK(GetNumaNodeProcessorMaskEx(2, &affinity));
    EXPECT(affinity.Group == 1 && affinity.Mask == 0xC);
    EXPECT_OK(GetNumaNodeProcessorMaskEx(1, &affinity));
    EXPECT_EQ(affinity.Mask, 0);
    EXPECT_OK(GetNumaNodeProcessorMaskEx(70, &affinity));
    EXPECT_EQ(affinity.Mask, 0);
    EXPECT_OK(GetNumaNodeProcessorMask(0, &value));
    EXPECT_EQ(value, 0x13);
    EXPECT_OK(GetNumaNodeProcessorMask(2, &value)); /* we are in group 0 */
    EXPECT_EQ(value, 0);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaNodeProcessorMaskEx(71, &affinity));
}

TEST(numa, processors_are_found_in_every_group, "L123")
{
    PROCESSOR_NUMBER second = {1, 2, 0}, third = {2, 2, 0}, missing = {1, 1, 0};
    UCHAR narrow;
    USHORT wide;

    pretend_nodes();
    EXPECT_OK(GetNumaProcessorNode(4, &narrow));
    EXPECT_EQ(narrow, 0);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaProcessorNode(2, &narrow));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaProcessorNode(66, &narrow)); /* group 0 ends at 63 */
    EXPECT_OK(GetNumaProcessorNodeEx(&second, &wide));
    EXPECT_EQ(wide, 2);
    EXPECT_OK(GetNumaProcessorNodeEx(&third, &wide));
    EXPECT_EQ(wide, 2);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetNumaProcessorNodeEx(&missing, &wide));
    EXPECT_EQ(wide, 0xFFFF);
}

TEST(numa, of_several_nodes_each_has_its_free_pages, "D12.11d")
{
    ULONGLONG bytes;

    pretend_nodes();
    EXPECT_OK(GetNumaAvailableMemoryNode(0, &bytes));
    EXPECT_EQ(bytes, 1000 * 1024);
    EXPECT_OK(GetNumaAvailableMemoryNode(2, &bytes));
    EXPECT_EQ(bytes, 2000 * 1024);
    EXPECT_OK(GetNumaAvailableMemoryNodeEx(70, &bytes));
    EXPECT_EQ(bytes, 3000 * 1024);
    EXPECT_OK(GetNumaAvailableMemoryNodeEx(1, &bytes));
    EXPECT_EQ(bytes, 0);
}

/* The kernel has no node 2 or 70: what it refuses is advice. */
TEST(numa, memory_prefers_nodes_that_exist, "S5 S54 S78")
{
    MEM_EXTENDED_PARAMETER parameter = {0};
    BYTE *p;

    pretend_nodes();
    p = VirtualAllocExNuma(GetCurrentProcess(), NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, 2);
    EXPECT(p != NULL && writable(p));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAllocExNuma(GetCurrentProcess(), NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAllocExNuma(GetCurrentProcess(), NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, 71));
    parameter.Type = MemExtendedParameterNumaNode;
    parameter.ULong = 70;
    p = VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, &parameter, 1);
    EXPECT(p != NULL && writable(p));
    parameter.ULong = 1;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, &parameter, 1));
    parameter.ULong = NUMA_NO_PREFERRED_NODE;
    EXPECT(VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, &parameter, 1) != NULL);
}

TEST(numa, even_node_0_may_be_missing, "L122")
{
    pretend_empty("/sys/devices/system/node");
    pretend_file(NODE "online", "1\n");
    pretend_file(NODE "node1/cpulist", "0\n");
    EXPECT_EQ(highest_node(), 1);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAllocExNuma(GetCurrentProcess(), NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, 0));
}

TEST(numa, a_kernel_without_numa_has_one_node, "L124")
{
    GROUP_AFFINITY affinity = {0}, before = {0};
    ULONGLONG bytes = 0;
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    MUST(GetNumaNodeProcessorMaskEx(0, &before));
    if (highest_node() > 0)
        SKIP("this machine has several nodes");
    pretend_empty("/sys/devices/system/node");
    EXPECT_EQ(highest_node(), 0);
    EXPECT_OK(GetNumaNodeProcessorMaskEx(0, &affinity));
    EXPECT_EQ(affinity.Mask, before.Mask);
    EXPECT_OK(GetNumaAvailableMemoryNode(0, &bytes));
    EXPECT(bytes > 0);
    pretend_empty("/sys"); /* nothing left but what this thread may use */
    EXPECT_OK(GetNumaNodeProcessorMaskEx(0, &affinity));
    EXPECT(affinity.Mask != 0 && (affinity.Mask & ~before.Mask) == 0);
}

TEST(numa, without_descriptors_there_is_node_0, "L124")
{
    rlim_t old = pretend_limit(RLIMIT_NOFILE, 0);
    GROUP_AFFINITY affinity = {0};
    UCHAR node = 7;

    EXPECT_EQ(highest_node(), 0);
    EXPECT_OK(GetNumaNodeProcessorMaskEx(0, &affinity));
    EXPECT(affinity.Mask != 0);
    EXPECT_OK(GetNumaProcessorNode((UCHAR)__builtin_ctzll(affinity.Mask), &node));
    EXPECT_EQ(node, 0);
    pretend_limit(RLIMIT_NOFILE, old);
    pretend_nodes(); /* what could not be read was not remembered */
    EXPECT_EQ(highest_node(), 70);
}

#endif
