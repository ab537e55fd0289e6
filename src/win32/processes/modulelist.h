/* modulelist.h: the modules of a process: files that are mapped to be executed. */
#ifndef WM_WIN32_MODULELIST_H
#define WM_WIN32_MODULELIST_H

#include <limits.h>

#include "win32/text/growing.h"
#include "win32/win32.h"

struct wm_module_facts {
    uintptr_t base;
    size_t bytes;
    char path[PATH_MAX];
};

/* struct wm_module_facts, one behind the other, the program first. Rights are those of VirtualQueryEx. */
BOOL wm_modules_of(HANDLE process, struct wm_growing *out);

/* One of them; NULL: the program. */
BOOL wm_module_of(HANDLE process, HMODULE module, struct wm_module_facts *out);

/* Behind its last directory. */
const char *wm_module_name(const struct wm_module_facts *module);

#endif
