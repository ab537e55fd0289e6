/*
 * library.c: GetModuleHandle, LoadLibrary, FreeLibrary, GetProcAddress, in each form that they have.
 *
 * Names become UTF-8 here, and modules.c knows nothing of widths. Each function that takes a wide name is
 * there twice, for programs whose WCHAR has 32 bits and for those with 16 (L137); GetProcAddress is too,
 * because the function that it finds for such a program must be the one for its width.
 *
 * A name that is longer than any path names no module. What is loaded is a shared object of Linux (L120); the
 * system libraries of Windows are this library, under all their names (D12.9a).
 */
#include <limits.h>

#include "api/edge.h"
#include "api/modules.h"
#include "api/utf16.h"

_Static_assert(sizeof(WCHAR) == sizeof(uint32_t), "the library itself is built with a 32-bit WCHAR");

/* --- GetModuleHandle --- */

static HMODULE module_handle(const char *function, wm_status st, const char *name)
{
    uintptr_t module = 0;

    if (wm_ok(st))
        st = wm_module_named(name, WM_MODULE_LOOK, &module);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(module)), WM_STRING(name));
    return wm_edge_ptr(st, module);
}

/* A wide name in UTF-8, or NULL for NULL. What is longer than any path names no module. */
static wm_status narrow(const WCHAR *wide, char *buffer, const char **name)
{
    *name = wide == NULL ? NULL : buffer;
    return wide == NULL || wm_utf8_of_utf32((const uint32_t *)wide, buffer, PATH_MAX) ? WM_OK
                                                                                      : WM_MODULE_UNKNOWN;
}

static wm_status narrow16(const uint16_t *wide, char *buffer, const char **name)
{
    *name = wide == NULL ? NULL : buffer;
    return wide == NULL || wm_utf8_of_utf16(wide, buffer, PATH_MAX) ? WM_OK : WM_MODULE_UNKNOWN;
}

HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName)
{
    return module_handle(__func__, WM_OK, lpModuleName);
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName)
{
    char buffer[PATH_MAX];
    const char *name;
    wm_status st = narrow(lpModuleName, buffer, &name);

    return module_handle(__func__, st, name);
}

HMODULE WINAPI GetModuleHandleW_utf16(const uint16_t *lpModuleName)
{
    char buffer[PATH_MAX];
    const char *name;
    wm_status st = narrow16(lpModuleName, buffer, &name);

    return module_handle(__func__, st, name);
}

/* --- GetModuleHandleEx --- */

#define EX_FLAGS                                                                                             \
    (GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT |                          \
     GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)

/* The result is NULL from here on, whatever goes wrong later, and so written before the name is looked at. */
static wm_status check_ex(DWORD flags, HMODULE *module)
{
    DWORD both = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;

    if (module == NULL || !wm_ok(wm_edge_writable(module, sizeof *module)))
        return WM_MODULE_FLAGS;
    *module = NULL;
    return (flags & ~(DWORD)EX_FLAGS) || (flags & both) == both ? WM_MODULE_FLAGS : WM_OK;
}

static enum wm_module_use use_of(DWORD flags)
{
    if (flags & GET_MODULE_HANDLE_EX_FLAG_PIN)
        return WM_MODULE_PIN;
    return flags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT ? WM_MODULE_LOOK : WM_MODULE_COUNT;
}

/* name is an address with FROM_ADDRESS, and text otherwise. */
static BOOL module_handle_ex(const char *function, wm_status st, DWORD flags, const char *name,
                             HMODULE *module)
{
    bool by_address = (flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS) != 0;
    uintptr_t found = 0;

    if (wm_ok(st))
        st = by_address ? wm_module_at((uintptr_t)name, use_of(flags), &found)
                        : wm_module_named(name, use_of(flags), &found);
    if (wm_ok(st))
        *module = (HMODULE)found;
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(flags), by_address ? WM_HEX(name) : WM_STRING(name),
                WM_HEX(module));
    return wm_edge_bool(st);
}

BOOL WINAPI GetModuleHandleExA(DWORD dwFlags, LPCSTR lpModuleName, HMODULE *phModule)
{
    return module_handle_ex(__func__, check_ex(dwFlags, phModule), dwFlags, lpModuleName, phModule);
}

BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule)
{
    char buffer[PATH_MAX];
    const char *name = (const char *)lpModuleName;
    wm_status st = check_ex(dwFlags, phModule);

    if (wm_ok(st) && !(dwFlags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS))
        st = narrow(lpModuleName, buffer, &name);
    return module_handle_ex(__func__, st, dwFlags, name, phModule);
}

BOOL WINAPI GetModuleHandleExW_utf16(DWORD dwFlags, const uint16_t *lpModuleName, HMODULE *phModule)
{
    char buffer[PATH_MAX];
    const char *name = (const char *)lpModuleName;
    wm_status st = check_ex(dwFlags, phModule);

    if (wm_ok(st) && !(dwFlags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS))
        st = narrow16(lpModuleName, buffer, &name);
    return module_handle_ex(__func__, st, dwFlags, name, phModule);
}

/* --- LoadLibrary --- */

static HMODULE load(const char *function, wm_status st, const char *name)
{
    uintptr_t module = 0;

    if (wm_ok(st))
        st = name == NULL ? WM_MODULE_UNKNOWN : wm_module_named(name, WM_MODULE_LOAD, &module);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(module)), WM_STRING(name));
    return wm_edge_ptr(st, module);
}

HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName)
{
    return load(__func__, WM_OK, lpLibFileName);
}

HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName)
{
    char buffer[PATH_MAX];
    const char *name;
    wm_status st = narrow(lpLibFileName, buffer, &name);

    return load(__func__, st, name);
}

HMODULE WINAPI LoadLibraryW_utf16(const uint16_t *lpLibFileName)
{
    char buffer[PATH_MAX];
    const char *name;
    wm_status st = narrow16(lpLibFileName, buffer, &name);

    return load(__func__, st, name);
}

BOOL WINAPI FreeLibrary(HMODULE hLibModule)
{
    wm_status st = wm_module_release((uintptr_t)hLibModule);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hLibModule));
    return wm_edge_bool(st);
}

/* --- GetProcAddress --- */

static FARPROC find_symbol(const char *function, HMODULE module, LPCSTR name, bool utf16)
{
    uintptr_t symbol = 0;
    wm_status st = wm_module_symbol((uintptr_t)module, name, utf16, &symbol);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(symbol)), WM_HEX(module),
                (uintptr_t)name <= UINT16_MAX ? WM_HEX(name) : WM_STRING(name));
    return wm_edge_bool(st) ? (FARPROC)symbol : NULL;
}

FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
{
    return find_symbol(__func__, hModule, lpProcName, false);
}

FARPROC WINAPI GetProcAddress_utf16(HMODULE hModule, LPCSTR lpProcName)
{
    return find_symbol(__func__, hModule, lpProcName, true);
}
