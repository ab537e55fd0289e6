/* inserts.h: what FormatMessage makes of a message definition: its escapes, inserts and line breaks. */
#ifndef WM_API_INSERTS_H
#define WM_API_INSERTS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/lines.h"
#include "base/status.h"

enum { WM_MESSAGE_ARGUMENTS = 256 };

/*
 * A definition and what goes with it. It can be written several times, with the same result: arguments are taken
 * from the list once, and kept.
 *
 * %n is the n-th argument of an array. Of a list it is the n-th that an insert has asked for by its number, or as a
 * precision after a width: an insert's last argument, where others went before it, has no number, and is just the next.
 * So the two examples of the reference page come out, and a number that comes again means the same argument again.
 */
struct wm_message {
    const void *definition;
    unsigned unit_bytes; /* of the definition, and of the strings that are inserted */
    bool keep_inserts;   /* as they stand in the definition */
    bool join_lines;     /* line breaks of the definition become blanks; those of %n stay */
    const uintptr_t *array;
    va_list *list; /* array and list may both be NULL */

    size_t at;      /* the next unit of the definition; this and the rest begin as 0 */
    size_t next;    /* argument that has not been asked for */
    size_t numbers; /* that are known of the list; numbered: which arguments they are */
    uint8_t numbered[WM_MESSAGE_ARGUMENTS];
    size_t taken; /* from the list: arguments */
    uintptr_t arguments[WM_MESSAGE_ARGUMENTS];
};

/* Appends to lines, without a terminator. Stops where the text has become longer than is wanted. */
wm_status wm_message_write(struct wm_message *message, struct wm_lines *lines);

#endif
