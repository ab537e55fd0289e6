/*
 * computername.c: GetComputerNameA, GetComputerNameW: the name of the machine as networks of Windows know it, which is its
 * host name up to the first dot, in capitals, 15 characters at most.
 */
#include <limits.h>
#include <unistd.h>

#include "win32/text/textroom.h"
#include "win32/wide32.h"

/* Letters beyond ASCII stay as they are, and none is cut in two. */
static void name_of_machine(char *name, size_t bytes)
{
    char *end;

    if (gethostname(name, bytes) != 0)
        name[0] = '\0';
    name[bytes - 1] = '\0';
    for (end = name; *end != '\0' && *end != '.' && end < name + MAX_COMPUTERNAME_LENGTH; end++)
        if (*end >= 'a' && *end <= 'z')
            *end = (char)(*end - 'a' + 'A');
    while (end > name && (*end & 0xc0) == 0x80)
        end--;
    *end = '\0';
}

/* Where it does not fit, size is told with its terminator, else without. */
static wm_status tell(struct wm_text_room *room, LPDWORD size)
{
    char name[HOST_NAME_MAX + 1];
    wm_status st = wm_edge_readable(size, sizeof *size);
    DWORD told;

    if (!wm_ok(st))
        return st;
    memcpy(&room->size, size, sizeof room->size);
    name_of_machine(name, sizeof name);
    st = wm_text_tell(room, name, &told);
    if (wm_ok(st) && told >= room->size)
        st = WM_COMPUTER_NAME_ROOM;
    if (wm_ok(st) || st == WM_COMPUTER_NAME_ROOM)
        memcpy(size, &told, sizeof told);
    return st;
}

static BOOL tell_traced(const char *function, void *buffer, unsigned unit_bytes, LPDWORD size)
{
    struct wm_text_room room = {buffer, 0, unit_bytes};
    wm_status st = tell(&room, size);

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(buffer), WM_HEX(size));
    return wm_edge_bool(st);
}

BOOL WINAPI GetComputerNameA(LPSTR lpBuffer, LPDWORD nSize)
{
    return tell_traced(__func__, lpBuffer, sizeof(char), nSize);
}

BOOL WINAPI GetComputerNameW(LPWSTR lpBuffer, LPDWORD nSize)
{
    return tell_traced(__func__, lpBuffer, sizeof(WCHAR), nSize);
}

BOOL WINAPI GetComputerNameW_utf16(uint16_t *lpBuffer, LPDWORD nSize)
{
    return tell_traced(__func__, lpBuffer, sizeof(uint16_t), nSize);
}
