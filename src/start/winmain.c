/*
 * winmain.c: the wmain of a program that has WinMain.
 *
 * Windows gives it the command line as one string, without the program's name. Here there is none, but arguments: they are
 * put together with blanks and quoting such that whoever takes the line apart by the documented rules gets them back.
 */
#include <stdlib.h>
#include <string.h>

#include "start/start.h"

enum { SHOW_DEFAULT = 10 };

int WinMain(void *instance, void *previous, char *line, int show);
int wmain(int argc, void *argv, void *envp);

/* The program's first byte in memory: what GetModuleHandle(NULL) tells. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

static char *volatile kept; /* reachable, for leak checkers */

static char *put(char *to, char c, size_t times)
{
    memset(to, c, times);
    return to + times;
}

static int wants_quotes(const char *argument)
{
    return *argument == '\0' || strpbrk(argument, " \t\n\v\"") != NULL;
}

/* A backslash means itself, unless a quotation mark comes behind it. */
static char *put_quoted(char *to, const char *argument)
{
    size_t slashes = 0;

    to = put(to, '"', 1);
    for (; *argument != '\0'; argument++) {
        if (*argument == '"')
            to = put(to, '\\', slashes + 1);
        slashes = *argument == '\\' ? slashes + 1 : 0;
        to = put(to, *argument, 1);
    }
    return put(put(to, '\\', slashes), '"', 1);
}

static char *put_argument(char *to, const char *argument)
{
    if (wants_quotes(argument))
        return put_quoted(to, argument);
    while (*argument != '\0')
        *to++ = *argument++;
    return to;
}

/* An argument grows to twice its length, two quotation marks, and a blank before the next. */
static char *command_line(char **arguments)
{
    size_t room = 1;
    char *line, *to;

    for (char **a = arguments; *a != NULL; a++)
        room += 2 * strlen(*a) + 3;
    line = to = malloc(room);
    if (line == NULL)
        winmem_start_fail();
    for (char **a = arguments; *a != NULL; a++)
        to = put_argument(a == arguments ? to : put(to, ' ', 1), *a);
    *to = '\0';
    return line;
}

int wmain(int argc, void *argv, void *envp)
{
    (void)argv;
    (void)envp;
    kept = command_line(winmem_start_argv + (argc > 0));
    return WinMain((void *)(uintptr_t)__ehdr_start, NULL, kept, SHOW_DEFAULT);
}
