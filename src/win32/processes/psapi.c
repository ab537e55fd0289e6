/*
 * psapi.c: EnumProcesses, EnumProcessModules, GetModuleInformation, GetModuleBaseName, GetModuleFileNameEx.
 *
 * Each has two names (psapi.h). What a module is tells modulelist.h.
 */
#include <psapi.h>

#include <elf.h>

#include "win32/text/cuttext.h"
#include "win32/processes/modulelist.h"
#include "win32/processes/processlist.h"
#include "win32/wide32.h"

/* --- processes --- */

BOOL WINAPI K32EnumProcesses(DWORD *lpidProcess, DWORD cb, LPDWORD lpcbNeeded)
{
    struct wm_listing listing;
    DWORD id, room = cb / (DWORD)sizeof id, count = 0;
    wm_status st = wm_edge_fillable(lpidProcess, room * sizeof id);

    if (wm_ok(st))
        st = wm_edge_writable(lpcbNeeded, sizeof *lpcbNeeded);
    if (wm_ok(st))
        st = wm_processes_begin(&listing);
    if (wm_ok(st)) {
        for (; count < room && (id = wm_next_number(&listing)) != 0; count++)
            memcpy(&lpidProcess[count], &id, sizeof id);
        wm_listing_end(&listing);
        memcpy(lpcbNeeded, &(DWORD){count * (DWORD)sizeof id}, sizeof *lpcbNeeded);
    }
    WM_TRACE_AS("EnumProcesses", st, WM_RETURNS_TRUE, WM_HEX(lpidProcess), WM_DECIMAL(cb),
                WM_HEX(lpcbNeeded));
    return wm_edge_bool(st);
}

/* --- modules --- */

static wm_status store(const struct wm_growing *modules, HMODULE *to, DWORD cb, LPDWORD needed)
{
    const struct wm_module_facts *all = (const void *)modules->data;
    size_t count = modules->bytes / sizeof *all, room = cb / sizeof *to;
    wm_status st = wm_edge_fillable(to, room * sizeof *to);

    if (wm_ok(st))
        st = wm_edge_writable(needed, sizeof *needed);
    if (!wm_ok(st))
        return st;
    for (size_t i = 0; i < count && i < room; i++)
        memcpy(&to[i], &all[i].base, sizeof *to);
    memcpy(needed, &(DWORD){(DWORD)(count * sizeof *to)}, sizeof *needed);
    return WM_OK;
}

BOOL WINAPI K32EnumProcessModulesEx(HANDLE hProcess, HMODULE *lphModule, DWORD cb, LPDWORD lpcbNeeded,
                                    DWORD dwFilterFlag)
{
    struct wm_growing modules = {0};
    BOOL done = dwFilterFlag <= LIST_MODULES_ALL ? TRUE : wm_edge_bool(WM_SNAPSHOT_FLAGS);

    if (done && dwFilterFlag != LIST_MODULES_32BIT)
        done = wm_modules_of(hProcess, &modules);
    if (done)
        done = wm_edge_bool(store(&modules, lphModule, cb, lpcbNeeded));
    wm_growing_free(&modules);
    return done;
}

BOOL WINAPI K32EnumProcessModules(HANDLE hProcess, HMODULE *lphModule, DWORD cb, LPDWORD lpcbNeeded)
{
    return K32EnumProcessModulesEx(hProcess, lphModule, cb, lpcbNeeded, LIST_MODULES_DEFAULT);
}

/* 0: it has none, as a library has not. */
static uintptr_t entry_of(HANDLE process, const struct wm_module_facts *module)
{
    Elf64_Ehdr elf;
    SIZE_T done = 0;

    if (!ReadProcessMemory(process, (LPCVOID)module->base, &elf, sizeof elf, &done) || elf.e_entry == 0 ||
        memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0)
        return 0;
    return elf.e_type == ET_DYN ? module->base + elf.e_entry : elf.e_entry;
}

BOOL WINAPI K32GetModuleInformation(HANDLE hProcess, HMODULE hModule, LPMODULEINFO lpmodinfo, DWORD cb)
{
    struct wm_module_facts module;
    MODULEINFO info;
    DWORD error = GetLastError();

    if (cb < sizeof info)
        return wm_edge_bool(WM_BUFFER_SMALL);
    if (!wm_module_of(hProcess, hModule, &module))
        return FALSE;
    info = (MODULEINFO){(LPVOID)module.base, (DWORD)module.bytes, (LPVOID)entry_of(hProcess, &module)};
    SetLastError(error);
    return wm_edge_bool(wm_edge_tell(lpmodinfo, &info, sizeof info));
}

/* --- names --- */

static DWORD tell(const char *text, void *to, DWORD size, unsigned unit_bytes)
{
    wm_status st = size == 0 ? WM_BUFFER_SMALL : wm_edge_fillable(to, (size_t)size * unit_bytes);

    return wm_edge_bool(st) ? wm_cut_text(text, to, size, unit_bytes) : 0;
}

static DWORD base_name(HANDLE process, HMODULE module, void *to, DWORD size, unsigned unit_bytes)
{
    struct wm_module_facts facts;

    return wm_module_of(process, module, &facts) ? tell(wm_module_name(&facts), to, size, unit_bytes) : 0;
}

static DWORD file_name(HANDLE process, HMODULE module, void *to, DWORD size, unsigned unit_bytes)
{
    struct wm_module_facts facts;

    return wm_module_of(process, module, &facts) ? tell(facts.path, to, size, unit_bytes) : 0;
}

DWORD WINAPI K32GetModuleBaseNameA(HANDLE hProcess, HMODULE hModule, LPSTR lpBaseName, DWORD nSize)
{
    return base_name(hProcess, hModule, lpBaseName, nSize, sizeof(char));
}

DWORD WINAPI K32GetModuleBaseNameW(HANDLE hProcess, HMODULE hModule, LPWSTR lpBaseName, DWORD nSize)
{
    return base_name(hProcess, hModule, lpBaseName, nSize, sizeof(WCHAR));
}

DWORD WINAPI K32GetModuleBaseNameW_utf16(HANDLE hProcess, HMODULE hModule, uint16_t *lpBaseName, DWORD nSize)
{
    return base_name(hProcess, hModule, lpBaseName, nSize, sizeof(uint16_t));
}

DWORD WINAPI K32GetModuleFileNameExA(HANDLE hProcess, HMODULE hModule, LPSTR lpFilename, DWORD nSize)
{
    return file_name(hProcess, hModule, lpFilename, nSize, sizeof(char));
}

DWORD WINAPI K32GetModuleFileNameExW(HANDLE hProcess, HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
{
    return file_name(hProcess, hModule, lpFilename, nSize, sizeof(WCHAR));
}

DWORD WINAPI K32GetModuleFileNameExW_utf16(HANDLE hProcess, HMODULE hModule, uint16_t *lpFilename,
                                           DWORD nSize)
{
    return file_name(hProcess, hModule, lpFilename, nSize, sizeof(uint16_t));
}

/* --- the other name of each --- */

#undef EnumProcesses
#undef EnumProcessModules
#undef EnumProcessModulesEx
#undef GetModuleInformation
#undef GetModuleBaseNameA
#undef GetModuleBaseNameW
#undef GetModuleFileNameExA
#undef GetModuleFileNameExW

#define ALSO(name) WINMEM_PUBLIC __typeof__(K32##name) name __attribute__((alias("K32" #name)))

ALSO(EnumProcesses);
ALSO(EnumProcessModules);
ALSO(EnumProcessModulesEx);
ALSO(GetModuleInformation);
ALSO(GetModuleBaseNameA);
ALSO(GetModuleBaseNameW);
ALSO(GetModuleBaseNameW_utf16);
ALSO(GetModuleFileNameExA);
ALSO(GetModuleFileNameExW);
ALSO(GetModuleFileNameExW_utf16);
