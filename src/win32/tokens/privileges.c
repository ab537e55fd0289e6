/*
 * privileges.c: OpenProcessToken, OpenThreadToken, AdjustTokenPrivileges, GetTokenInformation.
 *
 * There is the calling process's token (vm/system/token.h); threads have none of their own. AdjustTokenPrivileges succeeds
 * whatever it could do, and says in the last error whether that was all: it is one of the few functions that set it on
 * success. What it is given is read once, before anything changes.
 */
#include <unistd.h>

#include "vm/system/token.h"
#include "win32/tokens/privilegename.h"
#include "win32/win32.h"

/* --- opening --- */

BOOL WINAPI OpenProcessToken(HANDLE ProcessHandle, DWORD DesiredAccess, PHANDLE TokenHandle)
{
    uintptr_t handle = 0;
    wm_status st = wm_edge_self(ProcessHandle, PROCESS_QUERY_LIMITED_INFORMATION);

    if (wm_ok(st))
        st = wm_edge_tell(TokenHandle, &handle, sizeof handle);
    if (wm_ok(st))
        st = wm_token_open(DesiredAccess, &handle);
    if (wm_ok(st))
        memcpy(TokenHandle, &handle, sizeof handle);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(DesiredAccess), WM_HEX(TokenHandle));
    return wm_edge_bool(st);
}

BOOL WINAPI OpenThreadToken(HANDLE ThreadHandle, DWORD DesiredAccess, BOOL OpenAsSelf, PHANDLE TokenHandle)
{
    wm_status st = WM_TOKEN_NONE;

    if (GetThreadId(ThreadHandle) == 0)
        return FALSE; /* it has said why */
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ThreadHandle), WM_HEX(DesiredAccess), WM_BOOL(OpenAsSelf),
             WM_HEX(TokenHandle));
    return wm_edge_bool(st);
}

/* --- adjusting --- */

struct change {
    uint64_t enable, disable, remove;
    bool all; /* that were named are held */
};

static uint64_t bit_of(const LUID *luid)
{
    bool known = luid->HighPart == 0 && wm_privilege_name(luid->LowPart) != NULL;

    return known ? (uint64_t)1 << luid->LowPart : 0;
}

static void add(struct change *change, const LUID_AND_ATTRIBUTES *wanted, uint64_t held)
{
    uint64_t bit = bit_of(&wanted->Luid) & held;

    change->all &= bit != 0;
    if (wanted->Attributes & SE_PRIVILEGE_REMOVED)
        change->remove |= bit;
    else if (wanted->Attributes & SE_PRIVILEGE_ENABLED)
        change->enable |= bit;
    else
        change->disable |= bit;
}

static wm_status read_change(const TOKEN_PRIVILEGES *wanted, uint64_t held, struct change *change)
{
    const LUID_AND_ATTRIBUTES *all = wanted != NULL ? wanted->Privileges : NULL;
    LUID_AND_ATTRIBUTES one;
    DWORD count;
    wm_status st = wanted == NULL ? WM_PRIVILEGES_NOT_GIVEN : wm_edge_readable(wanted, sizeof count);

    if (!wm_ok(st))
        return st;
    memcpy(&count, wanted, sizeof count);
    for (DWORD i = 0; wm_ok(st) && i < count; i++) {
        st = wm_edge_readable(all + i, sizeof one);
        if (wm_ok(st)) {
            memcpy(&one, all + i, sizeof one);
            add(change, &one, held);
        }
    }
    return st;
}

/* The privileges of a set, with the attributes that they have. */
static size_t list(uint64_t set, const struct wm_privileges *now, void *out)
{
    LUID_AND_ATTRIBUTES *told = out == NULL ? NULL : ((TOKEN_PRIVILEGES *)out)->Privileges;
    DWORD count = 0;

    for (DWORD i = 0; i < 64; i++)
        if (set >> i & 1) {
            if (told != NULL)
                told[count] =
                    (LUID_AND_ATTRIBUTES){{.LowPart = i}, now->enabled >> i & 1 ? SE_PRIVILEGE_ENABLED : 0};
            count++;
        }
    if (out != NULL)
        memcpy(out, &count, sizeof count);
    return offsetof(TOKEN_PRIVILEGES, Privileges) + count * sizeof(LUID_AND_ATTRIBUTES);
}

/* Where what was goes; without a buffer nowhere. */
struct before {
    TOKEN_PRIVILEGES *buffer;
    DWORD bytes, *needed;
};

static wm_status tell_before(const struct before *before, uint64_t changed, const struct wm_privileges *now)
{
    DWORD needed = (DWORD)list(changed, now, NULL);
    wm_status st = before->buffer == NULL ? WM_OK : wm_edge_tell(before->needed, &needed, sizeof needed);

    if (!wm_ok(st) || before->buffer == NULL)
        return st;
    if (before->bytes < needed)
        return WM_ANSWER_TOO_LONG;
    st = wm_edge_fillable(before->buffer, needed);
    if (wm_ok(st))
        list(changed, now, before->buffer);
    return st;
}

static wm_status adjust(HANDLE token, bool disable_all, const TOKEN_PRIVILEGES *wanted,
                        const struct before *before, bool *all)
{
    struct wm_privileges now = wm_token_privileges();
    struct change change = {.all = true};
    uint64_t changed;
    wm_status st = wm_token_check((uintptr_t)token,
                                  TOKEN_ADJUST_PRIVILEGES | (before->buffer != NULL ? TOKEN_QUERY : 0));

    if (wm_ok(st) && disable_all)
        change.disable = now.held;
    else if (wm_ok(st))
        st = read_change(wanted, now.held, &change);
    changed = (change.enable & ~now.enabled) | (change.disable & now.enabled) | change.remove;
    if (wm_ok(st))
        st = tell_before(before, changed, &now);
    if (wm_ok(st))
        wm_token_adjust(change.enable, change.disable, change.remove);
    *all = change.all;
    return st;
}

BOOL WINAPI AdjustTokenPrivileges(HANDLE TokenHandle, BOOL DisableAllPrivileges, PTOKEN_PRIVILEGES NewState,
                                  DWORD BufferLength, PTOKEN_PRIVILEGES PreviousState, PDWORD ReturnLength)
{
    struct before before = {PreviousState, BufferLength, ReturnLength};
    bool all = true;
    wm_status st = adjust(TokenHandle, DisableAllPrivileges != 0, NewState, &before, &all);

    WM_TRACE(wm_ok(st) && !all ? WM_PRIVILEGES_NOT_ALL : st, WM_RETURNS_TRUE, WM_HEX(TokenHandle),
             WM_BOOL(DisableAllPrivileges), WM_HEX(NewState), WM_HEX(BufferLength), WM_HEX(PreviousState),
             WM_HEX(ReturnLength));
    if (wm_ok(st) && all)
        SetLastError(ERROR_SUCCESS);
    else if (wm_ok(st))
        wm_edge_fail(WM_PRIVILEGES_NOT_ALL);
    return wm_ok(st) || wm_edge_bool(st);
}

/* --- asking --- */

static wm_status answer(TOKEN_INFORMATION_CLASS asked, void *out, DWORD room, DWORD *needed)
{
    struct wm_privileges now = wm_token_privileges();
    TOKEN_ELEVATION elevation = {.TokenIsElevated = geteuid() == 0};
    TOKEN_ELEVATION_TYPE type = TokenElevationTypeDefault;
    wm_status st;

    switch ((int)asked) {
    case TokenPrivileges: *needed = (DWORD)list(now.held, &now, NULL); break;
    case TokenElevation: *needed = sizeof elevation; break;
    case TokenElevationType: *needed = sizeof type; break;
    default: return WM_CLASS_UNKNOWN;
    }
    if (room < *needed)
        return WM_ANSWER_TOO_LONG;
    st = wm_edge_fillable(out, *needed);
    if (!wm_ok(st))
        return st;
    if (asked == TokenPrivileges)
        list(now.held, &now, out);
    else
        memcpy(out, asked == TokenElevation ? (const void *)&elevation : &type, *needed);
    return WM_OK;
}

BOOL WINAPI GetTokenInformation(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS TokenInformationClass,
                                LPVOID TokenInformation, DWORD TokenInformationLength, PDWORD ReturnLength)
{
    DWORD needed = 0;
    wm_status st = wm_token_check((uintptr_t)TokenHandle, TOKEN_QUERY);

    if (wm_ok(st))
        st = wm_edge_tell(ReturnLength, &needed, sizeof needed);
    if (wm_ok(st))
        st = answer(TokenInformationClass, TokenInformation, TokenInformationLength, &needed);
    if (needed != 0)
        memcpy(ReturnLength, &needed, sizeof needed);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(TokenHandle), WM_DECIMAL(TokenInformationClass),
             WM_HEX(TokenInformation), WM_HEX(TokenInformationLength), WM_HEX(ReturnLength));
    return wm_edge_bool(st);
}
