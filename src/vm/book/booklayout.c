/*
 * booklayout.c: the list of booklayout.def, filled in by the compiler.
 *
 * Of two bytes the compiler does not tell where they are, since they are made of bit fields: kind (lower half) and ground,
 * flags (lower half) and slack. They are between the fields on both sides, which is asserted, and the test of the gdb
 * commands compares what they make of a book with what VirtualQuery says.
 */
#include "vm/book/booklayout.h"

#include <stddef.h>

#include "vm/book/home.h"

_Static_assert(offsetof(struct wm_extent, node) - offsetof(struct wm_extent, state) == sizeof(uint16_t) + 2,
               "kind and ground, flags and slack");

enum {
#define FIELD(name, type, member) +1
#define NUMBER(name, value) +1
    ROWS = 0
#include "vm/book/booklayout.def"
#undef FIELD
#undef NUMBER
};
_Static_assert((int)ROWS <= (int)WM_BOOK_LAYOUT_ROWS, "more rows than there is room for");

const struct wm_book_layout wm_book_layout = {
    .magic = WM_BOOK_LAYOUT_MAGIC,
    .version = WM_BOOK_LAYOUT_VERSION,
    .count = ROWS,
    .space = &wm_home.space,
    .rows =
        {
#define FIELD(name, type, member) {#name, offsetof(type, member)},
#define NUMBER(name, value) {#name, value},
#include "vm/book/booklayout.def"
#undef FIELD
#undef NUMBER
        },
};
