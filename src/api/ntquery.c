/*
 * ntquery.c: NtQueryVirtualMemory: what VirtualQuery, QueryVirtualMemoryInformation, QueryWorkingSetEx and GetMappedFileName
 * tell, by one function.
 *
 * The name of a mapped file is a counted string behind its own header, in one buffer. How much room it takes is told whenever
 * there is such a name (O92), so a program asks twice. It is the Linux path; for programs with a 16-bit WCHAR there is a second
 * function.
 */
#include <limits.h>
#include <ntifs.h>
#include <string.h>

#include "api/edge.h"
#include "api/utf16.h"
#include "api/virtualmemory.h"
#include "api/wide.h"
#include "remote/regions.h"

struct question {
    HANDLE process;
    const void *address;
    void *buffer;
    SIZE_T length;
    SIZE_T told; /* bytes that the answer takes; 0: nobody knows */
    bool utf16;
};

/* --- the name of a file --- */

static size_t widen(const char *name, void *out, size_t size, bool utf16)
{
    return utf16 ? wm_utf16_of_utf8(name, out, size) : wm_utf32_of_utf8(name, out, size);
}

static wm_status find_name(const struct question *q, char *name, size_t bytes)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(q->process, PROCESS_QUERY_INFORMATION, &target);

    return wm_ok(st) ? wm_remote_mapped_name(&target, (uintptr_t)q->address, name, bytes) : st;
}

static wm_status query_name(struct question *q)
{
    char name[PATH_MAX + sizeof " (deleted)"];
    size_t unit = q->utf16 ? sizeof(uint16_t) : sizeof(uint32_t), length;
    UNICODE_STRING header = {.Buffer = (PWSTR)((char *)q->buffer + sizeof header)};
    wm_status st = find_name(q, name, sizeof name);

    if (!wm_ok(st))
        return st;
    length = widen(name, NULL, 0, q->utf16);
    q->told = sizeof header + (length + 1) * unit;
    if (q->length < sizeof header)
        return WM_BUFFER_SHORT;
    st = wm_edge_fillable(q->buffer, q->length < q->told ? q->length : q->told);
    if (wm_ok(st) && q->length < q->told)
        st = WM_NT_NAME_ROOM;
    if (!wm_ok(st))
        return st;
    header.Length = (USHORT)(length * unit);
    header.MaximumLength = (USHORT)((length + 1) * unit);
    memcpy(q->buffer, &header, sizeof header);
    widen(name, header.Buffer, length + 1, q->utf16);
    return WM_OK;
}

/* --- the rest --- */

static wm_status query_basic(struct question *q)
{
    q->told = sizeof(MEMORY_BASIC_INFORMATION);
    return wm_query_basic(q->process, q->address, q->buffer, q->length);
}

static wm_status query_region(struct question *q)
{
    return wm_query_allocation(q->process, q->address, WM_FLAGS_NATIVE, q->buffer, q->length, &q->told);
}

static wm_status query_pages(struct question *q)
{
    q->told = q->length;
    return wm_query_pages(q->process, q->buffer, q->length);
}

static wm_status query(struct question *q, MEMORY_INFORMATION_CLASS information)
{
    switch ((int)information) {
    case MemoryBasicInformation: return query_basic(q);
    case MemoryMappedFilenameInformation: return query_name(q);
    case MemoryRegionInformation: return query_region(q);
    case MemoryWorkingSetExInformation: return query_pages(q);
    default: return WM_CLASS_UNKNOWN;
    }
}

static NTSTATUS query_traced(struct question q, MEMORY_INFORMATION_CLASS information, SIZE_T *returned)
{
    wm_status st = returned == NULL ? WM_OK : wm_edge_fillable(returned, sizeof *returned);

    if (wm_ok(st))
        st = query(&q, information);
    if (returned != NULL && q.told != 0 && (wm_ok(st) || information == MemoryMappedFilenameInformation))
        memcpy(returned, &q.told, sizeof q.told);
    WM_TRACE_AS("NtQueryVirtualMemory", st, WM_RETURNS_TRUE, WM_HEX(q.process), WM_HEX(q.address),
                WM_DECIMAL((ULONG)information), WM_HEX(q.buffer), WM_HEX(q.length), WM_HEX(returned));
    return wm_edge_nt(st);
}

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress,
                                    MEMORY_INFORMATION_CLASS MemoryInformationClass, PVOID MemoryInformation,
                                    SIZE_T MemoryInformationLength, PSIZE_T ReturnLength)
{
    return query_traced((struct question){.process = ProcessHandle,
                                          .address = BaseAddress,
                                          .buffer = MemoryInformation,
                                          .length = MemoryInformationLength},
                        MemoryInformationClass, ReturnLength);
}

NTSTATUS NTAPI NtQueryVirtualMemory_utf16(HANDLE ProcessHandle, PVOID BaseAddress,
                                          MEMORY_INFORMATION_CLASS MemoryInformationClass,
                                          PVOID MemoryInformation, SIZE_T MemoryInformationLength,
                                          PSIZE_T ReturnLength)
{
    return query_traced((struct question){.process = ProcessHandle,
                                          .address = BaseAddress,
                                          .buffer = MemoryInformation,
                                          .length = MemoryInformationLength,
                                          .utf16 = true},
                        MemoryInformationClass, ReturnLength);
}
