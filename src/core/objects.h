/*
 * objects.h: what handles stand for: sections, processes and notifications.
 *
 * A handle is a number (index, generation) and not a pointer, so a stale or invented one is an error.
 * A section lives as long as a handle or a view refers to it; a process, which is another one and not the calling
 * one, as long as a handle or a call at work does.
 *
 *   an entry is open if and only if its type is not WM_HANDLE_NONE
 *   a section's references are its open handles plus its views plus the calls at work on it
 *   a process's are its open handles plus the calls at work on it
 *
 * Guarded by the objects lock (vm/book/home.h); nothing else is locked while it is held.
 */
#ifndef WM_CORE_OBJECTS_H
#define WM_CORE_OBJECTS_H

#include "base/pool.h"

enum wm_handle_type { WM_HANDLE_NONE, WM_HANDLE_SECTION, WM_HANDLE_PROCESS, WM_HANDLE_NOTIFICATION };

struct wm_handle_entry {
    uint32_t object; /* section or process: its index, 0: the calling process; notification: which */
    uint32_t access; /* the rights that were granted */
    uint16_t generation;
    uint16_t type; /* of enum wm_handle_type */
};

struct wm_section {
    uint32_t references;
    int fd;
    uint64_t bytes;      /* whole pages */
    uint64_t inode;      /* to tell whether fd is still ours */
    uint16_t protect;    /* the section's page protection */
    uint16_t attributes; /* PAGE_NOCACHE or PAGE_WRITECOMBINE, as its views report them */
    uint8_t node;        /* that its pages come from, by preference: number + 1, 0 for none */
    bool large;          /* in large pages */
};

struct wm_objects {
    struct wm_pool handles;
    struct wm_pool sections;
    struct wm_pool processes; /* of records that vm knows more of (vm/processes/process.h) */
};

/* 0 if there is no memory for one more. */
uintptr_t wm_handle_open(struct wm_objects *objects, enum wm_handle_type type, uint32_t object,
                         uint32_t access);
bool wm_handle_find(const struct wm_objects *objects, uintptr_t handle, struct wm_handle_entry *out);
bool wm_handle_close(struct wm_objects *objects, uintptr_t handle, struct wm_handle_entry *out);

/* A new section with one reference, or 0. */
uint32_t wm_section_add(struct wm_objects *objects, const struct wm_section *section);
struct wm_section *wm_section_at(const struct wm_objects *objects, uint32_t index);

/* True: that was the last reference, the record is gone and its descriptor is to be closed. */
bool wm_section_drop(struct wm_objects *objects, uint32_t index, int *fd);

/*
 * The same for processes. A record begins with its references, a uint32_t; its first bytes do not survive that
 * it is given back, the others do.
 */
uint32_t wm_process_add(struct wm_objects *objects, const void *process);
void *wm_process_at(const struct wm_objects *objects, uint32_t index);
void wm_process_pin(struct wm_objects *objects, uint32_t index);
bool wm_process_drop(struct wm_objects *objects, uint32_t index);

#endif
