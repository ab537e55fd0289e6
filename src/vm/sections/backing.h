/*
 * backing.h: what the bytes of a section are, and whether we still hold them.
 *
 * A backing is a descriptor of ours and what it was opened on. The program may close any descriptor, and the kernel
 * gives the number to the next file: so none is used before it was asked whether it still names that file, and it is
 * asked here alone. Views keep the bytes, whatever becomes of the descriptor.
 *
 * A kind is a row in backing.c. Whoever adds one has to say there how it is made and what its views may not do;
 * nothing else of sections and views hears of it.
 */
#ifndef WM_VM_BACKING_H
#define WM_VM_BACKING_H

#include "base/atomic.h"
#include "base/status.h"
#include "kern/map/mapping.h"

enum wm_backing_kind { WM_BACKING_MEMORY, WM_BACKING_LARGE, WM_BACKING_FILE, WM_BACKING_NAMED };

/* A view counts its offset in pages with 32 bits. */
#define WM_SECTION_BYTES_MAX ((uint64_t)1 << 44)

struct wm_backing {
    int fd;               /* -1: it was not to be kept */
    uint8_t kind;         /* of enum wm_backing_kind */
    bool reserved;        /* committed piece by piece: a commit map lies behind the bytes (commits.h) */
    uint64_t bytes;       /* whole pages of its kind; of a file to the byte, and it can become more */
    struct wm_file_id id; /* to tell whether fd is still ours */
};

/* Can so much of it be committed? */
wm_status wm_backing_check(enum wm_backing_kind kind, uint64_t bytes);

/* Can there be so much of it? */
wm_status wm_backing_check_size(enum wm_backing_kind kind, uint64_t bytes, bool reserved);

/* Of memory; of a file: mappedfile.h. */
wm_status wm_backing_make(enum wm_backing_kind kind, uint64_t bytes, bool reserved, struct wm_backing *out);

/* One that another process describes, by a descriptor of its own: opened anew here, to be written or not. */
wm_status wm_backing_open_theirs(struct wm_backing *backing, int32_t pid, bool writes);

bool wm_backing_is_ours(const struct wm_backing *backing);

/* If it is ours. */
void wm_backing_close(const struct wm_backing *backing);

/* The descriptor is not to be kept; the backing stays that of its views. */
void wm_backing_forget(struct wm_backing *backing);

static inline uint64_t wm_backing_bytes(const struct wm_backing *backing)
{
    return WM_LOAD(backing->bytes);
}

/* It has become so large; the largest size stays. */
void wm_backing_note_bytes(struct wm_backing *backing, uint64_t bytes);

static inline bool wm_backing_is_file(const struct wm_backing *backing)
{
    return backing->kind == WM_BACKING_FILE;
}

static inline bool wm_backing_is_large(const struct wm_backing *backing)
{
    return backing->kind == WM_BACKING_LARGE;
}

#endif
