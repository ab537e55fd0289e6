/* ink.h: what the picture is drawn with: elements of SVG, and how types of memory look. */
#ifndef MAPS_INK_H
#define MAPS_INK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Each begins an element that the caller ends with "/>" or, of a text, with ">", what it says, and "</text>". */
void maps_ink_rect(FILE *out, double x, double y, double width, double height);
void maps_ink_text(FILE *out, double x, double y);

/* Attributes: of a body of a row of the table, in a state. What is not committed has a pattern. */
bool maps_ink_is_patterned(int row, int state);
void maps_ink_fill(FILE *out, int row, int state);
const char *maps_ink_letters(int row);
const char *maps_ink_of_letters(int row); /* a colour that is read on the row's own */

/* Patterns that maps_ink_fill refers to. */
void maps_ink_patterns(FILE *out);

enum { MAPS_SIZE_TEXT = 48 };
void maps_ink_size(uint64_t bytes, char out[MAPS_SIZE_TEXT]);

#endif
