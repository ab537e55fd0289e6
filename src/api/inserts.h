/* inserts.h: what FormatMessage makes of a message definition: its escapes, inserts and line breaks. */
#ifndef WM_API_INSERTS_H
#define WM_API_INSERTS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/lines.h"
#include "base/status.h"

/* %99, moved on by inserts that take their width from an argument. */
enum { WM_MESSAGE_ARGUMENTS = 128 };

/*
 * A definition and what goes with it. It can be written several times, with the same result: arguments are taken
 * from the list once, and kept.
 */
struct wm_message {
    const void *definition;
    unsigned unit_bytes; /* of the definition, and of the strings that are inserted */
    bool keep_inserts;   /* as they stand in the definition */
    bool join_lines;     /* line breaks of the definition become blanks; those of %n stay */
    const uintptr_t *array;
    va_list *list; /* array and list may both be NULL */

    size_t at; /* the next unit of the definition; this and the rest begin as 0 */
    size_t shift;
    size_t taken;
    uintptr_t arguments[WM_MESSAGE_ARGUMENTS];
};

/* Appends to lines, without a terminator. */
wm_status wm_message_write(struct wm_message *message, struct wm_lines *lines);

#endif
