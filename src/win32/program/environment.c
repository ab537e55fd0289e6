/*
 * environment.c: GetEnvironmentVariable, SetEnvironmentVariable, GetEnvironmentStrings, ExpandEnvironmentStrings.
 *
 * The environment is libc's, which getenv, setenv and every program that is started see: so it is its names that are
 * compared, letter by letter (L395), and, as with libc, nobody may change it while another thread reads it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "win32/text/textroom.h"
#include "win32/text/unicode.h"
#include "win32/wide32.h"

extern char **environ;

/* --- one variable --- */

static wm_status get(const char *name, const struct wm_text_room *room, DWORD *told)
{
    const char *value = name == NULL || *name == '\0' ? NULL : getenv(name);

    return value == NULL ? WM_VARIABLE_UNKNOWN : wm_text_tell(room, value, told);
}

static DWORD get_traced(const char *function, const void *wanted, const struct wm_text_room *room)
{
    char *name = wm_utf8_copy(wanted, room->unit_bytes);
    DWORD told = 0;
    wm_status st = wanted != NULL && name == NULL ? WM_NO_MEMORY_LEFT : get(name, room, &told);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(told)), WM_STRING(name), WM_HEX(room->buffer),
                WM_DECIMAL(room->size));
    free(name);
    return wm_edge_bool(st) ? told : 0;
}

DWORD WINAPI GetEnvironmentVariableA(LPCSTR lpName, LPSTR lpBuffer, DWORD nSize)
{
    struct wm_text_room room = {lpBuffer, nSize, sizeof(char)};

    return get_traced(__func__, lpName, &room);
}

DWORD WINAPI GetEnvironmentVariableW(LPCWSTR lpName, LPWSTR lpBuffer, DWORD nSize)
{
    struct wm_text_room room = {lpBuffer, nSize, sizeof(WCHAR)};

    return get_traced(__func__, lpName, &room);
}

DWORD WINAPI GetEnvironmentVariableW_utf16(const uint16_t *lpName, uint16_t *lpBuffer, DWORD nSize)
{
    struct wm_text_room room = {lpBuffer, nSize, sizeof(uint16_t)};

    return get_traced(__func__, lpName, &room);
}

static wm_status set(const char *name, const char *value)
{
    int saved = errno, result;

    if (name == NULL || *name == '\0' || strchr(name, '=') != NULL)
        return WM_VARIABLE_NAME;
    result = value == NULL ? unsetenv(name) : setenv(name, value, 1);
    errno = saved;
    return result == 0 ? WM_OK : WM_NO_MEMORY_LEFT;
}

/* A value without memory for it would take the variable away. */
static BOOL set_traced(const char *function, const void *name, const void *value, unsigned unit_bytes)
{
    char *own_name = wm_utf8_copy(name, unit_bytes), *own_value = wm_utf8_copy(value, unit_bytes);
    bool lacks = (name != NULL && own_name == NULL) || (value != NULL && own_value == NULL);
    wm_status st = lacks ? WM_NO_MEMORY_LEFT : set(own_name, own_value);

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(own_name), WM_STRING(own_value));
    free(own_name);
    free(own_value);
    return wm_edge_bool(st);
}

BOOL WINAPI SetEnvironmentVariableA(LPCSTR lpName, LPCSTR lpValue)
{
    return set_traced(__func__, lpName, lpValue, sizeof(char));
}

BOOL WINAPI SetEnvironmentVariableW(LPCWSTR lpName, LPCWSTR lpValue)
{
    return set_traced(__func__, lpName, lpValue, sizeof(WCHAR));
}

BOOL WINAPI SetEnvironmentVariableW_utf16(const uint16_t *lpName, const uint16_t *lpValue)
{
    return set_traced(__func__, lpName, lpValue, sizeof(uint16_t));
}

/* --- all of them --- */

static size_t all_bytes(void)
{
    size_t bytes = 1;

    for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
        bytes += strlen(*variable) + 1;
    return bytes;
}

/* One behind the other, each with its terminator, and another one at the end. */
static void *all_traced(const char *function, unsigned unit_bytes)
{
    char *block = calloc(all_bytes() + 1, unit_bytes), *to = block;
    wm_status st = block == NULL ? WM_NO_MEMORY_LEFT : WM_OK;

    for (char **variable = environ; block != NULL && variable != NULL && *variable != NULL; variable++) {
        struct wm_text_room room = {to, (DWORD)strlen(*variable) + 1, unit_bytes};
        DWORD told = 0;

        wm_text_tell(&room, *variable, &told);
        to += (told + 1) * unit_bytes;
    }
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(block)), WM_NO_ARGUMENTS);
    return wm_edge_ptr(st, (uintptr_t)block);
}

LPCH WINAPI GetEnvironmentStringsA(VOID)
{
    return all_traced(__func__, sizeof(char));
}

LPWCH WINAPI GetEnvironmentStringsW(VOID)
{
    return all_traced(__func__, sizeof(WCHAR));
}

uint16_t *WINAPI GetEnvironmentStringsW_utf16(VOID)
{
    return all_traced(__func__, sizeof(uint16_t));
}

static BOOL free_traced(const char *function, void *block)
{
    WM_TRACE_AS(function, WM_OK, WM_RETURNS_TRUE, WM_HEX(block));
    free(block);
    return TRUE;
}

BOOL WINAPI FreeEnvironmentStringsA(LPCH penv)
{
    return free_traced(__func__, penv);
}

BOOL WINAPI FreeEnvironmentStringsW(LPWCH penv)
{
    return free_traced(__func__, penv);
}

BOOL WINAPI FreeEnvironmentStringsW_utf16(uint16_t *penv)
{
    return free_traced(__func__, penv);
}

/* --- in a text --- */

/* The value of a variable whose name stands between percent signs; NULL: there is none. */
static const char *value_of(const char *name, size_t length)
{
    for (char **variable = environ; length > 0 && variable != NULL && *variable != NULL; variable++)
        if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=')
            return *variable + length + 1;
    return NULL;
}

/* What is put out, or only counted where there is no room yet. */
static size_t put(char *to, size_t at, const char *text, size_t length)
{
    if (to != NULL)
        memcpy(to + at, text, length);
    return at + length;
}

static size_t expand(const char *text, char *to)
{
    size_t at = 0;

    while (*text != '\0') {
        const char *end = *text == '%' ? strchr(text + 1, '%') : NULL;
        const char *value = end == NULL ? NULL : value_of(text + 1, (size_t)(end - text) - 1);

        if (value != NULL) {
            at = put(to, at, value, strlen(value));
            text = end + 1;
        } else {
            at = put(to, at, text++, 1);
        }
    }
    return put(to, at, "", 1);
}

static wm_status tell_expanded(const char *text, const struct wm_text_room *room, DWORD *told)
{
    char *expanded = malloc(expand(text, NULL));
    wm_status st;

    if (expanded == NULL)
        return WM_NO_MEMORY_LEFT;
    expand(text, expanded);
    st = wm_text_tell(room, expanded, told);
    if (wm_ok(st) && room->buffer != NULL && *told < room->size) /* the terminator counts here */
        *told += 1;
    free(expanded);
    return st;
}

/* A text that does not fit is no failure here, and tells the error of one. */
static DWORD expand_traced(const char *function, const void *text, const struct wm_text_room *room)
{
    char *own = wm_utf8_copy(text == NULL ? L"" : text, room->unit_bytes);
    DWORD told = 0;
    wm_status st = own == NULL ? WM_NO_MEMORY_LEFT : tell_expanded(own, room, &told);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(told)), WM_STRING(own), WM_HEX(room->buffer),
                WM_DECIMAL(room->size));
    free(own);
    if (wm_ok(st) && told > room->size)
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return wm_edge_bool(st) ? told : 0;
}

DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR lpSrc, LPSTR lpDst, DWORD nSize)
{
    return expand_traced(__func__, lpSrc, &(struct wm_text_room){lpDst, nSize, sizeof(char)});
}

DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR lpSrc, LPWSTR lpDst, DWORD nSize)
{
    return expand_traced(__func__, lpSrc, &(struct wm_text_room){lpDst, nSize, sizeof(WCHAR)});
}

DWORD WINAPI ExpandEnvironmentStringsW_utf16(const uint16_t *lpSrc, uint16_t *lpDst, DWORD nSize)
{
    return expand_traced(__func__, lpSrc, &(struct wm_text_room){lpDst, nSize, sizeof(uint16_t)});
}
