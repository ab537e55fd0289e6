/*
 * newsection.h: a section that somebody asks for, whichever function it is.
 *
 * The functions differ in how they are told: one argument or two for protection and attributes, a size in halves, a
 * pointer or none, names of one, two or four bytes a character, rights that follow from the protection or are named. All
 * of them fill in this, and wm_new_section judges it, in the order in which Windows does, and makes the section.
 */
#ifndef WM_API_NEWSECTION_H
#define WM_API_NEWSECTION_H

#include <windows.h>

#include "api/objectname.h"
#include "base/status.h"

struct wm_new_section {
    HANDLE file; /* INVALID_HANDLE_VALUE or NULL: none, so it is memory */
    const SECURITY_ATTRIBUTES *security;
    struct wm_given_name name;
    uint64_t bytes;   /* 0: as large as the file */
    DWORD protect;    /* one of PAGE_ */
    DWORD attributes; /* SEC_; 0: SEC_COMMIT */
    DWORD access;     /* that the handle is to have */
    uint8_t node;     /* as wm_read_node gives it */
};

/* The rights that a handle gets where nobody says which: what the protection allows (O171). */
DWORD wm_section_rights(DWORD protect);

/* WM_NAME_EXISTS is a success as well (vm/ops.h). */
wm_status wm_new_section(const struct wm_new_section *wanted, uintptr_t *handle);

#endif
