/*
 * modulefile.c: GetModuleFileName: the file that a module was loaded from.
 *
 * It is the name that the kernel has for what is mapped at the module's address, so it begins at the root and follows a file
 * that is moved. Behind the name of one that was deleted, or replaced by a newer one, the kernel writes that it was: the
 * name alone is told.
 */
#include <limits.h>
#include <psapi.h>
#include <string.h>

#include "api/wide.h"
#include "win32/text/textroom.h"
#include "win32/wide32.h"

static const char gone[] = " (deleted)";

/* A handle is the lowest address of an image; NULL is the program. The errors are those of the functions asked. */
static BOOL find(HMODULE *module)
{
    HMODULE found;

    if (*module == NULL) {
        *module = GetModuleHandleA(NULL);
        return *module != NULL;
    }
    if (!GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (LPCSTR)*module, &found))
        return FALSE;
    return found == *module || wm_edge_bool(WM_MODULE_UNKNOWN);
}

static BOOL name_of(HMODULE module, char *name, DWORD bytes)
{
    DWORD length;

    if (!find(&module))
        return FALSE;
    length = GetMappedFileNameA(GetCurrentProcess(), module, name, bytes);
    if (length >= sizeof gone && strcmp(name + length - (sizeof gone - 1), gone) == 0)
        name[length - (sizeof gone - 1)] = '\0';
    return length != 0;
}

/* As much of it as there is room for, with a terminator. */
static void cut(const char *name, const struct wm_text_room *room)
{
    size_t bytes = strlen(name) < room->size ? strlen(name) : room->size - 1;

    if (room->unit_bytes == sizeof(uint16_t)) {
        wm_utf16_of_utf8(name, room->buffer, room->size);
    } else if (room->unit_bytes == sizeof(uint32_t)) {
        wm_utf32_of_utf8(name, room->buffer, room->size);
    } else {
        memcpy(room->buffer, name, bytes);
        ((char *)room->buffer)[bytes] = '\0';
    }
}

static wm_status tell(const char *name, const struct wm_text_room *room, DWORD *told)
{
    wm_status st = wm_text_tell(room, name, told);

    if (!wm_ok(st) || *told < room->size)
        return st;
    st = wm_edge_fillable(room->buffer, (size_t)room->size * room->unit_bytes);
    if (!wm_ok(st))
        return st;
    if (room->size > 0)
        cut(name, room);
    *told = room->size;
    return WM_TEXT_ROOM;
}

/* One that does not fit is cut off, and told by its error and a length that leaves no room for the terminator. */
static DWORD file_traced(const char *function, HMODULE module, const struct wm_text_room *room)
{
    char name[PATH_MAX + sizeof gone];
    DWORD told = 0;
    wm_status st = WM_OK;

    if (!name_of(module, name, sizeof name))
        return 0;
    st = tell(name, room, &told);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(told)), WM_HEX((void *)module), WM_HEX(room->buffer),
                WM_DECIMAL(room->size));
    wm_edge_bool(st);
    return told;
}

DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize)
{
    return file_traced(__func__, hModule, &(struct wm_text_room){lpFilename, nSize, sizeof(char)});
}

DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
{
    return file_traced(__func__, hModule, &(struct wm_text_room){lpFilename, nSize, sizeof(WCHAR)});
}

DWORD WINAPI GetModuleFileNameW_utf16(HMODULE hModule, uint16_t *lpFilename, DWORD nSize)
{
    return file_traced(__func__, hModule, &(struct wm_text_room){lpFilename, nSize, sizeof(uint16_t)});
}
