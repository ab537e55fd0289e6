/*
 * ntsection.c: the native functions of sections, as programs find them in ntdll.dll.
 *
 * They are the other surface of what CreateFileMapping and MapViewOfFile do: the same requests, the same operations.
 * What differs is how one is told. The answer is the NTSTATUS of the rule that was broken, which the Win32 functions
 * translate, and the last error is left alone. Sizes and addresses come in and go out by pointers, whose memory is
 * asked about first and written once, at the end. Protection and attributes are two arguments, and attributes are
 * never assumed: one of SEC_COMMIT and SEC_RESERVE is said.
 *
 * A handle that is to be returned is NULL while none was made (O170). NULL is no process (O186).
 */
#include <ntifs.h>
#include <string.h>

#include "api/arguments.h"
#include "api/edge.h"
#include "api/newsection.h"
#include "api/utf16.h"
#include "vm/ops.h"

/* --- NtCreateSection --- */

/* What of OBJECT_ATTRIBUTES means something here. A copy: another thread may change the caller's. */
static wm_status read_object(const OBJECT_ATTRIBUTES *user, OBJECT_ATTRIBUTES *object)
{
    wm_status st;

    *object = (OBJECT_ATTRIBUTES){.Length = sizeof *object};
    if (user == NULL)
        return WM_OK;
    st = wm_edge_readable(user, sizeof *user);
    if (wm_ok(st))
        memcpy(object, user, sizeof *object);
    return wm_ok(st) && object->Length != sizeof *object ? WM_LENGTH_WRONG : st;
}

static wm_status read_name(const UNICODE_STRING *user, size_t unit, struct wm_given_name *name)
{
    UNICODE_STRING copy;
    wm_status st;

    *name = (struct wm_given_name){0};
    if (user == NULL)
        return WM_OK;
    st = wm_edge_readable(user, sizeof *user);
    if (!wm_ok(st))
        return st;
    memcpy(&copy, user, sizeof copy);
    if (copy.Length == 0)
        return WM_OK;
    *name = (struct wm_given_name){copy.Buffer, copy.Length / unit, (uint8_t)unit, true};
    return wm_edge_legible(copy.Buffer, copy.Length);
}

static wm_status read_large(const LARGE_INTEGER *user, uint64_t *value)
{
    LARGE_INTEGER copy = {.QuadPart = 0};
    wm_status st = user != NULL ? wm_edge_readable(user, sizeof *user) : WM_OK;

    if (wm_ok(st) && user != NULL)
        memcpy(&copy, user, sizeof copy);
    *value = (uint64_t)copy.QuadPart;
    return st;
}

/* Whoever did not say that it may exist wants a new one or none. */
static wm_status judge_existing(ULONG attributes, uintptr_t *handle)
{
    if (attributes & OBJ_OPENIF)
        return WM_NAME_EXISTS;
    wm_op_close(*handle);
    *handle = 0;
    return WM_NAME_TAKEN;
}

static wm_status create(struct wm_new_section wanted, const OBJECT_ATTRIBUTES *attributes,
                        const LARGE_INTEGER *size, size_t unit, uintptr_t *handle)
{
    OBJECT_ATTRIBUTES object;
    SECURITY_ATTRIBUTES security = {.nLength = sizeof security};
    wm_status st = read_object(attributes, &object);

    if (wm_ok(st))
        st = read_name(object.ObjectName, unit, &wanted.name);
    if (wm_ok(st))
        st = read_large(size, &wanted.bytes);
    if (wm_ok(st) && wanted.file == INVALID_HANDLE_VALUE)
        st = WM_HANDLE;
    if (wm_ok(st) && wanted.attributes == 0)
        st = WM_SECTION_ATTRIBUTES;
    security.bInheritHandle = (object.Attributes & OBJ_INHERIT) != 0;
    wanted.security = &security;
    if (wm_ok(st))
        st = wm_new_section(&wanted, handle);
    return st == WM_NAME_EXISTS ? judge_existing(object.Attributes, handle) : st;
}

static NTSTATUS create_traced(HANDLE *result, struct wm_new_section wanted,
                              const OBJECT_ATTRIBUTES *attributes, const LARGE_INTEGER *size, size_t unit)
{
    uintptr_t handle = 0;
    wm_status st = wm_edge_tell(result, &handle, sizeof handle);

    if (wm_ok(st))
        st = create(wanted, attributes, size, unit, &handle);
    if (wm_ok(st) || st == WM_NAME_EXISTS)
        memcpy(result, &handle, sizeof handle);
    WM_TRACE_AS("NtCreateSection", st, WM_RETURNS(WM_HEX(handle)), WM_HEX(result), WM_HEX(wanted.access),
                WM_HEX(attributes), WM_HEX(wanted.bytes), WM_PROTECTION(wanted.protect),
                WM_HEX(wanted.attributes), WM_HEX(wanted.file));
    return wm_edge_nt(st);
}

NTSTATUS NTAPI NtCreateSection(PHANDLE SectionHandle, ACCESS_MASK DesiredAccess,
                               POBJECT_ATTRIBUTES ObjectAttributes, PLARGE_INTEGER MaximumSize,
                               ULONG SectionPageProtection, ULONG AllocationAttributes, HANDLE FileHandle)
{
    return create_traced(SectionHandle,
                         (struct wm_new_section){.file = FileHandle,
                                                 .protect = SectionPageProtection,
                                                 .attributes = AllocationAttributes,
                                                 .access = DesiredAccess},
                         ObjectAttributes, MaximumSize, sizeof(WCHAR));
}

NTSTATUS NTAPI NtCreateSection_utf16(PHANDLE SectionHandle, ACCESS_MASK DesiredAccess,
                                     POBJECT_ATTRIBUTES ObjectAttributes, PLARGE_INTEGER MaximumSize,
                                     ULONG SectionPageProtection, ULONG AllocationAttributes,
                                     HANDLE FileHandle)
{
    return create_traced(SectionHandle,
                         (struct wm_new_section){.file = FileHandle,
                                                 .protect = SectionPageProtection,
                                                 .attributes = AllocationAttributes,
                                                 .access = DesiredAccess},
                         ObjectAttributes, MaximumSize, sizeof(uint16_t));
}

/* --- NtExtendSection, NtQuerySection --- */

static wm_status extend(HANDLE section, LARGE_INTEGER *size, uint64_t *bytes)
{
    wm_status st = wm_edge_fillable(size, sizeof *size);

    if (wm_ok(st))
        st = read_large(size, bytes);
    if (wm_ok(st))
        st = wm_op_extend_section((uintptr_t)section, bytes);
    if (wm_ok(st))
        memcpy(size, bytes, sizeof *bytes);
    return st;
}

NTSTATUS NTAPI NtExtendSection(HANDLE SectionHandle, PLARGE_INTEGER NewSectionSize)
{
    uint64_t bytes = 0;
    wm_status st = extend(SectionHandle, NewSectionSize, &bytes);

    WM_TRACE(st, WM_RETURNS(WM_HEX(bytes)), WM_HEX(SectionHandle), WM_HEX(NewSectionSize));
    return wm_edge_nt(st);
}

/* How a section was made, in the words of who made it (O168). */
static ULONG attributes_of(const struct wm_section_info *info)
{
    ULONG attributes = info->file ? SEC_FILE : info->reserved ? SEC_RESERVE : SEC_COMMIT;

    attributes |= info->attributes & PAGE_NOCACHE ? SEC_NOCACHE : 0;
    attributes |= info->attributes & PAGE_WRITECOMBINE ? SEC_WRITECOMBINE : 0;
    return info->large ? attributes | SEC_LARGE_PAGES : attributes;
}

static wm_status query_basic(HANDLE section, void *buffer)
{
    struct wm_section_info info;
    SECTION_BASIC_INFORMATION basic;
    wm_status st = wm_op_query_section((uintptr_t)section, &info);

    if (!wm_ok(st))
        return st;
    memset(&basic, 0, sizeof basic);
    basic.AllocationAttributes = attributes_of(&info);
    basic.MaximumSize.QuadPart = (LONGLONG)info.bytes;
    memcpy(buffer, &basic, sizeof basic);
    return WM_OK;
}

enum { IMAGE_BYTES = 64 }; /* of SECTION_IMAGE_INFORMATION, which nobody gets */

/* The length of what there is to be told, 0 for what nobody knows. */
static SIZE_T length_of(SECTION_INFORMATION_CLASS information)
{
    switch ((int)information) {
    case SectionBasicInformation: return sizeof(SECTION_BASIC_INFORMATION);
    case SectionImageInformation: return IMAGE_BYTES;
    default: return 0;
    }
}

static wm_status query(HANDLE section, SECTION_INFORMATION_CLASS information, void *buffer, SIZE_T length)
{
    SIZE_T needed = length_of(information);
    struct wm_section_info info;
    wm_status st;

    if (needed == 0)
        return WM_CLASS_UNKNOWN;
    if (length < needed)
        return WM_BUFFER_SHORT;
    st = wm_edge_fillable(buffer, needed);
    if (!wm_ok(st))
        return st;
    if (information == SectionBasicInformation)
        return query_basic(section, buffer);
    st = wm_op_query_section((uintptr_t)section, &info);
    return wm_ok(st) ? WM_SECTION_NO_IMAGE : st;
}

NTSTATUS NTAPI NtQuerySection(HANDLE SectionHandle, SECTION_INFORMATION_CLASS SectionInformationClass,
                              PVOID SectionInformation, SIZE_T SectionInformationLength, PSIZE_T ReturnLength)
{
    SIZE_T length = length_of(SectionInformationClass);
    wm_status st = ReturnLength != NULL ? wm_edge_writable(ReturnLength, sizeof *ReturnLength) : WM_OK;

    if (wm_ok(st))
        st = query(SectionHandle, SectionInformationClass, SectionInformation, SectionInformationLength);
    if (wm_ok(st) && ReturnLength != NULL)
        memcpy(ReturnLength, &length, sizeof length);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(SectionHandle), WM_DECIMAL((ULONG)SectionInformationClass),
             WM_HEX(SectionInformation), WM_HEX(SectionInformationLength), WM_HEX(ReturnLength));
    return wm_edge_nt(st);
}

/* --- NtClose, RtlNtStatusToDosError --- */

NTSTATUS NTAPI NtClose(HANDLE Handle)
{
    wm_status st = wm_op_close((uintptr_t)Handle);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Handle));
    return wm_edge_nt(st);
}

/* What is no error passes as it is, as exceptions do (O11); of an error that nobody translates that is said. */
ULONG NTAPI RtlNtStatusToDosError(NTSTATUS Status)
{
    ULONG code = wm_win32_of_nt((uint32_t)Status);

    return code == (ULONG)Status && code >> 30 == 3 ? ERROR_MR_MID_NOT_FOUND : code;
}
