/*
 * sheet.h: rows of columns on a terminal of any width.
 *
 * Where not all columns fit, some are left out, those first that are missed least; the last one that stays is cut. So a line
 * is never longer than the terminal is wide. Cells hold text of our own, or text that was made fit to be shown (text.h).
 */
#ifndef MAPS_SHEET_H
#define MAPS_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct maps_column {
    const char *title;
    int width; /* negative: its text stands on the left; 0: the last one, which has what is left */
    int drop;  /* the higher, the sooner it goes; 0: it stays */
};

enum { MAPS_MOST_COLUMNS = 16 };

struct maps_sheet {
    const struct maps_column *columns;
    int count;
    bool shown[MAPS_MOST_COLUMNS];
    int width; /* 0: no end */
    FILE *out;
};

/* Chooses the columns and prints their titles. wide: those whose drop is negative are shown as well, which else are not. */
void maps_sheet_begin(struct maps_sheet *sheet, const struct maps_column *columns, int count, int width,
                      bool wide, FILE *out);

/* A row: a text for each column, shown or not. */
void maps_sheet_row(struct maps_sheet *sheet, const char *const *cells);

/* A line of text, cut to width, without its newline. Returns how many columns it takes. */
int maps_cut(const char *text, int width, FILE *out);

/* Bytes in at most six characters: 0, 4K, 64K, 1.5M, 128T. */
enum { MAPS_AMOUNT = 24 };
const char *maps_amount(uint64_t bytes, char out[MAPS_AMOUNT]);

/* How wide is the terminal that a file is? 0: it is none, and COLUMNS is not set. */
int maps_width_of(FILE *file);

#endif
