/*
 * text.h: names as they come from Linux, made fit to be shown.
 *
 * A file's name may hold any byte but 0. In a terminal, control characters would be commands, and bytes that are no UTF-8
 * would be anything.
 */
#ifndef MAPS_TEXT_H
#define MAPS_TEXT_H

#include <stddef.h>

/*
 * The length in bytes of the character of UTF-8 at text, which ends with NUL; 0: what stands there is none. Surrogates, long
 * forms and what lies above U+10FFFF are none.
 */
size_t maps_utf8_character(const char *text);

/* Bytes that are no UTF-8 become U+FFFD; what does not fit in size bytes, NUL included, is left out whole. */
void maps_utf8(const char *text, char *out, size_t size);

/*
 * For a terminal: control characters, a backslash, bytes that are no UTF-8, characters that turn text around, and in a
 * locale that has only ASCII all others, become "\xNN", byte for byte. What does not fit in size bytes is left out whole.
 */
void maps_shown(const char *text, char *out, size_t size);

/* How many columns the character at text takes, and how many bytes; and those of a whole text. */
int maps_character_width(const char *text, size_t *bytes);
int maps_text_width(const char *text);

#endif
