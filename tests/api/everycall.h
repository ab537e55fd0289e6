/*
 * everycall.h: every exported function in small calls, each with the result that is right.
 *
 * For tests that interrupt them and fork in the middle of them. A call works on what its side has alone, so what one side
 * does changes no result of another's. It returns TRUE if all was right. FALSE: a function refused, and the last error
 * says why; the test decides whether it may. What no refusal can explain is told through `wrong`.
 */
#ifndef EVERYCALL_H
#define EVERYCALL_H

#include "api.h"

#include <ntifs.h>
#include <psapi.h>
#include <winmem.h>

struct side {
    BYTE *memory;  /* MiB reserved, the first half committed */
    BYTE *watched; /* GRAIN with MEM_WRITE_WATCH */
    HANDLE section;
    HANDLE heap;
    HANDLE self, other; /* with all rights; other may be NULL */
    BYTE *others;       /* committed in it */
    unsigned wrong;     /* the line that saw it first */
};

#define REFUSABLE(call)                                                                                      \
    do {                                                                                                     \
        if (!(call))                                                                                         \
            return FALSE;                                                                                    \
    } while (0)

#define RIGHT(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition) && s->wrong == 0)                                                                   \
            s->wrong = __LINE__;                                                                             \
    } while (0)

/* --- memory --- */

static BOOL every_alloc(struct side *s)
{
    BYTE *p = VirtualAlloc(NULL, 3 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    REFUSABLE(p != NULL);
    RIGHT(AT(p) % GRAIN == 0 && p[0] == 0 && p[2 * PAGE] == 0);
    p[PAGE] = 1;
    return VirtualFree(p, 0, MEM_RELEASE);
}

static BOOL every_alloc_large(struct side *s)
{
    BYTE *p =
        VirtualAlloc2(GetCurrentProcess(), NULL, 64 * MiB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, NULL, 0);

    REFUSABLE(p != NULL);
    RIGHT(p[33 * MiB] == 0);
    REFUSABLE(VirtualFree(p, 32 * MiB, MEM_DECOMMIT));
    return VirtualFreeEx(GetCurrentProcess(), p, 0, MEM_RELEASE);
}

static BOOL every_commit(struct side *s)
{
    BYTE *p = s->memory + MiB / 2;

    REFUSABLE(VirtualAlloc(p, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE) == p);
    p[PAGE] = 7;
    REFUSABLE(VirtualFree(p, 4 * PAGE, MEM_DECOMMIT));
    REFUSABLE(VirtualAllocEx(GetCurrentProcess(), p, PAGE, MEM_COMMIT, PAGE_READWRITE) == p);
    RIGHT(p[0] == 0);
    return VirtualFree(p, PAGE, MEM_DECOMMIT);
}

static BOOL every_protect(struct side *s)
{
    BYTE *p = s->memory + 8 * PAGE;
    DWORD old = 0, older = 0;

    REFUSABLE(VirtualProtect(p, 2 * PAGE, PAGE_READONLY, &old));
    REFUSABLE(VirtualProtectEx(GetCurrentProcess(), p, 2 * PAGE, PAGE_READWRITE, &older));
    RIGHT(older == PAGE_READONLY);
    p[PAGE] = 3;
    return TRUE;
}

static BOOL every_query(struct side *s)
{
    MEMORY_BASIC_INFORMATION mbi;
    BYTE local;

    REFUSABLE(VirtualQuery(s->memory, &mbi, sizeof mbi) == sizeof mbi);
    RIGHT(mbi.AllocationBase == s->memory && mbi.State == MEM_COMMIT);
    REFUSABLE(VirtualQuery(&local, &mbi, sizeof mbi) == sizeof mbi);
    RIGHT(mbi.State == MEM_COMMIT);
    REFUSABLE(VirtualQueryEx(GetCurrentProcess(), s->memory, &mbi, sizeof mbi) == sizeof mbi);
    RIGHT(mbi.AllocationBase == s->memory);
    return TRUE;
}

static BOOL every_region_information(struct side *s)
{
    WIN32_MEMORY_REGION_INFORMATION info;
    SIZE_T bytes;

    REFUSABLE(QueryVirtualMemoryInformation(GetCurrentProcess(), s->memory, MemoryRegionInfo, &info,
                                            sizeof info, &bytes));
    RIGHT(info.AllocationBase == s->memory && info.RegionSize == MiB);
    return TRUE;
}

static BOOL every_placeholder(struct side *s)
{
    BYTE *p =
        VirtualAlloc2(NULL, NULL, 4 * GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);

    REFUSABLE(p != NULL);
    REFUSABLE(VirtualFree(p, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    REFUSABLE(
        MapViewOfFile3(s->section, NULL, p, 0, GRAIN, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == p);
    REFUSABLE(UnmapViewOfFile2(GetCurrentProcess(), p, MEM_PRESERVE_PLACEHOLDER));
    REFUSABLE(VirtualFree(p, 4 * GRAIN, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
    return VirtualFree(p, 0, MEM_RELEASE);
}

static BOOL every_offer(struct side *s)
{
    BYTE *p = s->memory + 16 * PAGE;
    DWORD error = OfferVirtualMemory(p, 4 * PAGE, VmOfferPriorityNormal);

    if (error == ERROR_SUCCESS)
        error = ReclaimVirtualMemory(p, 4 * PAGE);
    if (error == ERROR_SUCCESS || error == ERROR_BUSY)
        error = DiscardVirtualMemory(p, 4 * PAGE);
    if (error == ERROR_SUCCESS) {
        REFUSABLE(VirtualAlloc(p, 4 * PAGE, MEM_RESET, PAGE_READWRITE) != NULL);
        VirtualAlloc(p, 4 * PAGE, MEM_RESET_UNDO, PAGE_READWRITE); /* or it is lost */
    }
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

static BOOL every_lock(struct side *s)
{
    BYTE *p = s->memory + 32 * PAGE;

    if (!VirtualLock(p, PAGE))
        return GetLastError() == ERROR_WORKING_SET_QUOTA || GetLastError() == ERROR_NO_SYSTEM_RESOURCES;
    return VirtualUnlock(p, PAGE);
}

static BOOL every_watch(struct side *s)
{
    PVOID pages[16];
    ULONG_PTR count = 16;
    DWORD unit;

    s->watched[PAGE] = 1;
    if (GetWriteWatch(WRITE_WATCH_FLAG_RESET, s->watched, GRAIN, pages, &count, &unit) != 0)
        return FALSE;
    RIGHT(count >= 1 && unit == PAGE);
    return ResetWriteWatch(s->watched, GRAIN) == 0;
}

static BOOL every_pages(struct side *s)
{
    PSAPI_WORKING_SET_EX_INFORMATION page = {.VirtualAddress = s->memory};
    WIN32_MEMORY_RANGE_ENTRY range = {s->memory, 8 * PAGE};

    s->memory[0] = 1;
    REFUSABLE(QueryWorkingSetEx(GetCurrentProcess(), &page, sizeof page));
    RIGHT(page.VirtualAttributes.Valid);
    return PrefetchVirtualMemory(GetCurrentProcess(), 1, &range, 0);
}

static BOOL every_pointer(struct side *s)
{
    /* In a handler a page may be taken for a bad one; a good one never for good without a look. */
    RIGHT(!IsBadReadPtr(s, sizeof *s));
    IsBadWritePtr(s->memory, 2 * PAGE);
    IsBadCodePtr((FARPROC)(uintptr_t)every_pages);
    RIGHT(IsBadReadPtr((void *)8, 4));
    RIGHT(!IsBadStringPtrA("text", 10));
    return TRUE;
}

static BOOL every_copy(struct side *s)
{
    BYTE bytes[32];
    SIZE_T copied = 0;

    REFUSABLE(ReadProcessMemory(GetCurrentProcess(), s->memory, bytes, sizeof bytes, &copied));
    RIGHT(copied == sizeof bytes);
    return WriteProcessMemory(GetCurrentProcess(), s->memory + 64, bytes, sizeof bytes, &copied);
}

/* --- sections --- */

static BOOL every_section(struct side *s)
{
    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4 * GRAIN, NULL),
           again = NULL;
    BYTE *view;

    REFUSABLE(section != NULL);
    REFUSABLE(DuplicateHandle(GetCurrentProcess(), section, GetCurrentProcess(), &again, 0, FALSE,
                              DUPLICATE_SAME_ACCESS));
    REFUSABLE(CloseHandle(section));
    view = MapViewOfFile(again, FILE_MAP_ALL_ACCESS, 0, GRAIN, GRAIN);
    REFUSABLE(view != NULL);
    RIGHT(view[0] == 0);
    view[PAGE] = 1;
    REFUSABLE(CloseHandle(again));
    REFUSABLE(UnmapViewOfFile(view));
    return s != NULL;
}

/* What was refused in between leaves a handle open, so the name may be there already. */
static BOOL every_named_section(struct side *s)
{
    char name[64];
    HANDLE made, found;
    BOOL right;

    snprintf(name, sizeof name, "winmem-test-%u-%p", (unsigned)GetCurrentProcessId(), (void *)s);
    made = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, name);
    REFUSABLE(made != NULL);
    found = OpenFileMappingA(FILE_MAP_READ, FALSE, name);
    right = found != NULL && CompareObjectHandles(made, found);
    return right & (found == NULL || CloseHandle(found)) & CloseHandle(made);
}

/* Statuses are no last errors: what a refusal means is told as one. */
static BOOL native(NTSTATUS status)
{
    if (status >= 0)
        return TRUE;
    SetLastError(RtlNtStatusToDosError(status));
    return FALSE;
}

static BOOL every_native_section(struct side *s)
{
    LARGE_INTEGER size = {.QuadPart = 2 * GRAIN};
    SECTION_BASIC_INFORMATION basic = {.MaximumSize = {.QuadPart = 0}};
    HANDLE section = NULL;
    PVOID view = NULL;
    SIZE_T bytes = 0;
    BOOL right =
        native(NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READWRITE, SEC_COMMIT, NULL));

    REFUSABLE(right);
    right = native(NtQuerySection(section, SectionBasicInformation, &basic, sizeof basic, NULL));
    RIGHT(!right || basic.MaximumSize.QuadPart == 2 * GRAIN);
    if (right)
        right = native(NtMapViewOfSection(section, GetCurrentProcess(), &view, 0, 0, NULL, &bytes, ViewUnmap,
                                          0, PAGE_READWRITE));
    RIGHT(view == NULL || (bytes == 2 * GRAIN && *(BYTE *)view == 0));
    if (view != NULL)
        right &= native(NtUnmapViewOfSection(GetCurrentProcess(), view));
    return right & native(NtClose(section));
}

static BOOL every_view_name(struct side *s)
{
    BYTE *view = MapViewOfFileEx(s->section, FILE_MAP_READ, 0, 0, GRAIN, NULL);
    char name[64];

    REFUSABLE(view != NULL);
    GetMappedFileNameA(GetCurrentProcess(), view, name, sizeof name);
    return UnmapViewOfFileEx(view, 0);
}

/* --- heaps --- */

static BOOL every_heap(struct side *s)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    void *block, *bigger;

    REFUSABLE(heap != NULL);
    block = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100);
    if (block != NULL) {
        RIGHT(HeapSize(heap, 0, block) == 100 && HeapValidate(heap, 0, block));
        bigger = HeapReAlloc(heap, 0, block, 5000);
        REFUSABLE(bigger != NULL);
        REFUSABLE(HeapFree(heap, 0, bigger));
    }
    return HeapDestroy(heap);
}

static BOOL every_heap_block(struct side *s)
{
    BYTE *block;

    REFUSABLE(GetProcessHeap() != NULL);
    block = HeapAlloc(GetProcessHeap(), 0, 3000);
    REFUSABLE(block != NULL);
    RIGHT(HeapSize(GetProcessHeap(), 0, block) == 3000);
    block[2999] = 1;
    return HeapFree(GetProcessHeap(), 0, block);
}

static BOOL every_heap_walk(struct side *s)
{
    PROCESS_HEAP_ENTRY entry = {0};
    HEAP_SUMMARY sum = {.cb = sizeof sum};
    HANDLE heaps[64];

    REFUSABLE(HeapLock(s->heap));
    for (int i = 0; i < 4 && HeapWalk(s->heap, &entry); i++)
        ;
    REFUSABLE(HeapUnlock(s->heap));
    REFUSABLE(HeapSummary(s->heap, 0, &sum));
    REFUSABLE(GetProcessHeaps(64, heaps) >= 2);
    return HeapCompact(s->heap, 0) != 0 || GetLastError() == CHECK_SENTINEL;
}

static BOOL every_global(struct side *s)
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, 100), other;
    void *at;

    REFUSABLE(handle != NULL);
    at = GlobalLock(handle);
    REFUSABLE(at != NULL);
    RIGHT(GlobalSize(handle) == 100 && GlobalHandle(at) == handle);
    GlobalUnlock(handle);
    other = GlobalReAlloc(handle, 9000, GMEM_MOVEABLE);
    REFUSABLE(other != NULL);
    return GlobalFree(other) == NULL;
}

static BOOL every_local(struct side *s)
{
    HLOCAL block = LocalAlloc(LMEM_FIXED | LMEM_ZEROINIT, 64);

    REFUSABLE(block != NULL);
    RIGHT(*(char *)block == 0 && LocalFlags(block) == 0 && LocalSize(block) == 64);
    return LocalFree(block) == NULL;
}

static BOOL every_message(struct side *s)
{
    char text[200], *own = NULL;
    DWORD length =
        FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_INVALID_ADDRESS, 0, text, sizeof text, NULL);

    REFUSABLE(length != 0);
    RIGHT(text[0] != '\0');
    REFUSABLE(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL,
                             ERROR_INVALID_HANDLE, 0, (char *)&own, 0, NULL) != 0);
    return LocalFree(own) == NULL;
}

/* --- exceptions --- */

static LONG CALLBACK passes(EXCEPTION_POINTERS *info)
{
    return info->ExceptionRecord->ExceptionCode == 0xE0000042 ? EXCEPTION_CONTINUE_EXECUTION
                                                              : EXCEPTION_CONTINUE_SEARCH;
}

static BOOL every_exception(struct side *s)
{
    PVOID handler = AddVectoredExceptionHandler(1, passes), other = AddVectoredContinueHandler(0, passes);

    (void)s;
    SetLastError(ERROR_POSSIBLE_DEADLOCK); /* these set none */
    REFUSABLE(handler != NULL);
    RaiseException(0xE0000042, 0, 0, NULL);
    REFUSABLE(other == NULL || RemoveVectoredContinueHandler(other));
    return RemoveVectoredExceptionHandler(handler) != 0;
}

static BOOL every_guard(struct side *s)
{
    BYTE *p = s->memory + 64 * PAGE;
    DWORD old;

    REFUSABLE(VirtualProtect(p, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    return VirtualProtect(p, PAGE, PAGE_READWRITE, &old);
}

/* --- physical pages --- */

static BOOL every_physical(struct side *s)
{
    ULONG_PTR count = 2, frames[2];
    BYTE *window;

    if (!AllocateUserPhysicalPages(GetCurrentProcess(), &count, frames))
        return GetLastError() == ERROR_PRIVILEGE_NOT_HELD;
    window = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    if (window != NULL) {
        if (MapUserPhysicalPages(window, count, frames)) {
            RIGHT(window[0] == 0);
            REFUSABLE(MapUserPhysicalPages(window, count, NULL));
        }
        REFUSABLE(VirtualFree(window, 0, MEM_RELEASE));
    }
    return FreeUserPhysicalPages(GetCurrentProcess(), &count, frames);
}

/* --- the system --- */

static BOOL every_system(struct side *s)
{
    MEMORYSTATUSEX status = {.dwLength = sizeof status};
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    SIZE_T least, most;
    SYSTEM_INFO info;
    ULONG highest;
    ULONGLONG kib, node;

    GetSystemInfo(&info);
    RIGHT(info.dwPageSize == PAGE);
    GetLargePageMinimum();
    GetPhysicallyInstalledSystemMemory(&kib);
    REFUSABLE(GlobalMemoryStatusEx(&status));
    REFUSABLE(GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters));
    REFUSABLE(GetProcessWorkingSetSize(GetCurrentProcess(), &least, &most));
    REFUSABLE(SetProcessWorkingSetSize(GetCurrentProcess(), least, most));
    REFUSABLE(GetNumaHighestNodeNumber(&highest));
    return GetNumaAvailableMemoryNode(0, &node);
}

static BOOL every_notification(struct side *s)
{
    HANDLE low = CreateMemoryResourceNotification(LowMemoryResourceNotification);
    BOOL is_low;

    REFUSABLE(low != NULL);
    REFUSABLE(QueryMemoryResourceNotification(low, &is_low));
    (void)s;
    return CloseHandle(low);
}

static BOOL every_module(struct side *s)
{
    HMODULE module = GetModuleHandleA(NULL), kernel = GetModuleHandleA("kernel32.dll");

    REFUSABLE(module != NULL && kernel != NULL);
    REFUSABLE(GetProcAddress(kernel, "VirtualAlloc") != NULL);
    (void)s;
    GetProcAddress(module, "main");
    return TRUE;
}

/* --- processes --- */

static BOOL every_process(struct side *s)
{
    HANDLE self = OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId());
    DWORD code;

    REFUSABLE(self != NULL);
    REFUSABLE(GetExitCodeProcess(self, &code));
    RIGHT(code == STILL_ACTIVE);
    REFUSABLE(WaitForSingleObject(self, 0) == WAIT_TIMEOUT);
    (void)s;
    return CloseHandle(self);
}

static BOOL every_other(struct side *s)
{
    MEMORY_BASIC_INFORMATION mbi;
    BYTE byte;

    if (s->other == NULL)
        return TRUE;
    REFUSABLE(VirtualQueryEx(s->other, s->others, &mbi, sizeof mbi) == sizeof mbi);
    RIGHT(mbi.State == MEM_COMMIT);
    return ReadProcessMemory(s->other, s->others, &byte, 1, NULL);
}

/* What asks malloc: not for children whose malloc nobody renews. What needs nothing that its side has. */
enum { ASKS_MALLOC = 1, NEEDS_NOTHING = 2 };

static const struct every {
    const char *name;
    BOOL (*run)(struct side *s);
    int kind;
} every_call[] = {
    {"alloc", every_alloc, NEEDS_NOTHING},
    {"heap block", every_heap_block, ASKS_MALLOC | NEEDS_NOTHING},
    {"query", every_query, 0},
    {"protect", every_protect, 0},
    {"commit", every_commit, 0},
    {"global", every_global, ASKS_MALLOC | NEEDS_NOTHING},
    {"section", every_section, NEEDS_NOTHING},
    {"named section", every_named_section, NEEDS_NOTHING},
    {"native section", every_native_section, NEEDS_NOTHING},
    {"region information", every_region_information, 0},
    {"heap", every_heap, ASKS_MALLOC | NEEDS_NOTHING},
    {"alloc large", every_alloc_large, NEEDS_NOTHING},
    {"exception", every_exception, NEEDS_NOTHING},
    {"placeholder", every_placeholder, 0},
    {"local", every_local, ASKS_MALLOC | NEEDS_NOTHING},
    {"offer", every_offer, 0},
    {"heap walk", every_heap_walk, ASKS_MALLOC},
    {"lock", every_lock, 0},
    {"guard", every_guard, 0},
    {"pages", every_pages, 0},
    {"watch", every_watch, 0},
    {"message", every_message, ASKS_MALLOC | NEEDS_NOTHING},
    {"pointer", every_pointer, 0},
    {"copy", every_copy, 0},
    {"view name", every_view_name, 0},
    {"physical", every_physical, 0},
    {"notification", every_notification, NEEDS_NOTHING},
    {"module", every_module, ASKS_MALLOC | NEEDS_NOTHING},
    {"process", every_process, NEEDS_NOTHING},
    {"other", every_other, 0},
    {"system", every_system, NEEDS_NOTHING},
};

enum { EVERY = sizeof every_call / sizeof every_call[0] };

static void must_make_side(struct side *s)
{
    s->memory = reserve(MiB);
    commit_part(s->memory, MiB / 2, PAGE_READWRITE);
    s->watched = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    s->section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4 * GRAIN, NULL);
    s->heap = HeapCreate(0, 0, 0);
    MUST(s->watched != NULL && s->section != NULL && s->heap != NULL);
    MUST(HeapAlloc(s->heap, 0, 10) != NULL);
}

#endif
