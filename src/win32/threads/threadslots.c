/*
 * threadslots.c: TlsAlloc and FlsAlloc, and their kin.
 *
 * To read a slot is a few instructions: it is not traced, like GetLastError, which it sets.
 */
#include "vm/threads/fls.h"
#include "vm/threads/tls.h"
#include "win32/win32.h"

DWORD WINAPI TlsAlloc(VOID)
{
    uint32_t index = TLS_OUT_OF_INDEXES;
    wm_status st = wm_tls_alloc(&index);

    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(index)), WM_NO_ARGUMENTS);
    return wm_edge_bool(st) ? index : TLS_OUT_OF_INDEXES;
}

BOOL WINAPI TlsFree(DWORD dwTlsIndex)
{
    wm_status st = wm_tls_free(dwTlsIndex);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_DECIMAL(dwTlsIndex));
    return wm_edge_bool(st);
}

LPVOID WINAPI TlsGetValue(DWORD dwTlsIndex)
{
    if (__builtin_expect(dwTlsIndex >= WM_TLS_ALL, 0)) {
        wm_edge_fail(WM_TLS_INDEX);
        return NULL;
    }
    wm_last.error = ERROR_SUCCESS;
    return wm_tls_get(dwTlsIndex);
}

BOOL WINAPI TlsSetValue(DWORD dwTlsIndex, LPVOID lpTlsValue)
{
    return wm_edge_bool(wm_tls_set(dwTlsIndex, lpTlsValue));
}

/* --- with callbacks --- */

DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION lpCallback)
{
    uint32_t index = FLS_OUT_OF_INDEXES;
    wm_status st = wm_fls_alloc(lpCallback, &index);

    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(index)), WM_HEX((uintptr_t)lpCallback));
    return wm_edge_bool(st) ? index : FLS_OUT_OF_INDEXES;
}

BOOL WINAPI FlsFree(DWORD dwFlsIndex)
{
    wm_status st = wm_fls_free(dwFlsIndex);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_DECIMAL(dwFlsIndex));
    return wm_edge_bool(st);
}

PVOID WINAPI FlsGetValue(DWORD dwFlsIndex)
{
    void *value = NULL;

    if (wm_edge_bool(wm_fls_get(dwFlsIndex, &value)))
        wm_last.error = ERROR_SUCCESS;
    return value;
}

BOOL WINAPI FlsSetValue(DWORD dwFlsIndex, PVOID lpFlsData)
{
    return wm_edge_bool(wm_fls_set(dwFlsIndex, lpFlsData));
}
