/*
 * messagebox.c: MessageBox. There are no windows, but programs have their last words in one.
 *
 * So it writes to the standard error output, one line that is whole whoever else writes there, and answers at once what the
 * user would have answered who only presses enter: the default button (L570).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/errno_status.h"
#include "win32/posix.h"
#include "win32/text/unicode.h"
#include "win32/wide32.h"

enum { KINDS = 7, BUTTONS = 3, KIND = 0xF, DEFAULT = 0xF00, ONE_DEFAULT = 0x100 };

/* By the number of MB_OK to MB_CANCELTRYCONTINUE. */
static const int buttons[KINDS][BUTTONS] = {
    {IDOK},        {IDOK, IDCANCEL},    {IDABORT, IDRETRY, IDIGNORE},       {IDYES, IDNO, IDCANCEL},
    {IDYES, IDNO}, {IDRETRY, IDCANCEL}, {IDCANCEL, IDTRYAGAIN, IDCONTINUE},
};

/* A default that the box does not have is its first. */
static int default_button(UINT type)
{
    const int *row = buttons[type & KIND];
    UINT chosen = (type & DEFAULT) / ONE_DEFAULT;

    return chosen < BUTTONS && row[chosen] != 0 ? row[chosen] : row[0];
}

static wm_status write_line(const char *caption, const char *text)
{
    size_t bytes = strlen(caption) + strlen(text) + sizeof ": \n";
    char *line = malloc(bytes);

    if (line == NULL)
        return WM_NO_MEMORY_LEFT;
    snprintf(line, bytes, "%s: %s\n", caption, text);
    wm_posix_write(STDERR_FILENO, line, bytes - 1);
    free(line);
    return WM_OK;
}

/* The texts are copies, which go. NULL is what Windows has in its place. */
static int tell(const char *function, HWND window, const void *text, const void *caption, unsigned unit_bytes,
                UINT type)
{
    char *caption_copy = wm_utf8_copy(caption, unit_bytes), *text_copy = wm_utf8_copy(text, unit_bytes);
    wm_status st = (type & KIND) < KINDS ? WM_OK : WM_MESSAGE_BUTTONS;
    int pressed = 0;

    if (wm_ok(st) && ((caption != NULL && caption_copy == NULL) || (text != NULL && text_copy == NULL)))
        st = WM_NO_MEMORY_LEFT;
    if (wm_ok(st))
        st = write_line(caption == NULL ? "Error" : caption_copy, text == NULL ? "" : text_copy);
    if (wm_ok(st))
        pressed = default_button(type);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL((DWORD)pressed)), WM_HEX(window),
                WM_STRING(text_copy == NULL ? "" : text_copy),
                WM_STRING(caption_copy == NULL ? "" : caption_copy), WM_HEX(type));
    free(caption_copy);
    free(text_copy);
    wm_edge_bool(st);
    return pressed;
}

int WINAPI MessageBoxA(HWND hWnd, LPCSTR lpText, LPCSTR lpCaption, UINT uType)
{
    return tell(__func__, hWnd, lpText, lpCaption, sizeof(char), uType);
}

int WINAPI MessageBoxW(HWND hWnd, LPCWSTR lpText, LPCWSTR lpCaption, UINT uType)
{
    return tell(__func__, hWnd, lpText, lpCaption, sizeof(WCHAR), uType);
}

int WINAPI MessageBoxW_utf16(HWND hWnd, const uint16_t *lpText, const uint16_t *lpCaption, UINT uType)
{
    return tell(__func__, hWnd, lpText, lpCaption, sizeof(uint16_t), uType);
}
