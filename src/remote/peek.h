/*
 * peek.h: another process's book, read by system calls.
 *
 * Its sequence number tells whether what was copied is still so, and whether a copy is in one piece: number,
 * records, number again, as a reader in the process itself does it. A question costs
 *
 *   nothing     if it goes on where the last answer ended: a walk is no picture of one instant, so the number is
 *               looked at every few microseconds only (WALK in peek.c)
 *   one call    if the number has not changed since the book was copied: 2 us
 *   two calls   if it has, and the book's hint for the address is right: the record alone is read
 *   a copy      otherwise, or when single answers have cost as much as a copy would: 5 us, and 0.25 ns a byte
 *
 * Every other question sees at least what was so when it was asked. A process without a book, or whose book
 * makes no sense, is answered for from the kernel's list alone. A change that does not end (a stopped writer, a child
 * forked in the middle of one) or a book that changes faster than it can be read is waited for a few milliseconds; then
 * what was so before, or what can be had of it, must do.
 */
#ifndef WM_REMOTE_PEEK_H
#define WM_REMOTE_PEEK_H

#include "remote/notes.h"
#include "vm/book/whose.h"

struct wm_asking {
    struct wm_whose whose;
    struct wm_notes *notes;
    enum { WM_ASK_KERNEL, WM_ASK_RECORD, WM_ASK_COPY } how;
    struct wm_peek record; /* ASK_RECORD: the extent that holds the address asked about */
};

/* Gets ready for a question about addr, or, if `all` is set, about any address. The process's lock is held. */
wm_status wm_peek_begin(struct wm_process *process, uintptr_t addr, bool all, struct wm_asking *out);

/* The answer reached up to here. */
static inline void wm_peek_end(struct wm_asking *asking, uintptr_t end)
{
    asking->notes->walked = end;
}

#endif
