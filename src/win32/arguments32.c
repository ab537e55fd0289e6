/* arguments32.c: taking a command line apart (arguments32.h). */
#include "win32/arguments32.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct wm_program_name wm_program_name_of(const char *line)
{
    struct wm_program_name name = {.start = line, .end = line, .quoted = *line == '"'};

    if (name.quoted) {
        name.start = line + 1;
        name.end = name.start + strcspn(name.start, "\"");
    } else {
        while (*name.end != '\0' && !is_blank(*name.end))
            name.end++;
    }
    return name;
}

/* A name may be quoted in parts: what stands in quotation marks has blanks that do not part. */
static const char *take_name(const char *p, char **to)
{
    bool quoted = false;

    for (; *p != '\0' && (quoted || !is_blank(*p)); p++) {
        if (*p == '"')
            quoted = !quoted;
        else
            *(*to)++ = *p;
    }
    *(*to)++ = '\0';
    return p;
}

/* p stands at a backslash or a quotation mark. */
static const char *take_marks(const char *p, char **to, bool *quoted)
{
    size_t slashes = strspn(p, "\\");

    p += slashes;
    if (*p != '"') {
        memset(*to, '\\', slashes);
        *to += slashes;
        return p;
    }
    memset(*to, '\\', slashes / 2);
    *to += slashes / 2;
    if (slashes % 2 != 0 || (*quoted && p[1] == '"')) {
        *(*to)++ = '"';
        return slashes % 2 != 0 ? p + 1 : p + 2;
    }
    *quoted = !*quoted;
    return p + 1;
}

static const char *take_argument(const char *p, char **to)
{
    bool quoted = false;

    while (*p != '\0' && (quoted || !is_blank(*p))) {
        if (*p == '\\' || *p == '"')
            p = take_marks(p, to, &quoted);
        else
            *(*to)++ = *p++;
    }
    *(*to)++ = '\0';
    return p;
}

/* Each argument takes a blank, or the end, of the line, and itself no more than there is of it. */
char **wm_arguments_of(const char *line)
{
    size_t length = strlen(line), most = length / 2 + 3, count = 0;
    char **arguments = malloc(most * sizeof *arguments + length + 2);
    const char *p;
    char *to;

    if (arguments == NULL)
        return NULL;
    to = (char *)(arguments + most);
    arguments[count++] = to;
    for (p = take_name(line, &to);;) {
        while (is_blank(*p))
            p++;
        if (*p == '\0')
            break;
        arguments[count++] = to;
        p = take_argument(p, &to);
    }
    arguments[count] = NULL;
    return arguments;
}
