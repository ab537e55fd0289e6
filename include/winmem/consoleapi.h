/*
 * consoleapi.h: writing to a console, which is a terminal here.
 *
 * Functions of libwinmem-win32. A handle to anything else than a terminal is ERROR_INVALID_HANDLE in all of them, which is
 * how programs find out that their output goes to a file or a pipe.
 */
#ifndef WINMEM_CONSOLEAPI_H
#define WINMEM_CONSOLEAPI_H

#include "minwindef.h"

#define ENABLE_PROCESSED_INPUT 0x0001
#define ENABLE_LINE_INPUT 0x0002
#define ENABLE_ECHO_INPUT 0x0004
#define ENABLE_WINDOW_INPUT 0x0008
#define ENABLE_MOUSE_INPUT 0x0010
#define ENABLE_INSERT_MODE 0x0020
#define ENABLE_QUICK_EDIT_MODE 0x0040
#define ENABLE_EXTENDED_FLAGS 0x0080
#define ENABLE_AUTO_POSITION 0x0100
#define ENABLE_VIRTUAL_TERMINAL_INPUT 0x0200

#define ENABLE_PROCESSED_OUTPUT 0x0001
#define ENABLE_WRAP_AT_EOL_OUTPUT 0x0002
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#define DISABLE_NEWLINE_AUTO_RETURN 0x0008
#define ENABLE_LVB_GRID_WORLDWIDE 0x0010

WINMEM_C_BEGIN

/*
 * WriteConsoleA, WriteConsoleW: writes a text to a terminal.
 *
 * hConsoleOutput            needs GENERIC_WRITE
 * lpBuffer, nNumberOfCharsToWrite   the text; the A form counts bytes of UTF-8
 * lpNumberOfCharsWritten    out, optional: all of them
 * lpReserved                not looked at
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a terminal
 *               ERROR_ACCESS_DENIED       it lacks the right
 *               ERROR_NOACCESS            a buffer cannot be used
 *               ERROR_IO_DEVICE           the terminal is gone
 * On Linux      what is no character becomes U+FFFD
 * Source        learn.microsoft.com, "WriteConsole function"
 */
WINBASEAPI BOOL WINAPI WriteConsoleA(HANDLE hConsoleOutput, const VOID *lpBuffer, DWORD nNumberOfCharsToWrite,
                                     LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved);
WINBASEAPI BOOL WINAPI WriteConsoleW(HANDLE hConsoleOutput, const VOID *lpBuffer, DWORD nNumberOfCharsToWrite,
                                     LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved)
    WINMEM_WIDE_SYMBOL("WriteConsoleW");

/*
 * GetConsoleMode: what a terminal does with input, or with output.
 *
 * hConsoleHandle    the standard input handle, or one that may not write: input; else output
 * lpMode            out: ENABLE_ values
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a terminal
 *               ERROR_NOACCESS            lpMode cannot be written
 * On Linux      of input: PROCESSED (ISIG), LINE (ICANON), ECHO. Output is always PROCESSED, WRAP_AT_EOL and
 *               VIRTUAL_TERMINAL_PROCESSING
 * Source        learn.microsoft.com, "GetConsoleMode function"
 */
WINBASEAPI BOOL WINAPI GetConsoleMode(HANDLE hConsoleHandle, LPDWORD lpMode);

/*
 * SetConsoleMode: sets it.
 *
 * dwMode        ENABLE_ values. Of output all are accepted, and change nothing
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a terminal
 *               ERROR_INVALID_PARAMETER   a value that there is not
 * On Linux      of input those that GetConsoleMode tells have an effect, until somebody changes the terminal again; it is not
 *               set back when the process ends
 * Source        learn.microsoft.com, "SetConsoleMode function"
 */
WINBASEAPI BOOL WINAPI SetConsoleMode(HANDLE hConsoleHandle, DWORD dwMode);

/*
 * GetConsoleCP, GetConsoleOutputCP: the code page of input and output.
 *
 * Returns       CP_UTF8
 * Source        learn.microsoft.com, "GetConsoleOutputCP function"
 */
WINBASEAPI UINT WINAPI GetConsoleCP(VOID);
WINBASEAPI UINT WINAPI GetConsoleOutputCP(VOID);

WINMEM_C_END

#ifdef UNICODE
#define WriteConsole WriteConsoleW
#else
#define WriteConsole WriteConsoleA
#endif

#endif /* WINMEM_CONSOLEAPI_H */
