/*
 * threaddescription.c: SetThreadDescription, GetThreadDescription.
 *
 * Inside a description is UTF-8. It may be long, so what is needed on the way is Local memory, as the result is.
 */
#include "api/modules.h"
#include "api/wide.h"
#include "vm/threads/describe.h"
#include "vm/threads/threadtype.h"
#include "win32/wide32.h"
#include "win32/win32.h"

enum { UNITS_MOST = 0x7fff };

/* The last error stays what it was. */
static HRESULT result_of(wm_status st)
{
    return HRESULT_FROM_NT(wm_status_nt(st));
}

static wm_status describe(HANDLE handle, const char *text)
{
    WM_PINNED_THREAD pinned = {0};
    wm_status st = wm_thread_pin_either((uintptr_t)handle, THREAD_SET_LIMITED_INFORMATION,
                                        THREAD_SET_INFORMATION, &pinned);

    return wm_ok(st) ? wm_thread_describe(pinned.thread, text) : st;
}

static size_t length16(const uint16_t *text)
{
    size_t length = 0;

    while (text[length] != 0)
        length++;
    return length;
}

static size_t length32(const uint32_t *text)
{
    size_t length = 0;

    while (text[length] != 0)
        length++;
    return length;
}

static wm_status describe_wide(HANDLE handle, const void *wide, size_t units, bool narrow)
{
    size_t room = 4 * units + 1;
    char *text = units > UNITS_MOST ? NULL : LocalAlloc(LMEM_FIXED, room);
    wm_status st = units > UNITS_MOST ? WM_NAME_LONG : WM_THREAD_MEMORY;
    bool good;

    if (text == NULL)
        return st;
    good = narrow ? wm_utf8_of_utf16(wide, text, room) : wm_utf8_of_utf32(wide, text, room);
    st = good ? describe(handle, text) : WM_NAME_LONG;
    LocalFree(text);
    return st;
}

static HRESULT describe_traced(const char *function, HANDLE handle, const void *text, bool narrow)
{
    wm_status st = wm_edge_readable(text, narrow ? sizeof(uint16_t) : sizeof(uint32_t));

    if (wm_ok(st))
        st = describe_wide(handle, text, narrow ? length16(text) : length32(text), narrow);
    WM_TRACE_AS(function, st, WM_RETURNS_ZERO, WM_HEX(handle), WM_HEX(text));
    return result_of(st);
}

HRESULT WINAPI SetThreadDescription(HANDLE hThread, PCWSTR lpThreadDescription)
{
    return describe_traced(__func__, hThread, lpThreadDescription, false);
}

HRESULT WINAPI SetThreadDescription_utf16(HANDLE hThread, const uint16_t *lpThreadDescription)
{
    return describe_traced(__func__, hThread, lpThreadDescription, true);
}

/* --- the other way --- */

static wm_status widen(const char *text, bool narrow, void **out)
{
    size_t units = narrow ? wm_utf16_of_utf8(text, NULL, 0) : wm_utf32_of_utf8(text, NULL, 0);
    size_t unit = narrow ? sizeof(uint16_t) : sizeof(uint32_t);

    *out = LocalAlloc(LMEM_FIXED, (units + 1) * unit);
    if (*out == NULL)
        return WM_THREAD_MEMORY;
    if (narrow)
        wm_utf16_of_utf8(text, *out, units + 1);
    else
        wm_utf32_of_utf8(text, *out, units + 1);
    return WM_OK;
}

static wm_status description(HANDLE handle, bool narrow, void **out)
{
    WM_PINNED_THREAD pinned = {0};
    wm_status st = wm_thread_pin((uintptr_t)handle, THREAD_QUERY_LIMITED_INFORMATION, &pinned);
    char *text = wm_ok(st) ? LocalAlloc(LMEM_FIXED, WM_DESCRIPTION_BYTES + 1) : NULL;

    if (wm_ok(st) && text == NULL)
        st = WM_THREAD_MEMORY;
    if (!wm_ok(st))
        return st;
    wm_thread_description(pinned.thread, text, WM_DESCRIPTION_BYTES + 1);
    st = widen(text, narrow, out);
    LocalFree(text);
    return st;
}

static HRESULT description_traced(const char *function, HANDLE handle, void *out, bool narrow)
{
    void *text = NULL;
    wm_status st = wm_edge_writable(out, sizeof text);

    if (wm_ok(st))
        st = description(handle, narrow, &text);
    if (wm_ok(st))
        st = wm_edge_tell(out, &text, sizeof text);
    WM_TRACE_AS(function, st, WM_RETURNS_ZERO, WM_HEX(handle), WM_HEX(out));
    return result_of(st);
}

HRESULT WINAPI GetThreadDescription(HANDLE hThread, PWSTR *ppszThreadDescription)
{
    return description_traced(__func__, hThread, ppszThreadDescription, false);
}

HRESULT WINAPI GetThreadDescription_utf16(HANDLE hThread, uint16_t **ppszThreadDescription)
{
    return description_traced(__func__, hThread, ppszThreadDescription, true);
}
