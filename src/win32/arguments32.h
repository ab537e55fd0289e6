/*
 * arguments32.h: a command line taken apart, as the C run time of Windows does it for main.
 *
 *   blanks and tabs part the arguments, but not between quotation marks
 *   the program's name ends at the first blank, or, if a quotation mark stands before it, at the next one
 *   behind it, 2n backslashes and a quotation mark are n backslashes and the mark; 2n+1 are n backslashes and a character '"';
 *   other backslashes are themselves. Within quotation marks two of them are a character '"'
 */
#ifndef WM_WIN32_ARGUMENTS32_H
#define WM_WIN32_ARGUMENTS32_H

#include <stddef.h>

/*
 * The arguments, with NULL behind the last, in one block that is to be freed; NULL: there is no memory. There is always one,
 * which may be empty.
 */
char **wm_arguments_of(const char *line);

/* How many bytes of the line are the program's name, where they begin, and where what follows them does. */
struct wm_program_name {
    const char *start, *end;
    int quoted;
};

struct wm_program_name wm_program_name_of(const char *line);

#endif
