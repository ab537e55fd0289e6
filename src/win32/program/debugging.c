/*
 * debugging.c: OutputDebugString, IsDebuggerPresent, DebugBreak.
 *
 * A debugger of Linux does not listen for texts. So a program that is being debugged writes them to its standard error
 * output, where whoever debugs it looks, and another one writes none (L397); either is seen in a trace (WINMEM_TRACE).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kern/descriptor.h"
#include "kern/kern.h"
#include "win32/posix.h"
#include "win32/text/unicode.h"
#include "win32/wide32.h"

/* The process that traces this one, by what the kernel says of this one; 0: none, or it does not say. */
static long tracer(void)
{
    char status[4096];
    int fd = wm_fd_create("/proc/self/status", O_RDONLY, 0);
    const char *found;
    long length;

    if (fd < 0)
        return 0;
    length = wm_posix_read(fd, status, sizeof status - 1);
    wm_kern_close(fd);
    status[length < 0 ? 0 : length] = '\0';
    found = strstr(status, "\nTracerPid:");
    return found == NULL ? 0 : strtol(found + sizeof "\nTracerPid:" - 1, NULL, 10);
}

BOOL WINAPI IsDebuggerPresent(VOID)
{
    BOOL present = tracer() != 0;

    WM_TRACE(WM_OK, WM_RETURNS(WM_BOOL(present)), WM_NO_ARGUMENTS);
    return present;
}

static void output_traced(const char *function, char *text)
{
    if (text != NULL && tracer() != 0)
        wm_posix_write(STDERR_FILENO, text, strlen(text));
    WM_TRACE_AS(function, WM_OK, WM_RETURNS_NOTHING, WM_STRING(text == NULL ? "" : text));
    free(text);
}

VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString)
{
    output_traced(__func__, wm_utf8_copy(lpOutputString, sizeof(char)));
}

VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString)
{
    output_traced(__func__, wm_utf8_copy(lpOutputString, sizeof(WCHAR)));
}

VOID WINAPI OutputDebugStringW_utf16(const uint16_t *lpOutputString)
{
    output_traced(__func__, wm_utf8_copy(lpOutputString, sizeof(uint16_t)));
}

VOID WINAPI DebugBreak(VOID)
{
    WM_TRACE(WM_OK, WM_RETURNS_NEVER, WM_NO_ARGUMENTS);
    __debugbreak();
}
