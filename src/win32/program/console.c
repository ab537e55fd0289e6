/*
 * console.c: terminals as Windows' consoles, as far as a program that prints needs them: WriteConsole, GetConsoleMode,
 * GetConsoleScreenBufferInfo, SetConsoleTextAttribute and the code pages.
 *
 * A handle is one of a console if what it stands for is a terminal; with any other the functions fail (6), which is how
 * programs tell that their output goes elsewhere. Input and output of a terminal are one file here. A handle means input if
 * it is the standard one for that, or may not write. Colours are written as terminals take them; which were set last is
 * one word, the only thing kept.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "win32/posix.h"
#include "win32/text/unicode.h"
#include "win32/wide32.h"

enum { NORMAL_COLOURS = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE };

static _Atomic WORD colours = NORMAL_COLOURS;

/* The terminal settings of the kernel, which are not those of libc. */
struct settings {
    uint32_t input, output, control, local;
    uint8_t rest[44];
};

static wm_status pin(HANDLE console, uint32_t rights, struct wm_pinned_file *pinned,
                     struct settings *settings)
{
    wm_status st = wm_file_pin((uintptr_t)console, rights, pinned);

    if (!wm_ok(st))
        return st;
    return wm_posix_ioctl(pinned->file->fd, TCGETS, settings) == 0 ? WM_OK : WM_CONSOLE_NONE;
}

/* --- writing --- */

static wm_status write_all(int fd, const char *text, size_t bytes)
{
    while (bytes > 0) {
        long done = wm_posix_write(fd, text, bytes);

        if (done < 0 && done != -EINTR)
            return wm_from_errno(WM_OP_TRANSFER, (int)done);
        text += done < 0 ? 0 : done;
        bytes -= done < 0 ? 0 : (size_t)done;
    }
    return WM_OK;
}

static wm_status write_wide(int fd, const void *text, size_t units, unsigned unit_bytes)
{
    char part[1024];
    wm_status st = WM_OK;

    for (size_t taken = 0; wm_ok(st) && taken < units;) {
        size_t bytes = 0;

        while (taken < units && bytes < sizeof part - 4) {
            uint32_t c;

            taken += wm_take_wide((const char *)text + taken * unit_bytes, units - taken, unit_bytes, &c);
            bytes += wm_put_utf8(c == WM_NO_CHARACTER ? WM_REPLACEMENT : c, part + bytes, 4);
        }
        st = write_all(fd, part, bytes);
    }
    return st;
}

static wm_status write_to(HANDLE console, const void *text, DWORD units, unsigned unit_bytes, DWORD *written)
{
    WM_PINNED_FILE pinned = {0};
    struct settings settings;
    wm_status st = pin(console, WM_FILE_WRITE, &pinned, &settings);

    if (wm_ok(st) && written != NULL)
        st = wm_edge_writable(written, sizeof *written);
    if (wm_ok(st))
        st = unit_bytes == 1 ? write_all(pinned.file->fd, text, units)
                             : write_wide(pinned.file->fd, text, units, unit_bytes);
    if (wm_ok(st) && written != NULL)
        *written = units;
    return st;
}

static BOOL write_traced(const char *function, HANDLE console, const void *text, DWORD units,
                         unsigned unit_bytes, DWORD *written)
{
    wm_status st = write_to(console, text, units, unit_bytes, written);

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(console), WM_HEX(text), WM_DECIMAL(units),
                WM_HEX(written));
    return wm_edge_bool(st);
}

BOOL WINAPI WriteConsoleA(HANDLE hConsoleOutput, const VOID *lpBuffer, DWORD nNumberOfCharsToWrite,
                          LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved)
{
    (void)lpReserved;
    return write_traced(__func__, hConsoleOutput, lpBuffer, nNumberOfCharsToWrite, sizeof(char),
                        lpNumberOfCharsWritten);
}

BOOL WINAPI WriteConsoleW(HANDLE hConsoleOutput, const VOID *lpBuffer, DWORD nNumberOfCharsToWrite,
                          LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved)
{
    (void)lpReserved;
    return write_traced(__func__, hConsoleOutput, lpBuffer, nNumberOfCharsToWrite, sizeof(WCHAR),
                        lpNumberOfCharsWritten);
}

BOOL WINAPI WriteConsoleW_utf16(HANDLE hConsoleOutput, const VOID *lpBuffer, DWORD nNumberOfCharsToWrite,
                                LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved)
{
    (void)lpReserved;
    return write_traced(__func__, hConsoleOutput, lpBuffer, nNumberOfCharsToWrite, sizeof(uint16_t),
                        lpNumberOfCharsWritten);
}

/* --- modes --- */

static const struct {
    DWORD mode;
    uint32_t local;
} input_modes[] = {
    {ENABLE_PROCESSED_INPUT, ISIG},
    {ENABLE_LINE_INPUT, ICANON},
    {ENABLE_ECHO_INPUT, ECHO},
};

/* All that there are on Windows. */
#define CONSOLE_INPUT_MODES 0x03ff
#define CONSOLE_OUTPUT_MODES 0x001f

#define OUTPUT_MODES                                                                                         \
    (ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING)

static bool is_input(HANDLE console, const struct wm_pinned_file *pinned)
{
    return !(pinned->rights & WM_FILE_WRITE) || console == GetStdHandle(STD_INPUT_HANDLE);
}

static DWORD mode_of(const struct settings *settings)
{
    DWORD mode = 0;

    for (size_t i = 0; i < sizeof input_modes / sizeof input_modes[0]; i++)
        if (settings->local & input_modes[i].local)
            mode |= input_modes[i].mode;
    return mode;
}

static wm_status get_mode(HANDLE console, DWORD *mode)
{
    WM_PINNED_FILE pinned = {0};
    struct settings settings;
    wm_status st = pin(console, 0, &pinned, &settings);
    DWORD found;

    if (!wm_ok(st))
        return st;
    found = is_input(console, &pinned) ? mode_of(&settings) : OUTPUT_MODES;
    return wm_edge_tell(mode, &found, sizeof found);
}

BOOL WINAPI GetConsoleMode(HANDLE hConsoleHandle, LPDWORD lpMode)
{
    wm_status st = get_mode(hConsoleHandle, lpMode);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hConsoleHandle), WM_HEX(lpMode));
    return wm_edge_bool(st);
}

static wm_status set_input_mode(int fd, struct settings *settings, DWORD mode)
{
    if (mode & ~(DWORD)CONSOLE_INPUT_MODES)
        return WM_CONSOLE_MODE;
    for (size_t i = 0; i < sizeof input_modes / sizeof input_modes[0]; i++) {
        settings->local &= ~input_modes[i].local;
        settings->local |= mode & input_modes[i].mode ? input_modes[i].local : 0;
    }
    return wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_ioctl(fd, TCSETS, settings));
}

/* A terminal does to output what it does: what Windows' default is it always is. */
static wm_status set_mode(HANDLE console, DWORD mode)
{
    WM_PINNED_FILE pinned = {0};
    struct settings settings;
    wm_status st = pin(console, 0, &pinned, &settings);

    if (!wm_ok(st))
        return st;
    if (is_input(console, &pinned))
        return set_input_mode(pinned.file->fd, &settings, mode);
    return mode & ~(DWORD)CONSOLE_OUTPUT_MODES ? WM_CONSOLE_MODE : WM_OK;
}

BOOL WINAPI SetConsoleMode(HANDLE hConsoleHandle, DWORD dwMode)
{
    wm_status st = set_mode(hConsoleHandle, dwMode);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hConsoleHandle), WM_HEX(dwMode));
    return wm_edge_bool(st);
}

/* --- size and colours --- */

static void describe(const struct winsize *size, CONSOLE_SCREEN_BUFFER_INFO *out)
{
    SHORT columns = size->ws_col == 0 ? 80 : (SHORT)size->ws_col;
    SHORT rows = size->ws_row == 0 ? 25 : (SHORT)size->ws_row;

    *out = (CONSOLE_SCREEN_BUFFER_INFO){
        .dwSize = {columns, rows},
        .wAttributes = atomic_load(&colours),
        .srWindow = {0, 0, (SHORT)(columns - 1), (SHORT)(rows - 1)},
        .dwMaximumWindowSize = {columns, rows},
    };
}

static wm_status tell_screen(HANDLE console, CONSOLE_SCREEN_BUFFER_INFO *out)
{
    WM_PINNED_FILE pinned = {0};
    CONSOLE_SCREEN_BUFFER_INFO told;
    struct winsize size = {0};
    struct settings settings;
    wm_status st = pin(console, WM_FILE_WRITE, &pinned, &settings);

    if (!wm_ok(st))
        return st;
    wm_posix_ioctl(pinned.file->fd, TIOCGWINSZ, &size);
    describe(&size, &told);
    return wm_edge_tell(out, &told, sizeof told);
}

BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE hConsoleOutput,
                                       PCONSOLE_SCREEN_BUFFER_INFO lpConsoleScreenBufferInfo)
{
    wm_status st = tell_screen(hConsoleOutput, lpConsoleScreenBufferInfo);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hConsoleOutput), WM_HEX(lpConsoleScreenBufferInfo));
    return wm_edge_bool(st);
}

/* Windows counts blue, green, red in bits; terminals count red, green, blue. */
static unsigned colour(unsigned bits)
{
    return (bits & 4) >> 2 | (bits & 2) | (bits & 1) << 2;
}

static wm_status set_colours(HANDLE console, WORD attributes)
{
    WM_PINNED_FILE pinned = {0};
    struct settings settings;
    wm_status st = pin(console, WM_FILE_WRITE, &pinned, &settings);
    char text[40];
    int length;

    if (!wm_ok(st))
        return st;
    if ((attributes & 0xff) == NORMAL_COLOURS)
        length = snprintf(text, sizeof text, "\033[0m");
    else
        length = snprintf(text, sizeof text, "\033[0;%u;%um",
                          colour(attributes) + (attributes & FOREGROUND_INTENSITY ? 90 : 30),
                          colour(attributes >> 4) + (attributes & BACKGROUND_INTENSITY ? 100
                                                     : attributes & 0x70               ? 40
                                                                                       : 49));
    st = write_all(pinned.file->fd, text, (size_t)length);
    if (wm_ok(st))
        atomic_store(&colours, attributes);
    return st;
}

BOOL WINAPI SetConsoleTextAttribute(HANDLE hConsoleOutput, WORD wAttributes)
{
    wm_status st = set_colours(hConsoleOutput, wAttributes);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hConsoleOutput), WM_HEX((DWORD)wAttributes));
    return wm_edge_bool(st);
}

/* --- code pages --- */

UINT WINAPI GetConsoleCP(VOID)
{
    WM_TRACE(WM_OK, WM_RETURNS(WM_DECIMAL((DWORD)CP_UTF8)), WM_NO_ARGUMENTS);
    return CP_UTF8;
}

UINT WINAPI GetConsoleOutputCP(VOID)
{
    WM_TRACE(WM_OK, WM_RETURNS(WM_DECIMAL((DWORD)CP_UTF8)), WM_NO_ARGUMENTS);
    return CP_UTF8;
}

static BOOL code_page_traced(const char *function, UINT code_page)
{
    wm_status st = code_page == CP_UTF8 ? WM_OK : WM_CODE_PAGE;

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_DECIMAL(code_page));
    return wm_edge_bool(st);
}

BOOL WINAPI SetConsoleCP(UINT wCodePageID)
{
    return code_page_traced(__func__, wCodePageID);
}

BOOL WINAPI SetConsoleOutputCP(UINT wCodePageID)
{
    return code_page_traced(__func__, wCodePageID);
}
