/*
 * privilegename.c: LookupPrivilegeValue, LookupPrivilegeName.
 *
 * The numbers are the same on every Windows since NT 4, and programs have been seen to write them down: so are they here.
 */
#include "win32/tokens/privilegename.h"

#include <strings.h>

#include "api/modules.h"
#include "win32/text/textroom.h"
#include "win32/wide32.h"
#include "win32/win32.h"

enum { NAME_MAX_BYTES = 64 };

/* By number. */
static const char *const names[] = {
    [2] = "SeCreateTokenPrivilege",
    [3] = "SeAssignPrimaryTokenPrivilege",
    [4] = "SeLockMemoryPrivilege",
    [5] = "SeIncreaseQuotaPrivilege",
    [6] = "SeMachineAccountPrivilege",
    [7] = "SeTcbPrivilege",
    [8] = "SeSecurityPrivilege",
    [9] = "SeTakeOwnershipPrivilege",
    [10] = "SeLoadDriverPrivilege",
    [11] = "SeSystemProfilePrivilege",
    [12] = "SeSystemtimePrivilege",
    [13] = "SeProfileSingleProcessPrivilege",
    [14] = "SeIncreaseBasePriorityPrivilege",
    [15] = "SeCreatePagefilePrivilege",
    [16] = "SeCreatePermanentPrivilege",
    [17] = "SeBackupPrivilege",
    [18] = "SeRestorePrivilege",
    [19] = "SeShutdownPrivilege",
    [20] = "SeDebugPrivilege",
    [21] = "SeAuditPrivilege",
    [22] = "SeSystemEnvironmentPrivilege",
    [23] = "SeChangeNotifyPrivilege",
    [24] = "SeRemoteShutdownPrivilege",
    [25] = "SeUndockPrivilege",
    [26] = "SeSyncAgentPrivilege",
    [27] = "SeEnableDelegationPrivilege",
    [28] = "SeManageVolumePrivilege",
    [29] = "SeImpersonatePrivilege",
    [30] = "SeCreateGlobalPrivilege",
    [31] = "SeTrustedCredManAccessPrivilege",
    [32] = "SeRelabelPrivilege",
    [33] = "SeIncreaseWorkingSetPrivilege",
    [34] = "SeTimeZonePrivilege",
    [35] = "SeCreateSymbolicLinkPrivilege",
    [36] = "SeDelegateSessionUserImpersonatePrivilege",
};

enum { COUNT = sizeof names / sizeof names[0] };

uint32_t wm_privilege_of(const char *name)
{
    for (uint32_t i = 0; i < COUNT; i++)
        if (names[i] != NULL && strcasecmp(names[i], name) == 0)
            return i;
    return 0;
}

const char *wm_privilege_name(uint32_t number)
{
    return number < COUNT ? names[number] : NULL;
}

/* --- a name's number --- */

/* here: no system was named, or none but this one. */
static wm_status find(bool here, const char *name, LUID *luid)
{
    LUID found = {.LowPart = 0};

    if (!here)
        return WM_SYSTEM_ELSEWHERE;
    found.LowPart = wm_privilege_of(name);
    if (found.LowPart == 0)
        return WM_PRIVILEGE_UNKNOWN;
    return wm_edge_tell(luid, &found, sizeof found);
}

static BOOL find_traced(const char *function, bool here, const char *name, LUID *luid)
{
    wm_status st = find(here, name, luid);

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(name), WM_HEX(luid));
    return wm_edge_bool(st);
}

BOOL WINAPI LookupPrivilegeValueA(LPCSTR lpSystemName, LPCSTR lpName, PLUID lpLuid)
{
    return find_traced(__func__, lpSystemName == NULL || *lpSystemName == '\0', lpName == NULL ? "" : lpName,
                       lpLuid);
}

BOOL WINAPI LookupPrivilegeValueW(LPCWSTR lpSystemName, LPCWSTR lpName, PLUID lpLuid)
{
    char name[NAME_MAX_BYTES] = "";

    if (lpName != NULL && !wm_utf8_of_utf32((const uint32_t *)lpName, name, sizeof name))
        name[0] = '\0';
    return find_traced(__func__, lpSystemName == NULL || *lpSystemName == 0, name, lpLuid);
}

BOOL WINAPI LookupPrivilegeValueW_utf16(const uint16_t *lpSystemName, const uint16_t *lpName, PLUID lpLuid)
{
    char name[NAME_MAX_BYTES] = "";

    if (lpName != NULL && !wm_utf8_of_utf16(lpName, name, sizeof name))
        name[0] = '\0';
    return find_traced(__func__, lpSystemName == NULL || *lpSystemName == 0, name, lpLuid);
}

/* --- a number's name --- */

struct asked {
    bool here;
    const LUID *luid;
    DWORD *length; /* in: characters of the buffer; out: of the name, or of the buffer that it wants */
};

static wm_status tell(const struct asked *asked, void *buffer, unsigned unit_bytes)
{
    struct wm_text_room room = {buffer, 0, unit_bytes};
    DWORD told = 0;
    const char *name;
    wm_status st;

    if (!asked->here)
        return WM_SYSTEM_ELSEWHERE;
    st = wm_edge_readable(asked->luid, sizeof *asked->luid);
    if (wm_ok(st))
        st = wm_edge_fillable(asked->length, sizeof *asked->length);
    if (!wm_ok(st))
        return st;
    name = asked->luid->HighPart == 0 ? wm_privilege_name(asked->luid->LowPart) : NULL;
    if (name == NULL)
        return WM_PRIVILEGE_UNKNOWN;
    room.size = *asked->length;
    st = wm_text_tell(&room, name, &told);
    if (wm_ok(st))
        *asked->length = told;
    return wm_ok(st) && told > wm_text_length(&room, name) ? WM_ANSWER_TOO_LONG : st;
}

static BOOL tell_traced(const char *function, const struct asked *asked, void *buffer, unsigned unit_bytes)
{
    wm_status st = tell(asked, buffer, unit_bytes);

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(asked->luid), WM_HEX(buffer), WM_HEX(asked->length));
    return wm_edge_bool(st);
}

BOOL WINAPI LookupPrivilegeNameA(LPCSTR lpSystemName, PLUID lpLuid, LPSTR lpName, LPDWORD cchName)
{
    struct asked asked = {lpSystemName == NULL || *lpSystemName == '\0', lpLuid, cchName};

    return tell_traced(__func__, &asked, lpName, sizeof(char));
}

BOOL WINAPI LookupPrivilegeNameW(LPCWSTR lpSystemName, PLUID lpLuid, LPWSTR lpName, LPDWORD cchName)
{
    struct asked asked = {lpSystemName == NULL || *lpSystemName == 0, lpLuid, cchName};

    return tell_traced(__func__, &asked, lpName, sizeof(WCHAR));
}

BOOL WINAPI LookupPrivilegeNameW_utf16(const uint16_t *lpSystemName, PLUID lpLuid, uint16_t *lpName,
                                       LPDWORD cchName)
{
    struct asked asked = {lpSystemName == NULL || *lpSystemName == 0, lpLuid, cchName};

    return tell_traced(__func__, &asked, lpName, sizeof(uint16_t));
}
