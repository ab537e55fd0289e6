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

/* A wide name, of units of 16 or 32 bits, in UTF-8; NULL for NULL. What is longer than any path names no module. */
static wm_status narrow(const void *wide, bool utf16, char *buffer, const char **name)
{
    *name = wide == NULL ? NULL : buffer;
    if (wide == NULL)
        return WM_OK;
    return (utf16 ? wm_utf8_of_utf16(wide, buffer, PATH_MAX) : wm_utf8_of_utf32(wide, buffer, PATH_MAX))
               ? WM_OK
               : WM_MODULE_UNKNOWN;
}

typedef HMODULE look_up(const char *function, wm_status st, const char *name);

static HMODULE look_up_wide(const char *function, look_up *named, const void *wide, bool utf16)
{
    char buffer[PATH_MAX];
    const char *name;
    wm_status st = narrow(wide, utf16, buffer, &name);

    return named(function, st, name);
}

HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName)
{
    return module_handle(__func__, WM_OK, lpModuleName);
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName)
{
    return look_up_wide(__func__, module_handle, lpModuleName, false);
}

HMODULE WINAPI GetModuleHandleW_utf16(const uint16_t *lpModuleName)
{
    return look_up_wide(__func__, module_handle, lpModuleName, true);
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

/* Three ways to hold on to the module that was found: not at all, counted, for good. */
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

static BOOL module_handle_ex_wide(const char *function, DWORD flags, const void *wide, bool utf16,
                                  HMODULE *module)
{
    char buffer[PATH_MAX];
    const char *name = wide;
    wm_status st = check_ex(flags, module);

    if (wm_ok(st) && !(flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS))
        st = narrow(wide, utf16, buffer, &name);
    return module_handle_ex(function, st, flags, name, module);
}

BOOL WINAPI GetModuleHandleExA(DWORD dwFlags, LPCSTR lpModuleName, HMODULE *phModule)
{
    return module_handle_ex(__func__, check_ex(dwFlags, phModule), dwFlags, lpModuleName, phModule);
}

BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule)
{
    return module_handle_ex_wide(__func__, dwFlags, lpModuleName, false, phModule);
}

BOOL WINAPI GetModuleHandleExW_utf16(DWORD dwFlags, const uint16_t *lpModuleName, HMODULE *phModule)
{
    return module_handle_ex_wide(__func__, dwFlags, lpModuleName, true, phModule);
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
    return look_up_wide(__func__, load, lpLibFileName, false);
}

HMODULE WINAPI LoadLibraryW_utf16(const uint16_t *lpLibFileName)
{
    return look_up_wide(__func__, load, lpLibFileName, true);
}

/* --- LoadLibraryEx --- */

#define SEARCHED                                                                                             \
    (LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_APPLICATION_DIR |                                \
     LOAD_LIBRARY_SEARCH_USER_DIRS | LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)
#define NOT_CODE                                                                                             \
    (DONT_RESOLVE_DLL_REFERENCES | LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE |           \
     LOAD_LIBRARY_AS_IMAGE_RESOURCE | LOAD_LIBRARY_REQUIRE_SIGNED_TARGET)
#define CHANGES_NOTHING                                                                                      \
    (LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_IGNORE_CODE_AUTHZ_LEVEL | LOAD_LIBRARY_SAFE_CURRENT_DIRS)

/* A module as data would be one whose functions are not found: that is not the same as loading it (L571). */
static wm_status check_load(const char *name, HANDLE file, DWORD flags)
{
    if (file != NULL || (flags & ~(DWORD)(SEARCHED | NOT_CODE | CHANGES_NOTHING)))
        return WM_MODULE_LOAD_FLAGS;
    if ((flags & LOAD_WITH_ALTERED_SEARCH_PATH) && (flags & SEARCHED))
        return WM_MODULE_LOAD_FLAGS;
    if ((flags & LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR) && (name == NULL || name[0] != '/'))
        return WM_MODULE_LOAD_FLAGS;
    return flags & NOT_CODE ? WM_MODULE_AS_DATA : WM_OK;
}

static HMODULE load_ex(const char *function, wm_status st, const char *name, HANDLE file, DWORD flags)
{
    uintptr_t module = 0;

    if (wm_ok(st))
        st = check_load(name, file, flags);
    if (wm_ok(st))
        st = name == NULL ? WM_MODULE_UNKNOWN : wm_module_named(name, WM_MODULE_LOAD, &module);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(module)), WM_STRING(name), WM_HEX(file), WM_HEX(flags));
    return wm_edge_ptr(st, module);
}

static HMODULE load_ex_wide(const char *function, const void *wide, bool utf16, HANDLE file, DWORD flags)
{
    char buffer[PATH_MAX];
    const char *name;
    wm_status st = narrow(wide, utf16, buffer, &name);

    return load_ex(function, st, name, file, flags);
}

HMODULE WINAPI LoadLibraryExA(LPCSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
{
    return load_ex(__func__, WM_OK, lpLibFileName, hFile, dwFlags);
}

HMODULE WINAPI LoadLibraryExW(LPCWSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
{
    return load_ex_wide(__func__, lpLibFileName, false, hFile, dwFlags);
}

HMODULE WINAPI LoadLibraryExW_utf16(const uint16_t *lpLibFileName, HANDLE hFile, DWORD dwFlags)
{
    return load_ex_wide(__func__, lpLibFileName, true, hFile, dwFlags);
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
