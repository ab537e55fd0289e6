/* access.h: what a page protection lets the processor do. */
#ifndef WM_VM_ACCESS_H
#define WM_VM_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/* The eight base protections, by their Windows values. */
enum {
    WM_NOACCESS = 0x01,
    WM_READONLY = 0x02,
    WM_READWRITE = 0x04,
    WM_WRITECOPY = 0x08,
    WM_EXECUTE = 0x10,
    WM_EXECUTE_READ = 0x20,
    WM_EXECUTE_READWRITE = 0x40,
    WM_EXECUTE_WRITECOPY = 0x80,
    WM_NOCACHE = 0x200,
    WM_WRITECOMBINE = 0x400,
    WM_ATTRIBUTES = WM_NOCACHE | WM_WRITECOMBINE, /* of an allocation, reported with every page */
};

/* The WM_ACCESS_ bits for a page in this state: none if it is reserved, guarded or offered. */
int wm_access_of(uint16_t state);

/* The protection that describes a mapping with these WM_ACCESS_ bits. */
uint16_t wm_protect_of(int access, bool copy);

static inline bool wm_is_copy(uint16_t protect)
{
    return (protect & (WM_WRITECOPY | WM_EXECUTE_WRITECOPY)) != 0;
}

/*
 * May pages of a view that was mapped with `mapped` be given `wanted`? Copying on write asks for no
 * more than reading: what is written does not reach the section.
 */
bool wm_view_allows(uint16_t mapped, uint16_t wanted);

#endif
