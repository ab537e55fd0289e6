/*
 * start.h: what the links of the chain (wmain.c) share. All of it is linked into programs: hidden, and named winmem_start_.
 *
 * Arguments are read as UTF-8. A byte that is no valid UTF-8 becomes the lone surrogate U+DC00 + byte (U+DC80 to U+DCFF), so
 * nothing is lost and no argument is refused.
 */
#ifndef WM_START_H
#define WM_START_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

extern char **winmem_start_argv; /* as the kernel gave them */

/* Is WCHAR of 16 bits in this program? */
int winmem_start_is_utf16(void);

/* Where a wide text goes. Code units are 16 or 32 bits wide; one of the two is NULL. */
struct winmem_start_text {
    uint16_t *utf16;
    uint32_t *utf32;
};

/* With its terminator. No code point needs more units than bytes. */
void winmem_start_widen(struct winmem_start_text *out, const char *string);

/* There is no memory. */
_Noreturn void winmem_start_fail(void);

#pragma GCC visibility pop

#endif
