/*
 * file.h: file objects: what a handle to a file stands for.
 *
 *   fd stands for this file as long as the object lives, unless the program has closed it behind our back: so whoever is
 *   about to use it pins the object by wm_file_pin, which asks
 *   what others are told of it (sharing.h) they are told by the description of teller, which is fd, another descriptor of
 *   the same file, or -1: nothing is told
 *   both are ours alone, and closed with the object
 */
#ifndef WM_VM_FILE_H
#define WM_VM_FILE_H

#include "base/private.h"
#include "kern/files/files.h"
#include "vm/handles/handles.h"

enum {
    WM_FILE_OVERLAPPED = 1, /* its position is not used: each transfer says where */
    WM_FILE_GOES = 2        /* with the last handle, if that is closed in the process that opened it */
};

/* The bytes that were last locked exclusively; no bytes: none, or given back. */
struct wm_own_lock {
    uint64_t first, count;
    bool shared_too; /* by a second lock, which is left when the exclusive one is given back */
};

struct wm_file {
    struct wm_object object;
    int fd;
    int teller;
    struct wm_file_id id;
    uint32_t traits;
    int32_t pid;          /* who opened it */
    uint8_t uses, shares; /* what others are told: WM_SHARE_ bits (sharing.h) */
    struct wm_own_lock lock;
};

/* Rights to files. The names and values are those of Windows. */
enum {
    WM_FILE_READ = 0x1,
    WM_FILE_WRITE = 0x2,
    WM_FILE_APPEND = 0x4,
    WM_FILE_EXECUTE = 0x20,
    WM_FILE_READ_ATTRIBUTES = 0x80,
    WM_FILE_WRITE_ATTRIBUTES = 0x100,
    WM_FILE_DELETE = 0x10000
};

/* A handle to a new object, which takes the descriptors over; on failure they are still the caller's. id is filled in here. */
WM_FOR_WIN32 wm_status wm_file_new(struct wm_file *file, uint32_t rights, uintptr_t *handle);

/*
 * The file of a handle with these rights, which stays until the end of the block that has it:
 *
 *   WM_PINNED_FILE pinned = {0};
 *   wm_status st = wm_file_pin(handle, rights, &pinned);
 */
struct wm_pinned_file {
    const struct wm_file *file; /* NULL: none */
    uint32_t index;
    uint32_t rights; /* all that the handle has */
};

#define WM_PINNED_FILE __attribute__((cleanup(wm_file_unpin))) struct wm_pinned_file

WM_FOR_WIN32 wm_status wm_file_pin(uintptr_t handle, uint32_t rights, struct wm_pinned_file *out);
WM_FOR_WIN32 void wm_file_unpin(struct wm_pinned_file *pinned);

/* Whether its name goes with the last handle, if that is closed in this process. */
WM_FOR_WIN32 void wm_file_set_goes(const struct wm_pinned_file *pinned, bool goes);

/* These bytes have been locked exclusively. */
WM_FOR_WIN32 void wm_file_note_lock(const struct wm_pinned_file *pinned, uint64_t first, uint64_t count);

/* They are to be locked once more, shared. True: they are these, and by that the second lock is had. */
WM_FOR_WIN32 bool wm_file_lock_again(const struct wm_pinned_file *pinned, uint64_t first, uint64_t count);

/* A lock is given back. True: the exclusive one of two, so the bytes are to be locked shared from now on. */
WM_FOR_WIN32 bool wm_file_unlock_first(const struct wm_pinned_file *pinned, uint64_t first, uint64_t count);

static inline bool wm_file_goes(const struct wm_file *file)
{
    return __atomic_load_n(&file->traits, __ATOMIC_RELAXED) & WM_FILE_GOES;
}

static inline bool wm_file_overlaps(const struct wm_file *file)
{
    return __atomic_load_n(&file->traits, __ATOMIC_RELAXED) & WM_FILE_OVERLAPPED;
}

/*
 * A handle that works by a descriptor of its own on what the program has open as fd. WM_FILE_MODE: that was not opened for
 * so much.
 */
WM_FOR_WIN32 wm_status wm_file_of_descriptor(int fd, uint32_t rights, uintptr_t *handle);

/* A descriptor for the program, which is to close it. WM_HANDLE_ACCESS: by it one could do more than by the handle. */
wm_status wm_file_descriptor(uintptr_t handle, int *fd);

#endif
