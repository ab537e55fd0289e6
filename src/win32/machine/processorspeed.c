/*
 * processorspeed.c: SHGetValueA, of which there is the one value that programs ask: the speed of a processor. Windows has
 * measured it when it started; here whoever asks first measures for two milliseconds, and the word stays.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>

#include <shlwapi.h>

#include "win32/machine/processorticks.h"
#include "win32/win32.h"

static const char processors[] = "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\";

static DWORD speed(void)
{
    static _Atomic DWORD known;
    DWORD megahertz = atomic_load(&known);

    if (megahertz == 0) {
        megahertz = wm_processor_measure();
        atomic_store(&known, megahertz);
    }
    return megahertz;
}

static bool is_processor(const char *key)
{
    size_t begin = sizeof processors - 1;
    char *end;

    return key != NULL && strncasecmp(key, processors, begin) == 0 && key[begin] >= '0' &&
           key[begin] <= '9' &&
           strtoul(key + begin, &end, 10) < GetActiveProcessorCount(ALL_PROCESSOR_GROUPS) && *end == '\0';
}

static wm_status tell(void *data, DWORD *bytes, DWORD *type)
{
    const DWORD kind = REG_DWORD, size = sizeof(DWORD);
    DWORD room = 0, value;
    wm_status st = WM_OK;

    if (type != NULL)
        st = wm_edge_tell(type, &kind, sizeof kind);
    if (wm_ok(st) && (bytes != NULL || data != NULL))
        st = wm_edge_readable(bytes, sizeof *bytes);
    if (!wm_ok(st) || bytes == NULL)
        return st;
    memcpy(&room, bytes, sizeof room);
    st = wm_edge_tell(bytes, &size, sizeof size);
    if (!wm_ok(st) || data == NULL)
        return st;
    if (room < size)
        return WM_VALUE_ROOM;
    value = speed();
    return wm_edge_tell(data, &value, sizeof value);
}

LSTATUS WINAPI SHGetValueA(HKEY hkey, LPCSTR pszSubKey, LPCSTR pszValue, DWORD *pdwType, void *pvData,
                           DWORD *pcbData)
{
    wm_status st = hkey == NULL ? WM_HANDLE : WM_VALUE_UNKNOWN;
    DWORD error;

    if (hkey == HKEY_LOCAL_MACHINE && is_processor(pszSubKey) && pszValue != NULL &&
        strcasecmp(pszValue, "~MHz") == 0)
        st = tell(pvData, pcbData, pdwType);
    error = wm_edge_bool(st) ? ERROR_SUCCESS : GetLastError();
    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(error)), WM_HEX(hkey), WM_STRING(pszSubKey), WM_STRING(pszValue),
             WM_HEX(pdwType), WM_HEX(pvData), WM_HEX(pcbData));
    return (LSTATUS)error;
}
