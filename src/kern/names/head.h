/*
 * head.h: what stands in a name's file beside the object: its last page, which says what the object is, and in its second
 * half, where the object is if it is elsewhere.
 *
 * At the end, so that the object begins where the file does and nobody has to add an offset.
 */
#ifndef WM_KERN_HEAD_H
#define WM_KERN_HEAD_H

#include "kern/names/names.h"

#define WM_HEAD_MAGIC 0x656d616e6d656d77u /* "wmemname" */

enum { WM_HEAD_VERSION = 2, WM_HEAD_PLACE = WM_PAGE - WM_NAME_PLACE_BYTES };

struct wm_name_head {
    uint64_t magic;
    uint32_t version, kind;
    unsigned char about[WM_NAME_ABOUT]; /* whose kind it is says what this means */
    struct wm_name name;
};

_Static_assert(sizeof(struct wm_name_head) <= WM_HEAD_PLACE, "in the first half of a page");

/* As it is at the end of a file of so many bytes. 0 or a negative errno; -EINVAL: there is none. */
int wm_name_head_read(int fd, uint64_t file_bytes, struct wm_name_head *out);
int wm_name_head_write(int fd, uint64_t file_bytes, const struct wm_name_head *head);

/* Part of it, from a byte of the head on. */
int wm_name_head_put(int fd, uint64_t file_bytes, uint64_t from, const void *part, uint64_t bytes);

bool wm_name_head_is_of(const struct wm_name_head *head, const struct wm_name *name);

#endif
