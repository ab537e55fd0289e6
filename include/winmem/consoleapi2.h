/* consoleapi2.h: size, colours and code pages of a console (consoleapi.h). */
#ifndef WINMEM_CONSOLEAPI2_H
#define WINMEM_CONSOLEAPI2_H

#include "minwindef.h"

#define FOREGROUND_BLUE 0x0001
#define FOREGROUND_GREEN 0x0002
#define FOREGROUND_RED 0x0004
#define FOREGROUND_INTENSITY 0x0008
#define BACKGROUND_BLUE 0x0010
#define BACKGROUND_GREEN 0x0020
#define BACKGROUND_RED 0x0040
#define BACKGROUND_INTENSITY 0x0080

typedef struct _COORD {
    SHORT X;
    SHORT Y;
} COORD, *PCOORD;

typedef struct _SMALL_RECT {
    SHORT Left;
    SHORT Top;
    SHORT Right;
    SHORT Bottom;
} SMALL_RECT, *PSMALL_RECT;

typedef struct _CONSOLE_SCREEN_BUFFER_INFO {
    COORD dwSize;
    COORD dwCursorPosition;
    WORD wAttributes;
    SMALL_RECT srWindow;
    COORD dwMaximumWindowSize;
} CONSOLE_SCREEN_BUFFER_INFO, *PCONSOLE_SCREEN_BUFFER_INFO;

WINMEM_C_BEGIN

/*
 * GetConsoleScreenBufferInfo: how large a terminal is, and what colours were set.
 *
 * hConsoleOutput                needs GENERIC_WRITE
 * lpConsoleScreenBufferInfo     out: columns and rows; all of them are the window. Colours are those that this process set last
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a terminal
 *               ERROR_ACCESS_DENIED       it lacks the right
 *               ERROR_NOACCESS            lpConsoleScreenBufferInfo cannot be written
 * On Linux      the cursor is told as 0, 0. A terminal that does not say its size has 80 columns and 25 rows
 * Source        learn.microsoft.com, "GetConsoleScreenBufferInfo function"
 */
WINBASEAPI BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE hConsoleOutput,
                                                  PCONSOLE_SCREEN_BUFFER_INFO lpConsoleScreenBufferInfo);

/*
 * SetConsoleTextAttribute: the colours of what is written from now on.
 *
 * hConsoleOutput    needs GENERIC_WRITE
 * wAttributes       FOREGROUND_ and BACKGROUND_ values
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED, ERROR_IO_DEVICE      as for WriteConsole
 * On Linux      written as an escape sequence. Red, green and blue together on black are the terminal's own colours
 * Source        learn.microsoft.com, "SetConsoleTextAttribute function"
 */
WINBASEAPI BOOL WINAPI SetConsoleTextAttribute(HANDLE hConsoleOutput, WORD wAttributes);

/*
 * SetConsoleCP, SetConsoleOutputCP: the code page of input and output, which is UTF-8.
 *
 * wCodePageID   CP_UTF8
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   another one
 * Source        learn.microsoft.com, "SetConsoleOutputCP function"
 */
WINBASEAPI BOOL WINAPI SetConsoleCP(UINT wCodePageID);
WINBASEAPI BOOL WINAPI SetConsoleOutputCP(UINT wCodePageID);

WINMEM_C_END

#endif /* WINMEM_CONSOLEAPI2_H */
