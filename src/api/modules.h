/*
 * modules.h: modules, as GetModuleHandle and LoadLibrary see them.
 *
 * A module handle is the lowest address of an image, which is also what VirtualQuery reports as
 * AllocationBase for every address in it. The Windows system libraries are all this library.
 */
#ifndef WM_API_MODULES_H
#define WM_API_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/private.h"
#include "base/status.h"

enum wm_module_use {
    WM_MODULE_LOOK,  /* loaded already, not counted */
    WM_MODULE_COUNT, /* loaded already, one use more */
    WM_MODULE_PIN,   /* loaded already, stays for good */
    WM_MODULE_LOAD   /* loaded if need be, one use more */
};

/* By name in UTF-8; NULL is the program. */
wm_status wm_module_named(const char *name, enum wm_module_use use, uintptr_t *module);

/* By any address in it. */
wm_status wm_module_at(uintptr_t addr, enum wm_module_use use, uintptr_t *module);
wm_status wm_module_release(uintptr_t module);

/* module 0 is the program; utf16: the caller's wide strings are 16 bits wide. */
wm_status wm_module_symbol(uintptr_t module, const char *name, bool utf16, uintptr_t *symbol);

/* Turns a wide string into UTF-8; false if it does not fit. Lone surrogates become U+FFFD. */
WM_FOR_WIN32 bool wm_utf8_of_utf16(const uint16_t *wide, char *out, size_t bytes);
WM_FOR_WIN32 bool wm_utf8_of_utf32(const uint32_t *wide, char *out, size_t bytes);

#endif
