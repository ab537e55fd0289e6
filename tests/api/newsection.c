/*
 * The variants of CreateFileMapping and MapViewOfFile: nodes, rights, sizes and offsets of 64 bits. What they share
 * with the first ones is in filemapping.c and mapview.c.
 */
#include "api.h"

#include <psapi.h>

#ifdef WINMEM_VERSION_MAJOR
#include <sys/syscall.h>
#include <unistd.h>

#include "../support/pretend.h"
#endif

#define NOBODY INVALID_HANDLE_VALUE
#define NO_NODE NUMA_NO_PREFERRED_NODE
#define NODE_OF_NOBODY 0x4000

static HANDLE of_two(ULONG access, ULONG protection, ULONG attributes)
{
    return CreateFileMapping2(NOBODY, NULL, access, protection, attributes, GRAIN, NULL, NULL, 0);
}

static HANDLE from_app(ULONG protection)
{
    return CreateFileMappingFromApp(NOBODY, NULL, protection, GRAIN, NULL);
}

static BYTE *map(HANDLE handle, DWORD access)
{
    return MapViewOfFile(handle, access, 0, 0, 0);
}

/* --- nodes --- */

TEST(newsection, numa_without_a_preference_is_createfilemapping, "D8.2a")
{
    HANDLE a = CreateFileMappingNumaA(NOBODY, NULL, PAGE_READWRITE, 0, 0x1000, NULL, NO_NODE);
    HANDLE w = CreateFileMappingNumaW(NULL, NULL, PAGE_READWRITE, 0, 0x1000, NULL, NO_NODE);

    MUST(a && w);
    EXPECT(writable(view(a, FILE_MAP_WRITE)) && writable(view(w, FILE_MAP_WRITE)));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateFileMappingNumaA(NOBODY, NULL, PAGE_NOACCESS, 0, 0x1000, NULL, NO_NODE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateFileMappingNumaW(NOBODY, NULL, PAGE_READWRITE, 0, 0, NULL, NO_NODE));
}

TEST(newsection, numa_speaks_of_success_too, "O158 D8.2a")
{
    SetLastError(CHECK_SENTINEL);
    EXPECT(CreateFileMappingNumaA(NOBODY, NULL, PAGE_READWRITE, 0, 0x1000, NULL, 0) != NULL);
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
}

static ULONG64 node_of(BYTE *p)
{
    PSAPI_WORKING_SET_EX_INFORMATION info = {0};

    info.VirtualAddress = p;
    MUST(QueryWorkingSetEx(GetCurrentProcess(), &info, sizeof info) && info.VirtualAttributes.Valid);
    return info.VirtualAttributes.Node;
}

TEST(newsection, a_node_that_is_there_is_taken, "D8.2a D8.5a")
{
    HANDLE handle = CreateFileMappingNumaW(NOBODY, NULL, PAGE_READWRITE, 0, (DWORD)GRAIN, NULL, 0);
    BYTE *p = view(handle, FILE_MAP_WRITE);
    BYTE *q = MapViewOfFileExNuma(handle, FILE_MAP_READ, 0, 0, 0, NULL, 0);

    p[0] = 7;
    EXPECT(q != NULL && q[0] == 7);
    EXPECT_EQ(node_of(p), 0);
}

#ifdef WINMEM_VERSION_MAJOR

/* What the kernel has been asked for at an address: 0 is nothing, other values are kinds of preference. */
static int policy_at(const BYTE *p)
{
    int mode = -1;

    if (syscall(SYS_get_mempolicy, &mode, NULL, 0, p, 2 /* MPOL_F_ADDR */) != 0)
        SKIP("this kernel does not tell policies of memory");
    return mode;
}

/* Where there is one node, nobody asks for it. */
static void pretend_two_nodes(void)
{
    pretend_empty("/sys/devices/system/node");
    pretend_file("/sys/devices/system/node/online", "0-1\n");
}

TEST(newsection, the_kernel_is_asked_for_the_node, "D8.2a D8.2c D8.5a")
{
    MEM_EXTENDED_PARAMETER node = {.Type = MemExtendedParameterNumaNode};
    HANDLE without = section(GRAIN, PAGE_READWRITE), numa, two;

    pretend_two_nodes();
    numa = CreateFileMappingNumaA(NOBODY, NULL, PAGE_READWRITE, 0, (DWORD)GRAIN, NULL, 0);
    two = CreateFileMapping2(NOBODY, NULL, GENERIC_WRITE, PAGE_READWRITE, 0, GRAIN, NULL, &node, 1);
    EXPECT(policy_at(view(numa, FILE_MAP_WRITE)) > 0);
    EXPECT(policy_at(view(two, FILE_MAP_WRITE)) > 0);
    EXPECT_EQ(policy_at(view(without, FILE_MAP_WRITE)), 0);
    EXPECT(policy_at(MapViewOfFileExNuma(without, FILE_MAP_WRITE, 0, 0, 0, NULL, 0)) > 0);
}

#endif

TEST(newsection, a_node_that_is_not_there_fails, "L155 D8.2a D8.5a")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateFileMappingNumaA(NOBODY, NULL, PAGE_READWRITE, 0, 0x1000, NULL, NODE_OF_NOBODY));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFileExNuma(handle, FILE_MAP_READ, 0, 0, 0, NULL, NODE_OF_NOBODY));
}

TEST(newsection, mapviewoffileexnuma_is_mapviewoffileex, "O184 O185 D8.5a")
{
    HANDLE handle = section(2 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *place = free_space(GRAIN);

    p[GRAIN] = 9;
    EXPECT_RETURNS(place, MapViewOfFileExNuma(handle, FILE_MAP_READ, 0, (DWORD)GRAIN, GRAIN, place, NO_NODE));
    EXPECT_EQ(place[0], 9);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                MapViewOfFileExNuma(handle, FILE_MAP_READ, 0, 0, GRAIN, place, NO_NODE));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT,
                MapViewOfFileExNuma(handle, FILE_MAP_READ, 0, 0, GRAIN, place + PAGE, NO_NODE));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                MapViewOfFileExNuma(handle, FILE_MAP_READ, 0, 0, 2 * GRAIN + 1, NULL, NO_NODE));
}

/* --- CreateFileMappingFromApp, MapViewOfFileFromApp --- */

TEST(newsection, fromapp_makes_what_packaged_programs_may, "D8.2b")
{
    static const ULONG protections[] = {PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY};
    size_t i;

    for (i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        HANDLE handle = from_app(protections[i]);

        MUST(handle != NULL);
        EXPECT_EQ(map(handle, FILE_MAP_READ) != NULL, 1);
        EXPECT_EQ(map(handle, FILE_MAP_WRITE) != NULL, protections[i] == PAGE_READWRITE);
    }
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, from_app(PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateFileMappingFromApp(NOBODY, NULL, PAGE_READWRITE, 0, NULL));
}

TEST(newsection, fromapp_with_execution_gives_the_right_to_it, "O174")
{
    HANDLE handle = from_app(PAGE_EXECUTE_READWRITE);

    MUST(handle != NULL);
    EXPECT(map(handle, FILE_MAP_READ | FILE_MAP_EXECUTE) != NULL);
    EXPECT(map(handle, FILE_MAP_WRITE | FILE_MAP_EXECUTE) != NULL);
}

TEST(newsection, fromapp_takes_all_64_bits_of_a_size, "D8.2b O184")
{
    HANDLE handle = CreateFileMappingFromApp(NOBODY, NULL, PAGE_READWRITE, 0x100010000, NULL);
    BYTE *p;

    MUST(handle != NULL);
    p = MapViewOfFileFromApp(handle, FILE_MAP_WRITE, 0x100000000, GRAIN);
    MUST(p != NULL);
    EXPECT(writable(p));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFileFromApp(handle, FILE_MAP_WRITE, 0x100000000, GRAIN + 1));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFileFromApp(handle, FILE_MAP_WRITE, 0x1000, PAGE));
}

TEST(newsection, mapviewoffilefromapp_takes_a_protection_for_an_access, "O191")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = MapViewOfFileFromApp(handle, PAGE_EXECUTE_READWRITE, 0, 0);

    MUST(p != NULL);
    EXPECT_REGION(p, .size = GRAIN, .type = MEM_MAPPED);
}

/* --- CreateFileMapping2 --- */

TEST(newsection, two_gives_the_rights_that_are_asked_for, "D8.2c O181")
{
    HANDLE reader = of_two(SECTION_MAP_READ, PAGE_READWRITE, SEC_COMMIT);
    HANDLE writer = of_two(SECTION_MAP_WRITE, PAGE_READWRITE, SEC_COMMIT);
    HANDLE both = of_two(GENERIC_READ | GENERIC_WRITE, PAGE_READWRITE, SEC_COMMIT);

    MUST(reader && writer && both);
    EXPECT(map(reader, FILE_MAP_READ) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, map(reader, FILE_MAP_WRITE));
    EXPECT(map(writer, FILE_MAP_WRITE) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, map(writer, FILE_MAP_READ));
    EXPECT(map(both, FILE_MAP_READ) != NULL && map(both, FILE_MAP_WRITE) != NULL);
}

TEST(newsection, two_is_bounded_by_the_protection_all_the_same, "D8.2c O180")
{
    HANDLE handle = of_two(SECTION_ALL_ACCESS, PAGE_READONLY, SEC_COMMIT);

    MUST(handle != NULL);
    EXPECT(map(handle, FILE_MAP_READ) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, map(handle, FILE_MAP_WRITE));
}

TEST(newsection, two_keeps_protection_and_attributes_apart, "D8.2c O167 O195")
{
    HANDLE handle = of_two(SECTION_ALL_ACCESS, PAGE_READWRITE, SEC_COMMIT | SEC_NOCACHE);
    BYTE *p;

    MUST(handle != NULL);
    p = view(handle, FILE_MAP_WRITE);
    EXPECT_REGION(p, .alloc_protect = 0x204);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, of_two(SECTION_ALL_ACCESS, PAGE_READWRITE | SEC_COMMIT, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, of_two(SECTION_ALL_ACCESS, PAGE_READWRITE, SEC_NOCACHE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, of_two(SECTION_ALL_ACCESS, PAGE_EXECUTE, SEC_COMMIT));
    EXPECT_FAIL(ERROR_BAD_EXE_FORMAT, of_two(SECTION_ALL_ACCESS, PAGE_READONLY, SEC_IMAGE));
}

static HANDLE with_parameters(MEM_EXTENDED_PARAMETER *parameters, ULONG count)
{
    return CreateFileMapping2(NOBODY, NULL, SECTION_ALL_ACCESS, PAGE_READWRITE, SEC_COMMIT, GRAIN, NULL,
                              parameters, count);
}

TEST(newsection, two_takes_a_node, "D8.2c")
{
    MEM_EXTENDED_PARAMETER node = {0};
    HANDLE handle;
    BYTE *p;

    node.Type = MemExtendedParameterNumaNode;
    node.ULong = 0;
    handle = with_parameters(&node, 1);
    MUST(handle != NULL);
    p = view(handle, FILE_MAP_WRITE);
    p[0] = 1;
    EXPECT_EQ(node_of(p), 0);
    node.ULong = NODE_OF_NOBODY;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, with_parameters(&node, 1));
}

TEST(newsection, two_takes_no_other_parameter, "D8.2c O153 O154")
{
    MEM_ADDRESS_REQUIREMENTS nothing = {0};
    MEM_EXTENDED_PARAMETER parameters[2] = {0};

    EXPECT(with_parameters(NULL, 0) != NULL);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, with_parameters(NULL, 1));
    parameters[0].Type = parameters[1].Type = MemExtendedParameterNumaNode;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, with_parameters(parameters, 2));
    parameters[0].Type = MemExtendedParameterAddressRequirements;
    parameters[0].Pointer = &nothing;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, with_parameters(parameters, 1));
}
