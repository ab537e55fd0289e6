/*
 * toolhelp.c: CreateToolhelp32Snapshot, and going through what it has.
 *
 * A snapshot is four lists, one behind the other, each with a place where the next entry is taken (vm/processes/snapshotobject.h
 * keeps it). The caller's structures differ by the width of their characters: what stands before these is the same.
 */
#include <tlhelp32.h>

#include <stdlib.h>

#include "vm/processes/snapshotobject.h"
#include "win32/text/cuttext.h"
#include "win32/processes/modulelist.h"
#include "win32/processes/processlist.h"
#include "win32/wide32.h"

enum kind { PROCESSES, THREADS, MODULES, HEAPS, KINDS };

enum { PRIORITY = 8, UNKNOWN_USES = 0xffff };

struct thread_facts {
    DWORD id, process;
};

struct module_facts {
    DWORD process;
    uintptr_t base;
    size_t bytes;
    char name[MAX_MODULE_NAME32 + 1], path[MAX_PATH];
};

struct heap_facts {
    DWORD process;
    ULONG_PTR id;
    DWORD flags;
};

static const size_t entry_bytes[KINDS] = {sizeof(struct wm_process_facts), sizeof(struct thread_facts),
                                          sizeof(struct module_facts), sizeof(struct heap_facts)};

struct head {
    size_t start[KINDS], count[KINDS], next[KINDS];
};

/* --- making one --- */

#define ASKED (TH32CS_SNAPALL | TH32CS_SNAPMODULE32)

static wm_status check(DWORD flags)
{
    return (flags & ASKED) == 0 || flags & ~(DWORD)(ASKED | TH32CS_INHERIT) ? WM_SNAPSHOT_FLAGS : WM_OK;
}

static BOOL list_processes(struct wm_growing *out)
{
    struct wm_process_facts facts;
    struct wm_listing listing;
    DWORD id;

    if (!wm_edge_bool(wm_processes_begin(&listing)))
        return FALSE;
    while ((id = wm_next_number(&listing)) != 0)
        if (wm_process_facts(id, &facts))
            wm_growing_add(out, &facts, sizeof facts);
    wm_listing_end(&listing);
    return TRUE;
}

static void list_threads_of(DWORD process, struct wm_growing *out)
{
    struct wm_listing listing;
    DWORD id;

    wm_threads_begin(&listing, process);
    while ((id = wm_next_number(&listing)) != 0)
        wm_growing_add(out, &(struct thread_facts){id, process}, sizeof(struct thread_facts));
    wm_listing_end(&listing);
}

static BOOL list_threads(struct wm_growing *out)
{
    struct wm_listing listing;
    DWORD id;

    if (!wm_edge_bool(wm_processes_begin(&listing)))
        return FALSE;
    while ((id = wm_next_number(&listing)) != 0)
        list_threads_of(id, out);
    wm_listing_end(&listing);
    return TRUE;
}

static void add_modules(DWORD process, const struct wm_growing *modules, struct wm_growing *out)
{
    const struct wm_module_facts *all = (const void *)modules->data;

    for (size_t i = 0; i < modules->bytes / sizeof *all; i++) {
        struct module_facts facts = {.process = process, .base = all[i].base, .bytes = all[i].bytes};

        wm_cut_text(wm_module_name(&all[i]), facts.name, sizeof facts.name, 1);
        wm_cut_text(all[i].path, facts.path, sizeof facts.path, 1);
        wm_growing_add(out, &facts, sizeof facts);
    }
}

static BOOL list_modules(DWORD process, struct wm_growing *out)
{
    struct wm_growing modules = {0};
    HANDLE handle = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, process);
    BOOL done = handle != NULL && wm_modules_of(handle, &modules);

    if (done)
        add_modules(process, &modules, out);
    wm_growing_free(&modules);
    if (handle != NULL)
        CloseHandle(handle);
    return done;
}

static BOOL list_heaps(DWORD process, struct wm_growing *out)
{
    DWORD count = GetProcessHeaps(0, NULL), got;
    HANDLE *heaps;

    if (process != GetCurrentProcessId())
        return wm_edge_bool(WM_HEAPS_ELSEWHERE);
    heaps = calloc(count + 1, sizeof *heaps);
    got = heaps == NULL ? 0 : GetProcessHeaps(count, heaps);
    for (DWORD i = 0; i < count && i < got; i++)
        wm_growing_add(out,
                       &(struct heap_facts){process, (ULONG_PTR)heaps[i],
                                            heaps[i] == GetProcessHeap() ? HF32_DEFAULT : 0},
                       sizeof(struct heap_facts));
    free(heaps);
    return wm_edge_bool(heaps == NULL ? WM_NO_MEMORY_LEFT : WM_OK);
}

static BOOL list(enum kind kind, DWORD process, struct wm_growing *out)
{
    switch (kind) {
    case PROCESSES: return list_processes(out);
    case THREADS: return list_threads(out);
    case MODULES: return list_modules(process, out);
    default: return list_heaps(process, out);
    }
}

static BOOL fill(DWORD flags, DWORD process, struct wm_growing *out)
{
    static const DWORD asked[KINDS] = {TH32CS_SNAPPROCESS, TH32CS_SNAPTHREAD,
                                       TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32, TH32CS_SNAPHEAPLIST};
    struct head head = {0};

    wm_growing_add(out, &head, sizeof head);
    for (int kind = 0; kind < KINDS; kind++) {
        head.start[kind] = out->bytes;
        if (flags & asked[kind] && !list((enum kind)kind, process, out))
            return FALSE;
        head.count[kind] = (out->bytes - head.start[kind]) / entry_bytes[kind];
    }
    if (!out->full)
        memcpy(out->data, &head, sizeof head);
    return wm_edge_bool(out->full ? WM_NO_MEMORY_LEFT : WM_OK);
}

HANDLE WINAPI CreateToolhelp32Snapshot(DWORD dwFlags, DWORD th32ProcessID)
{
    struct wm_growing contents = {0};
    uintptr_t handle = (uintptr_t)INVALID_HANDLE_VALUE;
    DWORD process = th32ProcessID == 0 ? GetCurrentProcessId() : th32ProcessID;
    BOOL done = wm_edge_bool(check(dwFlags)) && fill(dwFlags, process, &contents);

    if (done)
        done = wm_edge_bool(wm_snapshot_new(contents.data, contents.bytes, &handle));
    wm_growing_free(&contents);
    return done ? (HANDLE)handle : INVALID_HANDLE_VALUE;
}

/* --- going through it --- */

/* A copy of the next entry, or of the first one. */
static wm_status take_next(HANDLE snapshot, enum kind kind, bool first, void *out)
{
    uint32_t object;
    void *contents;
    struct head *head;
    size_t next;
    wm_status st = wm_snapshot_pin((uintptr_t)snapshot, &object, &contents);

    if (!wm_ok(st))
        return st;
    head = contents;
    next = first ? 0 : __atomic_load_n(&head->next[kind], __ATOMIC_RELAXED);
    if (next >= head->count[kind])
        st = WM_SNAPSHOT_END;
    else
        memcpy(out, (char *)contents + head->start[kind] + next * entry_bytes[kind], entry_bytes[kind]);
    __atomic_store_n(&head->next[kind], wm_ok(st) ? next + 1 : head->count[kind], __ATOMIC_RELAXED);
    wm_snapshot_unpin(object);
    return st;
}

/* The caller's structure begins with its size, a DWORD, or a SIZE_T of which the low half will do. */
static wm_status check_size(void *entry, size_t bytes)
{
    DWORD size;
    wm_status st = wm_edge_fillable(entry, sizeof size);

    if (!wm_ok(st))
        return st;
    memcpy(&size, entry, sizeof size);
    return size < bytes ? WM_BUFFER_SHORT : wm_edge_fillable(entry, bytes);
}

#define WHOLE(type, text, count, unit) ((offsetof(type, text) + (size_t)(count) * (unit) + 7) / 8 * 8)

static BOOL process_entry(HANDLE snapshot, bool first, void *entry, unsigned unit)
{
    struct wm_process_facts facts;
    PROCESSENTRY32 told = {0};
    wm_status st = check_size(entry, WHOLE(PROCESSENTRY32, szExeFile, MAX_PATH, unit));

    if (wm_ok(st))
        st = take_next(snapshot, PROCESSES, first, &facts);
    if (!wm_ok(st))
        return wm_edge_bool(st);
    memcpy(&told.dwSize, entry, sizeof told.dwSize);
    told.th32ProcessID = facts.id;
    told.cntThreads = facts.threads;
    told.th32ParentProcessID = facts.parent;
    told.pcPriClassBase = PRIORITY;
    memcpy(entry, &told, offsetof(PROCESSENTRY32, szExeFile));
    wm_cut_text(facts.name, (char *)entry + offsetof(PROCESSENTRY32, szExeFile), MAX_PATH, unit);
    return TRUE;
}

static BOOL thread_entry(HANDLE snapshot, bool first, LPTHREADENTRY32 entry)
{
    struct thread_facts facts;
    THREADENTRY32 told = {0};
    wm_status st = check_size(entry, sizeof *entry);

    if (wm_ok(st))
        st = take_next(snapshot, THREADS, first, &facts);
    if (!wm_ok(st))
        return wm_edge_bool(st);
    memcpy(&told.dwSize, entry, sizeof told.dwSize);
    told.th32ThreadID = facts.id;
    told.th32OwnerProcessID = facts.process;
    told.tpBasePri = PRIORITY;
    memcpy(entry, &told, sizeof told);
    return TRUE;
}

static BOOL module_entry(HANDLE snapshot, bool first, void *entry, unsigned unit)
{
    struct module_facts facts;
    MODULEENTRY32 told = {0};
    size_t name = offsetof(MODULEENTRY32, szModule), path = name + (MAX_MODULE_NAME32 + 1) * (size_t)unit;
    wm_status st = check_size(entry, (path + MAX_PATH * (size_t)unit + 7) / 8 * 8);

    if (wm_ok(st))
        st = take_next(snapshot, MODULES, first, &facts);
    if (!wm_ok(st))
        return wm_edge_bool(st);
    memcpy(&told.dwSize, entry, sizeof told.dwSize);
    told.th32ModuleID = 1;
    told.th32ProcessID = facts.process;
    told.GlblcntUsage = told.ProccntUsage = UNKNOWN_USES;
    told.modBaseAddr = (BYTE *)facts.base;
    told.modBaseSize = (DWORD)facts.bytes;
    told.hModule = (HMODULE)facts.base;
    memcpy(entry, &told, name);
    wm_cut_text(facts.name, (char *)entry + name, MAX_MODULE_NAME32 + 1, unit);
    wm_cut_text(facts.path, (char *)entry + path, MAX_PATH, unit);
    return TRUE;
}

static BOOL heap_entry(HANDLE snapshot, bool first, LPHEAPLIST32 entry)
{
    struct heap_facts facts;
    HEAPLIST32 told = {0};
    wm_status st = check_size(entry, sizeof *entry);

    if (wm_ok(st))
        st = take_next(snapshot, HEAPS, first, &facts);
    if (!wm_ok(st))
        return wm_edge_bool(st);
    memcpy(&told.dwSize, entry, sizeof told.dwSize);
    told.th32ProcessID = facts.process;
    told.th32HeapID = facts.id;
    told.dwFlags = facts.flags;
    memcpy(entry, &told, sizeof told);
    return TRUE;
}

BOOL WINAPI Process32First(HANDLE hSnapshot, LPPROCESSENTRY32 lppe)
{
    return process_entry(hSnapshot, true, lppe, sizeof(CHAR));
}

BOOL WINAPI Process32Next(HANDLE hSnapshot, LPPROCESSENTRY32 lppe)
{
    return process_entry(hSnapshot, false, lppe, sizeof(CHAR));
}

BOOL WINAPI Process32FirstW(HANDLE hSnapshot, LPPROCESSENTRY32W lppe)
{
    return process_entry(hSnapshot, true, lppe, sizeof(WCHAR));
}

BOOL WINAPI Process32NextW(HANDLE hSnapshot, LPPROCESSENTRY32W lppe)
{
    return process_entry(hSnapshot, false, lppe, sizeof(WCHAR));
}

BOOL WINAPI Process32FirstW_utf16(HANDLE hSnapshot, void *entry)
{
    return process_entry(hSnapshot, true, entry, sizeof(uint16_t));
}

BOOL WINAPI Process32NextW_utf16(HANDLE hSnapshot, void *entry)
{
    return process_entry(hSnapshot, false, entry, sizeof(uint16_t));
}

BOOL WINAPI Thread32First(HANDLE hSnapshot, LPTHREADENTRY32 lpte)
{
    return thread_entry(hSnapshot, true, lpte);
}

BOOL WINAPI Thread32Next(HANDLE hSnapshot, LPTHREADENTRY32 lpte)
{
    return thread_entry(hSnapshot, false, lpte);
}

BOOL WINAPI Module32First(HANDLE hSnapshot, LPMODULEENTRY32 lpme)
{
    return module_entry(hSnapshot, true, lpme, sizeof(CHAR));
}

BOOL WINAPI Module32Next(HANDLE hSnapshot, LPMODULEENTRY32 lpme)
{
    return module_entry(hSnapshot, false, lpme, sizeof(CHAR));
}

BOOL WINAPI Module32FirstW(HANDLE hSnapshot, LPMODULEENTRY32W lpme)
{
    return module_entry(hSnapshot, true, lpme, sizeof(WCHAR));
}

BOOL WINAPI Module32NextW(HANDLE hSnapshot, LPMODULEENTRY32W lpme)
{
    return module_entry(hSnapshot, false, lpme, sizeof(WCHAR));
}

BOOL WINAPI Module32FirstW_utf16(HANDLE hSnapshot, void *entry)
{
    return module_entry(hSnapshot, true, entry, sizeof(uint16_t));
}

BOOL WINAPI Module32NextW_utf16(HANDLE hSnapshot, void *entry)
{
    return module_entry(hSnapshot, false, entry, sizeof(uint16_t));
}

BOOL WINAPI Heap32ListFirst(HANDLE hSnapshot, LPHEAPLIST32 lphl)
{
    return heap_entry(hSnapshot, true, lphl);
}

BOOL WINAPI Heap32ListNext(HANDLE hSnapshot, LPHEAPLIST32 lphl)
{
    return heap_entry(hSnapshot, false, lphl);
}
