/*
 * names.h: objects that processes find by a name. A name is a file in a directory that only its user can enter, and
 * what the object consists of lies in that file, or elsewhere: then the file says where.
 *
 * Whoever has the object holds its name by a lock on a descriptor, the holder, which the kernel drops however the
 * process ends. So
 *
 *   a name is there as long as somebody holds it: a file that nobody holds is no name, and whoever meets one removes it
 *   a file is made nameless, filled and held, and gets its name in one step: there is no name that is half made
 *   only who has the file to himself removes it, and nobody can come to hold one that is being removed
 *   no lock is taken but that of the one name: a process that is stopped keeps nobody from other names
 *
 * A child of fork shares its parent's holder. The data has a descriptor of its own, because the holder goes with the
 * last handle, and bytes that are shown stay.
 *
 * What kern.h says holds; waited is only for somebody who is at this moment removing the same name.
 *
 * What any of it may answer
 *   -EACCES           there is no directory that is ours alone, or something that is no file of ours has the name
 *   -EMFILE, -ENFILE  no descriptor is left
 *   -ETIMEDOUT        whoever removes the name has stopped in the middle
 */
#ifndef WM_KERN_NAMES_H
#define WM_KERN_NAMES_H

#include "kern/kern.h"
#include "kern/map/mapping.h"

enum { WM_NAME_BYTES = 1048, WM_NAME_ABOUT = 64, WM_NAME_PLACE_BYTES = 2048 };

/* As the program spells it, in bytes, without the prefix that says in which of the two namespaces it is. */
struct wm_name {
    char text[WM_NAME_BYTES];
    uint16_t bytes;
    bool global;
};

enum wm_name_kind { WM_NAME_SECTION = 1, WM_NAME_EVENT, WM_NAME_MUTEX, WM_NAME_SEMAPHORE };

struct wm_named {
    int holder, data; /* two descriptions of the one file; data -1: not wanted, or it is elsewhere */
    bool own; /* of letting go: no other process has the holder's description, as a child of fork has */
    struct wm_file_id id; /* of the file */
    uint64_t bytes;       /* that the object has in it, from its start on; 0: they are elsewhere */
};

/* How it is made or looked for. */
enum {
    WM_NAME_WAITS = 1, /* for whoever is removing it; else -EDEADLK comes at once */
    WM_NAME_DATA = 2   /* the data is opened as well */
};

/* -ENOENT: nobody holds the name; -EPROTOTYPE: for an object of another kind. about: what was told of it last. */
int wm_named_find(const struct wm_name *name, enum wm_name_kind kind, unsigned how, struct wm_named *out,
                  void *about);

/* The data of an object whose name we hold, opened now. -ENOENT: it is not to be found any more. */
int wm_named_data(int holder, const struct wm_file_id *id);

/* What is said of a new object. */
struct wm_name_told {
    enum wm_name_kind kind;
    uint64_t bytes;    /* whole pages that are there and zero; 0: it consists of something elsewhere */
    uint64_t later;    /* of these the first ones, for which room is taken later (wm_named_take) */
    unsigned how;      /* WM_NAME_DATA */
    const void *about; /* WM_NAME_ABOUT bytes */
    const char *place; /* NULL: none; else less than WM_NAME_PLACE_BYTES, for whom about does not suffice */
};

/* -EEXIST: somebody has made it by now; -ENOSPC: the file system of names has not so much room. */
int wm_named_make(const struct wm_name *name, const struct wm_name_told *told, struct wm_named *out);

/* From now on there is room for these bytes. -ENOSPC: there is not, though some may have been taken. */
int wm_named_take(int data, uint64_t from, uint64_t bytes);

/* What was said of the place, "" if nothing was. */
int wm_named_place(const struct wm_named *named, char place[static WM_NAME_PLACE_BYTES]);

/* What was told of it last, about what is elsewhere. */
int wm_named_about(const struct wm_named *named, void *about);

/* From now on, this is part of about, from a byte on. Of what is elsewhere; whoever reads it in this moment may get both. */
int wm_named_tell(const struct wm_named *named, uint32_t from, const void *part, uint32_t bytes);

/*
 * One more holder, of the name of a file that is open as fd: for who has that from somebody who holds the name. -ENOENT: it
 * has none any more. id: of the file
 */
int wm_named_hold(int fd, struct wm_file_id *id);

/* The descriptors of this process from a number on that are files of names, ascending; how many. */
size_t wm_named_open_here(int from, int *fds, size_t room);

/* Is there a child of this process, however it was made? It may have our descriptors. */
bool wm_named_has_children(void);

/* Holds the name no longer, and removes it if nobody else does: then true. The data stays open. */
bool wm_named_let_go(const struct wm_named *named);

#endif
