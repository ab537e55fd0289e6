/*
 * screen.h: text on all of a terminal, again and again, with what has changed highlighted.
 *
 * A line is compared with the one that began with the same word when the screen was drawn before: words that differ are shown
 * in reverse, lines that are new bold. No colours are needed for that.
 */
#ifndef MAPS_SCREEN_H
#define MAPS_SCREEN_H

#include "model.h"

struct maps_screen {
    void *terminal; /* ncurses's */
    char *before;   /* the text that new ones are compared with */
};

enum {
    MAPS_KEY_NONE = -1,
    MAPS_KEY_UP = 1000,
    MAPS_KEY_DOWN,
    MAPS_KEY_PAGE_UP,
    MAPS_KEY_PAGE_DOWN,
    MAPS_KEY_SIZE
};

/* False: why tells: there is no terminal, or none that ncurses knows. */
bool maps_screen_begin(struct maps_screen *screen, struct maps_why *why);
void maps_screen_end(struct maps_screen *screen);

int maps_screen_width(void);

/*
 * Draws lines of text, which ends with NUL. The first `fixed` lines stay; of the others those from number `from` on are shown.
 * Only the first `compared` ones are compared. Then `text` is what the next one is compared with, if `kept` is set.
 */
void maps_screen_draw(struct maps_screen *screen, const char *text, int fixed, int from, int compared,
                      bool kept);

/* A key, or one of those above; NONE: so much time has passed. */
int maps_screen_key(int milliseconds);

/* What keys mean in every view that has a screen: the end, and where its lines go on, from 0 to `most`. */
bool maps_key_ends(int key);
int maps_key_scrolls(int key, int from, int most);

#endif
