/* section.h: section objects, for views. */
#ifndef WM_VM_SECTION_H
#define WM_VM_SECTION_H

#include "vm/book/home.h"
#include "vm/handles/handles.h"
#include "vm/sections/backing.h"
#include "vm/sections/commits.h"

/* Rights to sections, by their Windows values. */
enum {
    WM_SECTION_QUERY = 1,
    WM_SECTION_MAP_WRITE = 2,
    WM_SECTION_MAP_READ = 4,
    WM_SECTION_MAP_EXECUTE = 8,
    WM_SECTION_EXTEND = 16
};

struct wm_section {
    struct wm_object object;
    struct wm_backing backing;
    uint16_t protect;    /* the section's page protection */
    uint16_t attributes; /* PAGE_NOCACHE or PAGE_WRITECOMBINE, as its views report them */
    uint8_t node;        /* that its pages come from, by preference: number + 1, 0 for none */
    struct wm_commits commits;
    int holder;     /* the descriptor that holds its name, as long as there are handles to it; 0: none */
    uint32_t alone; /* since when nobody else has the holder (vm/handles/underway.h) */
    struct wm_file_id name; /* the file of its name; 0: it never had one */
};

/* Of a section that is pinned, or that a view shows. */
static inline struct wm_section *wm_section_at(uint32_t index)
{
    return wm_object_at(&wm_home.objects, WM_HANDLE_SECTION, index);
}

/* Maps the commit map of one that was made or opened, if it is reserved. */
wm_status wm_section_complete(struct wm_section *section);

/* The map and the descriptor go. */
void wm_section_dismantle(struct wm_section *section);

/* The descriptor of its bytes is opened, if that has been put off (namedsection.c). */
wm_status wm_section_reach(struct wm_section *section);

/* Finds the section of a handle with these rights and takes a reference to it. Its bytes are within reach. */
wm_status wm_section_pin(uintptr_t handle, uint32_t rights, uint32_t *index,
                         const struct wm_section **section);
void wm_section_unpin(uint32_t index);

#endif
