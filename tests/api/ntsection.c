/*
 * The native functions of sections, found as programs find them: by name, in ntdll.dll, with types of their own.
 */
#include "api.h"

#include <winternl.h>

/* clang-format off */
typedef NTSTATUS(NTAPI *create_fn)(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, PLARGE_INTEGER, ULONG, ULONG, HANDLE);
typedef NTSTATUS(NTAPI *map_fn)(HANDLE, HANDLE, PVOID *, ULONG_PTR, SIZE_T, PLARGE_INTEGER, PSIZE_T, int, ULONG, ULONG);
typedef NTSTATUS(NTAPI *unmap_fn)(HANDLE, PVOID);
typedef NTSTATUS(NTAPI *extend_fn)(HANDLE, PLARGE_INTEGER);
typedef NTSTATUS(NTAPI *query_fn)(HANDLE, int, PVOID, SIZE_T, PSIZE_T);
typedef NTSTATUS(NTAPI *close_fn)(HANDLE);
typedef ULONG(NTAPI *error_fn)(NTSTATUS);
/* clang-format on */

static FARPROC find(const char *name)
{
    FARPROC found = GetProcAddress(GetModuleHandleA("ntdll.dll"), name);

    MUST(found != NULL);
    return found;
}

#define NT(type, name) ((type)(void (*)(void))find(name))

enum { SHARE = 1, UNMAP = 2 };

struct basic {
    PVOID base;
    ULONG attributes;
    LARGE_INTEGER size;
};

#define SUCCESS 0u
#define INVALID_INFO_CLASS 0xC0000003u
#define INFO_LENGTH_MISMATCH 0xC0000004u
#define ACCESS_VIOLATION 0xC0000005u
#define INVALID_HANDLE 0xC0000008u
#define INVALID_PARAMETER 0xC000000Du
#define NO_MEMORY 0xC0000017u
#define CONFLICTING_ADDRESSES 0xC0000018u
#define NOT_MAPPED_VIEW 0xC0000019u
#define INVALID_VIEW_SIZE 0xC000001Fu
#define INVALID_FILE_FOR_SECTION 0xC0000020u
#define ACCESS_DENIED 0xC0000022u
#define SECTION_TOO_BIG 0xC0000040u
#define INVALID_PAGE_PROTECTION 0xC0000045u
#define NOT_IMAGE 0xC0000049u
#define SECTION_PROTECTION 0xC000004Eu
#define NOT_EXTENDED 0xC0000087u
#define PARAMETER_3 0xC00000F1u
#define PARAMETER_4 0xC00000F2u
#define PARAMETER_6 0xC00000F4u
#define PARAMETER_8 0xC00000F6u
#define PARAMETER_9 0xC00000F7u
#define MAPPED_ALIGNMENT 0xC0000220u

static NTSTATUS create(HANDLE *handle, ACCESS_MASK access, LONGLONG bytes, ULONG protection, ULONG attributes)
{
    LARGE_INTEGER size;

    size.QuadPart = bytes;
    return NT(create_fn, "NtCreateSection")(handle, access, NULL, &size, protection, attributes, NULL);
}

static HANDLE section_with(ACCESS_MASK access, LONGLONG bytes, ULONG protection)
{
    HANDLE handle = NULL;

    MUST(create(&handle, access, bytes, protection, SEC_COMMIT) == 0 && handle != NULL);
    return handle;
}

static HANDLE whole(LONGLONG bytes)
{
    return section_with(SECTION_ALL_ACCESS, bytes, PAGE_READWRITE);
}

static NTSTATUS map_at(HANDLE handle, PVOID *base, LONGLONG offset, SIZE_T *size, ULONG protection)
{
    LARGE_INTEGER from;

    from.QuadPart = offset;
    return NT(map_fn, "NtMapViewOfSection")(handle, GetCurrentProcess(), base, 0, 0, &from, size, UNMAP, 0,
                                            protection);
}

static NTSTATUS map(HANDLE handle, ULONG protection)
{
    PVOID base = NULL;
    SIZE_T size = 0;

    return map_at(handle, &base, 0, &size, protection);
}

/* --- NtCreateSection --- */

TEST(ntsection, a_section_is_made_mapped_unmapped_and_closed, "O157 O184 O189")
{
    HANDLE handle = whole(2 * GRAIN);
    PVOID base = NULL;
    SIZE_T size = 0;

    EXPECT_NT(SUCCESS, map_at(handle, &base, 0, &size, PAGE_READWRITE));
    MUST(base != NULL);
    EXPECT_EQ(size, 2 * GRAIN);
    EXPECT(writable(base));
    EXPECT_REGION(base, .size = 2 * GRAIN, .protect = PAGE_READWRITE, .type = MEM_MAPPED);
    EXPECT_NT(SUCCESS, NT(unmap_fn, "NtUnmapViewOfSection")(GetCurrentProcess(), (BYTE *)base + 100));
    EXPECT_NT(SUCCESS, NT(close_fn, "NtClose")(handle));
    EXPECT_NT(INVALID_HANDLE, NT(close_fn, "NtClose")(handle));
}

TEST(ntsection, both_surfaces_have_the_same_sections, "O183 L310")
{
    HANDLE handle = whole(GRAIN), other = section(GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q;
    PVOID base = NULL;
    SIZE_T size = PAGE;

    p[5] = 7;
    EXPECT_NT(SUCCESS, map_at(other, &base, 0, &size, PAGE_READONLY));
    EXPECT_EQ(size, PAGE);
    base = NULL;
    EXPECT_NT(SUCCESS, map_at(handle, &base, 0, &size, PAGE_READONLY));
    q = base;
    EXPECT_EQ(q[5], 7);
    EXPECT_OK(UnmapViewOfFile(q));
    EXPECT_OK(CloseHandle(handle));
}

TEST(ntsection, what_cannot_be_made_says_why_and_leaves_no_handle, "O162 O165 O167 O170")
{
    static const struct {
        ULONG protection, attributes;
        LONGLONG size;
        ULONG status;
    } rows[] = {
        {0x1234, SEC_COMMIT, 0x1000, INVALID_PAGE_PROTECTION},
        {PAGE_NOACCESS, SEC_COMMIT, 0x1000, INVALID_PAGE_PROTECTION},
        {PAGE_EXECUTE, SEC_COMMIT, 0x1000, INVALID_PAGE_PROTECTION},
        {PAGE_READWRITE, 0, 0x1000, PARAMETER_6},
        {PAGE_READWRITE, SEC_COMMIT | SEC_RESERVE, 0x1000, PARAMETER_6},
        {PAGE_READWRITE, SEC_NOCACHE, 0x1000, PARAMETER_6},
        {PAGE_READWRITE, SEC_COMMIT, 0, PARAMETER_4},
        {PAGE_READWRITE, SEC_COMMIT, (LONGLONG)1 << 59, SECTION_TOO_BIG},
        {PAGE_READONLY, SEC_IMAGE, 0x1000, INVALID_FILE_FOR_SECTION},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        HANDLE handle = (HANDLE)(ULONG_PTR)0xDEAD;

        EXPECT_NT(rows[i].status,
                  create(&handle, SECTION_ALL_ACCESS, rows[i].size, rows[i].protection, rows[i].attributes));
        EXPECT(handle == NULL);
    }
}

TEST(ntsection, no_size_is_size_zero, "O165")
{
    HANDLE handle = NULL;

    EXPECT_NT(PARAMETER_4, NT(create_fn, "NtCreateSection")(&handle, SECTION_ALL_ACCESS, NULL, NULL,
                                                            PAGE_READWRITE, SEC_COMMIT, NULL));
}

TEST(ntsection, object_attributes_have_their_length, "L311")
{
    OBJECT_ATTRIBUTES object;
    LARGE_INTEGER size;
    HANDLE handle = NULL;

    size.QuadPart = GRAIN;
    InitializeObjectAttributes(&object, NULL, 0, NULL, NULL);
    EXPECT_NT(SUCCESS, NT(create_fn, "NtCreateSection")(&handle, SECTION_ALL_ACCESS, &object, &size,
                                                        PAGE_READWRITE, SEC_COMMIT, NULL));
    object.Length = 8;
    EXPECT_NT(INVALID_PARAMETER, NT(create_fn, "NtCreateSection")(&handle, SECTION_ALL_ACCESS, &object, &size,
                                                                  PAGE_READWRITE, SEC_COMMIT, NULL));
}

TEST(ntsection, where_nothing_can_be_stored_nothing_is_done, "L312")
{
    BYTE *guarded = commit(PAGE, PAGE_READONLY);
    HANDLE handle = whole(GRAIN);
    PVOID base = NULL;
    SIZE_T size = 0;
    LARGE_INTEGER *wild = (LARGE_INTEGER *)guarded;

    EXPECT_NT(ACCESS_VIOLATION,
              create((HANDLE *)guarded, SECTION_ALL_ACCESS, GRAIN, PAGE_READWRITE, SEC_COMMIT));
    EXPECT_NT(ACCESS_VIOLATION, map_at(handle, (PVOID *)guarded, 0, &size, PAGE_READONLY));
    EXPECT_NT(ACCESS_VIOLATION, map_at(handle, &base, 0, (SIZE_T *)guarded, PAGE_READONLY));
    EXPECT_NT(ACCESS_VIOLATION, map_at(handle, &base, 0, NULL, PAGE_READONLY));
    EXPECT_NT(ACCESS_VIOLATION, NT(map_fn, "NtMapViewOfSection")(handle, GetCurrentProcess(), &base, 0, 0,
                                                                 wild, &size, UNMAP, 0, PAGE_READONLY));
    EXPECT_NT(ACCESS_VIOLATION,
              NT(query_fn, "NtQuerySection")(handle, 0, guarded, sizeof(struct basic), NULL));
    EXPECT(base == NULL);
}

/* --- NtMapViewOfSection --- */

TEST(ntsection, the_handle_and_the_section_say_each_for_itself, "O180 O181")
{
    HANDLE reader = section_with(SECTION_MAP_READ, GRAIN, PAGE_READWRITE);
    HANDLE writer = section_with(SECTION_MAP_WRITE, GRAIN, PAGE_READWRITE);
    HANDLE readonly = section_with(SECTION_ALL_ACCESS, GRAIN, PAGE_READONLY);

    EXPECT_NT(SUCCESS, map(reader, PAGE_READONLY));
    EXPECT_NT(ACCESS_DENIED, map(reader, PAGE_READWRITE));
    EXPECT_NT(SUCCESS, map(writer, PAGE_READWRITE));
    EXPECT_NT(ACCESS_DENIED, map(writer, PAGE_READONLY));
    EXPECT_NT(SUCCESS, map(readonly, PAGE_WRITECOPY));
    EXPECT_NT(SECTION_PROTECTION, map(readonly, PAGE_READWRITE));
}

TEST(ntsection, alignment_comes_before_conflicts, "O185")
{
    HANDLE handle = whole(2 * GRAIN);
    BYTE *place = free_space(2 * GRAIN);
    PVOID base = place + 42;
    SIZE_T size = PAGE;

    EXPECT_NT(MAPPED_ALIGNMENT, map_at(handle, &base, 0, &size, PAGE_READONLY));
    EXPECT(base == place + 42 && size == PAGE);
    base = place;
    EXPECT_NT(MAPPED_ALIGNMENT, map_at(handle, &base, 1, &size, PAGE_READONLY));
    EXPECT_NT(MAPPED_ALIGNMENT, map_at(handle, &base, PAGE, &size, PAGE_READONLY));
    EXPECT_NT(SUCCESS, map_at(handle, &base, GRAIN, &size, PAGE_READONLY));
    EXPECT(base == place);
    EXPECT_NT(CONFLICTING_ADDRESSES, map_at(handle, &base, 0, &size, PAGE_READONLY));
    base = place + PAGE;
    EXPECT_NT(MAPPED_ALIGNMENT, map_at(handle, &base, 0, &size, PAGE_READONLY));
}

TEST(ntsection, a_view_lies_inside_the_section, "O184")
{
    HANDLE handle = whole(GRAIN);
    PVOID base = NULL;
    SIZE_T size = GRAIN + 1;

    EXPECT_NT(INVALID_VIEW_SIZE, map_at(handle, &base, 0, &size, PAGE_READONLY));
    size = 0;
    EXPECT_NT(INVALID_VIEW_SIZE, map_at(handle, &base, GRAIN, &size, PAGE_READONLY));
    size = 5;
    EXPECT_NT(SUCCESS, map_at(handle, &base, 0, &size, PAGE_READONLY));
    EXPECT_EQ(size, PAGE);
}

static NTSTATUS map_with(HANDLE handle, HANDLE process, int inherit, ULONG type, ULONG protection)
{
    PVOID base = NULL;
    SIZE_T size = 0;

    return NT(map_fn, "NtMapViewOfSection")(handle, process, &base, 0, 0, NULL, &size, inherit, type,
                                            protection);
}

TEST(ntsection, flags_that_mean_nothing, "O187 L313")
{
    HANDLE handle = whole(GRAIN), self = GetCurrentProcess();

    EXPECT_NT(PARAMETER_8, map_with(handle, self, 0, 0, PAGE_READONLY));
    EXPECT_NT(PARAMETER_8, map_with(handle, self, 3, 0, PAGE_READONLY));
    EXPECT_NT(PARAMETER_9, map_with(handle, self, UNMAP, 0x40000000, PAGE_READONLY));
    EXPECT_NT(PARAMETER_9, map_with(handle, self, UNMAP, MEM_COMMIT, PAGE_READONLY));
    EXPECT_NT(INVALID_PAGE_PROTECTION, map_with(handle, self, UNMAP, 0, 0x1234));
    EXPECT_NT(INVALID_PAGE_PROTECTION, map_with(handle, self, UNMAP, 0, 0));
    EXPECT_NT(SUCCESS, map_with(handle, self, SHARE, MEM_TOP_DOWN, PAGE_READONLY));
}

TEST(ntsection, no_process_is_an_invalid_handle, "O186")
{
    HANDLE handle = whole(GRAIN);

    EXPECT_NT(INVALID_HANDLE, map_with(handle, NULL, UNMAP, 0, PAGE_READONLY));
    EXPECT_NT(INVALID_HANDLE, NT(unmap_fn, "NtUnmapViewOfSection")(NULL, view(handle, FILE_MAP_READ)));
    EXPECT_NT(INVALID_HANDLE, map_with(NULL, GetCurrentProcess(), UNMAP, 0, PAGE_READONLY));
}

static NTSTATUS map_low(ULONG_PTR zero_bits, PVOID *base)
{
    SIZE_T size = PAGE;

    return NT(map_fn, "NtMapViewOfSection")(whole(GRAIN), GetCurrentProcess(), base, zero_bits, 0, NULL,
                                            &size, UNMAP, 0, PAGE_READONLY);
}

TEST(ntsection, zero_bits_are_leading_bits_of_an_address, "O33 O34")
{
    ULONG_PTR bits;

    for (bits = 1; bits <= 20; bits++) {
        PVOID base = NULL;
        ULONG status = (ULONG)map_low(bits, &base);

        EXPECT(status == SUCCESS || status == NO_MEMORY);
        EXPECT(status != SUCCESS || AT(base) >> (32 - bits) == 0);
    }
    {
        PVOID base = NULL;

        EXPECT_NT(SUCCESS, map_low(0x1aaaaaaa, &base));
        EXPECT(base != NULL && AT(base) < 0x20000000);
    }
}

TEST(ntsection, zero_bits_that_are_none, "O33 O187")
{
    PVOID base = NULL;
    ULONG status = (ULONG)map_low(21, &base);

    EXPECT(status == NO_MEMORY || status == INVALID_PARAMETER);
    status = (ULONG)map_low(22, &base);
    EXPECT(status == PARAMETER_4 || status == INVALID_PARAMETER);
    base = free_space(GRAIN);
    MUST(AT(base) >> 32 != 0);
    status = (ULONG)map_low(1, &base);
    EXPECT(status == PARAMETER_4 || status == INVALID_PARAMETER);
}

TEST(ntsection, what_is_no_view_is_not_unmapped, "O190")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NT(NOT_MAPPED_VIEW, NT(unmap_fn, "NtUnmapViewOfSection")(GetCurrentProcess(), p));
    EXPECT_NT(NOT_MAPPED_VIEW, NT(unmap_fn, "NtUnmapViewOfSection")(GetCurrentProcess(), free_space(GRAIN)));
}

/* --- NtQuerySection, NtExtendSection --- */

TEST(ntsection, basic_information, "O166 O168 O175")
{
    struct basic basic;
    SIZE_T length = 0;

    memset(&basic, 0xEE, sizeof basic);
    EXPECT_NT(SUCCESS, NT(query_fn, "NtQuerySection")(whole(0x3452), 0, &basic, sizeof basic, &length));
    EXPECT(basic.base == NULL);
    EXPECT_EQ(basic.attributes, SEC_COMMIT);
    EXPECT_EQ(basic.size.QuadPart, 0x4000);
    EXPECT_EQ(length, sizeof basic);
}

TEST(ntsection, attributes_are_told_as_they_were_given, "O168")
{
    HANDLE handle = NULL;
    struct basic basic;

    EXPECT_NT(SUCCESS, create(&handle, SECTION_QUERY, GRAIN, PAGE_READWRITE, SEC_COMMIT | SEC_NOCACHE));
    EXPECT_NT(SUCCESS, NT(query_fn, "NtQuerySection")(handle, 0, &basic, sizeof basic, NULL));
    EXPECT_EQ(basic.attributes, SEC_COMMIT | SEC_NOCACHE);
}

TEST(ntsection, asking_needs_the_right_and_room, "O175")
{
    BYTE buffer[256];
    HANDLE handle = whole(GRAIN), mute = section_with(SECTION_MAP_READ, GRAIN, PAGE_READWRITE);

    EXPECT_NT(ACCESS_DENIED, NT(query_fn, "NtQuerySection")(mute, 0, buffer, sizeof(struct basic), NULL));
    EXPECT_NT(INFO_LENGTH_MISMATCH,
              NT(query_fn, "NtQuerySection")(handle, 0, buffer, sizeof(struct basic) - 1, NULL));
    EXPECT_NT(SUCCESS, NT(query_fn, "NtQuerySection")(handle, 0, buffer, sizeof buffer, NULL));
    EXPECT_NT(NOT_IMAGE, NT(query_fn, "NtQuerySection")(handle, 1, buffer, sizeof buffer, NULL));
    EXPECT_NT(INVALID_INFO_CLASS, NT(query_fn, "NtQuerySection")(handle, 99, buffer, sizeof buffer, NULL));
}

TEST(ntsection, a_reserved_section_says_so, "O168")
{
    HANDLE handle = NULL;
    struct basic basic;

    EXPECT_NT(SUCCESS, create(&handle, SECTION_QUERY, 0x3452, PAGE_READWRITE, SEC_RESERVE));
    EXPECT_NT(SUCCESS, NT(query_fn, "NtQuerySection")(handle, 0, &basic, sizeof basic, NULL));
    EXPECT_EQ(basic.attributes, SEC_RESERVE);
    EXPECT_EQ(basic.size.QuadPart, 0x4000);
}

/* All rights to a section do not make it more than it is: each protection of views against each of sections. */
TEST(ntsection, what_the_section_is_bounds_its_views, "O180")
{
    static const ULONG sections[] = {PAGE_READONLY,     PAGE_READWRITE,         PAGE_WRITECOPY,
                                     PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY};
    static const struct {
        ULONG protection;
        const char *allowed; /* by each of these */
    } views[] = {
        {PAGE_NOACCESS, "yyyyyy"},          {PAGE_READONLY, "yyyyyy"},     {PAGE_WRITECOPY, "yyyyyy"},
        {PAGE_READWRITE, "nynnyn"},         {PAGE_EXECUTE_READ, "nnnyyy"}, {PAGE_EXECUTE_WRITECOPY, "nnnyyy"},
        {PAGE_EXECUTE_READWRITE, "nnnnyn"},
    };
    static const ULONG kinds[] = {SEC_COMMIT, SEC_RESERVE};

    for (size_t i = 0; i < 12; i++) {
        HANDLE handle = NULL;

        EXPECT_NT(SUCCESS, create(&handle, SECTION_ALL_ACCESS, GRAIN, sections[i % 6], kinds[i / 6]));
        for (size_t j = 0; j < sizeof views / sizeof views[0]; j++)
            EXPECT_NT(views[j].allowed[i % 6] == 'y' ? SUCCESS : SECTION_PROTECTION,
                      map(handle, views[j].protection));
    }
}

TEST(ntsection, memory_does_not_grow, "L314")
{
    LARGE_INTEGER size;

    size.QuadPart = 2 * GRAIN;
    EXPECT_NT(NOT_EXTENDED, NT(extend_fn, "NtExtendSection")(whole(GRAIN), &size));
    EXPECT_NT(ACCESS_DENIED,
              NT(extend_fn, "NtExtendSection")(section_with(SECTION_MAP_READ, GRAIN, PAGE_READWRITE), &size));
    EXPECT_NT(INVALID_HANDLE, NT(extend_fn, "NtExtendSection")(NULL, &size));
}

/* --- RtlNtStatusToDosError --- */

TEST(ntsection, statuses_have_error_codes, "O2 O3 O5 O6 O9 O11 D12.9h")
{
    static const struct {
        ULONG status, error;
    } rows[] = {
        {SUCCESS, ERROR_SUCCESS},
        {INVALID_PAGE_PROTECTION, ERROR_INVALID_PARAMETER},
        {SECTION_PROTECTION, ERROR_INVALID_PARAMETER},
        {CONFLICTING_ADDRESSES, ERROR_INVALID_ADDRESS},
        {NOT_MAPPED_VIEW, ERROR_INVALID_ADDRESS},
        {INVALID_VIEW_SIZE, ERROR_ACCESS_DENIED},
        {SECTION_TOO_BIG, ERROR_NOT_ENOUGH_MEMORY},
        {NOT_EXTENDED, 14},
        {ACCESS_VIOLATION, ERROR_NOACCESS},
        {INVALID_HANDLE, ERROR_INVALID_HANDLE},
        {INVALID_PARAMETER, ERROR_INVALID_PARAMETER},
        {INVALID_FILE_FOR_SECTION, ERROR_BAD_EXE_FORMAT},
        {ACCESS_DENIED, ERROR_ACCESS_DENIED},
        {NO_MEMORY, ERROR_NOT_ENOUGH_MEMORY},
        {0xC0000006, 999},
        {0xC0000011, ERROR_HANDLE_EOF},
        {0xC000001E, ERROR_ACCESS_DENIED},
        {0xC0000021, ERROR_ACCESS_DENIED},
        {0xC000002D, ERROR_INVALID_ADDRESS},
        {0xC0000035, ERROR_ALREADY_EXISTS},
        {0xC000007F, ERROR_DISK_FULL},
        {0xC000011E, ERROR_FILE_INVALID},
        {0xC000012D, ERROR_COMMITMENT_LIMIT},
        {PARAMETER_3, ERROR_INVALID_PARAMETER},
        {PARAMETER_8, ERROR_INVALID_PARAMETER},
        {MAPPED_ALIGNMENT, 1132},
        {0x80000001, 0x80000001},
        {0xC0DE0001, ERROR_MR_MID_NOT_FOUND},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        EXPECT_NT(rows[i].error, NT(error_fn, "RtlNtStatusToDosError")((NTSTATUS)rows[i].status));
}

/* Names of native functions begin at the root; who does not say OBJ_OPENIF wants a new section or none. */
TEST(ntsection, names_begin_at_the_root, "O158 O159")
{
    WCHAR text[] = L"\\BaseNamedObjects\\winmem-test-nt";
    UNICODE_STRING name = {sizeof text - sizeof *text, sizeof text, text};
    OBJECT_ATTRIBUTES attributes = {.Length = sizeof attributes, .ObjectName = &name};
    LARGE_INTEGER size = {.QuadPart = PAGE};
    create_fn make = NT(create_fn, "NtCreateSection");
    HANDLE first, second = NULL;

    text[19] = (WCHAR)(L'A' + GetCurrentProcessId() % 26);
    text[20] = (WCHAR)(L'A' + GetCurrentProcessId() / 26 % 26);
    text[21] = (WCHAR)(L'A' + GetCurrentProcessId() / 676 % 26);
    EXPECT_NT(SUCCESS, make(&first, GENERIC_ALL, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL));
    EXPECT_NT(0xC0000035u, make(&second, GENERIC_ALL, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL));
    EXPECT(second == NULL);
    attributes.Attributes = OBJ_OPENIF;
    EXPECT_NT(0x40000000u, make(&second, GENERIC_ALL, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL));
    EXPECT(second != NULL && second != first);
}
