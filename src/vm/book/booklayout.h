/*
 * booklayout.h: how the book lies in memory, told to debuggers.
 *
 * A debugger that looks at a process, or at what is left of one in a core file, has neither our headers nor, mostly, debug
 * information. So the library says of itself where each field is and what each bit means (booklayout.def): a list of names
 * and numbers, made by the compiler that made the library. A field that moves is found where it is now. What is done with
 * the numbers is in tools/gdb; a name that it misses there, or another version, it says and stops, instead of guessing.
 *
 * WM_BOOK_LAYOUT_VERSION changes when a name stays and means something else.
 *
 * It holds addresses and is relocated, so that its page is the process's own, and is in core files as the book itself is.
 */
#ifndef WM_VM_BOOKLAYOUT_H
#define WM_VM_BOOKLAYOUT_H

#include <stdint.h>

#include "base/private.h"

#define WM_BOOK_LAYOUT_MAGIC 0x796c6b6f6f626d77u /* "wmbookly" */
#define WM_BOOK_LAYOUT_VERSION 1

enum { WM_BOOK_LAYOUT_NAME = 24, WM_BOOK_LAYOUT_ROWS = 64 };

/* What a reader has to know beforehand: these offsets never change. */
struct wm_book_layout {
    uint64_t magic;
    uint32_t version;
    uint32_t count;
    const void *space; /* struct wm_space */
    struct {
        char name[WM_BOOK_LAYOUT_NAME];
        uint64_t value;
    } rows[WM_BOOK_LAYOUT_ROWS];
};

WM_FOR_WIN32 extern const struct wm_book_layout wm_book_layout;

#endif
