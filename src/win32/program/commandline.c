/*
 * commandline.c: GetCommandLine: the arguments of the program as one text.
 *
 * Windows gives a program that text, and libc the arguments. Here it is the other way round: they are put together such that
 * whoever takes the line apart by the documented rules gets them back. libc tells them to a library that it loads; what is
 * made of them when somebody asks first is kept for all who ask later, and stays where it is, as programs expect.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "win32/text/unicode.h"
#include "win32/wide32.h"

static char **arguments;

__attribute__((constructor)) static void remember(int argc, char **argv)
{
    (void)argc;
    arguments = argv;
}

/* The text so far; without a place it is only counted. */
struct line {
    char *text;
    size_t length;
};

static void put(struct line *line, char c, size_t times)
{
    if (line->text != NULL)
        memset(line->text + line->length, c, times);
    line->length += times;
}

/* A backslash means itself, unless a quotation mark comes behind it. */
static void put_quoted(struct line *line, const char *argument)
{
    size_t slashes = 0;

    put(line, '"', 1);
    for (; *argument != '\0'; argument++) {
        if (*argument == '"')
            put(line, '\\', slashes + 1);
        slashes = *argument == '\\' ? slashes + 1 : 0;
        put(line, *argument, 1);
    }
    put(line, '\\', slashes);
    put(line, '"', 1);
}

static void put_argument(struct line *line, const char *argument)
{
    if (*argument == '\0' || strpbrk(argument, " \t\n\v\"") != NULL) {
        put_quoted(line, argument);
        return;
    }
    for (; *argument != '\0'; argument++)
        put(line, *argument, 1);
}

static void put_line(struct line *line)
{
    for (char **argument = arguments; argument != NULL && *argument != NULL; argument++) {
        if (argument != arguments)
            put(line, ' ', 1);
        put_argument(line, *argument);
    }
    put(line, '\0', 1);
}

static char *make_line(void)
{
    struct line line = {NULL, 0};

    put_line(&line);
    line.text = malloc(line.length);
    line.length = 0;
    if (line.text != NULL)
        put_line(&line);
    return line.text;
}

static void *make(unsigned unit_bytes)
{
    char *line = make_line();
    void *wide = line == NULL || unit_bytes == 1 ? line : wm_wide_copy(line, unit_bytes);

    if (wide != line)
        free(line);
    return wide;
}

/* Of two threads that ask first the second one's work is for nothing. */
static void *line_of(const char *function, void *_Atomic *kept, unsigned unit_bytes)
{
    static const uint32_t none;
    void *line = atomic_load(kept), *made = line == NULL ? make(unit_bytes) : NULL;

    if (made != NULL && !atomic_compare_exchange_strong(kept, &line, made))
        free(made);
    else if (made != NULL)
        line = made;
    WM_TRACE_AS(function, WM_OK, WM_RETURNS(WM_HEX(line)), WM_NO_ARGUMENTS);
    return line != NULL ? line : (void *)(uintptr_t)&none; /* it never fails */
}

LPSTR WINAPI GetCommandLineA(VOID)
{
    static void *_Atomic kept;

    return line_of(__func__, &kept, sizeof(char));
}

LPWSTR WINAPI GetCommandLineW(VOID)
{
    static void *_Atomic kept;

    return line_of(__func__, &kept, sizeof(WCHAR));
}

uint16_t *WINAPI GetCommandLineW_utf16(VOID)
{
    static void *_Atomic kept;

    return line_of(__func__, &kept, sizeof(uint16_t));
}
