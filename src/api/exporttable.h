/*
 * exporttable.h: what GetProcAddress finds in the system libraries of Windows: a table of functions for each of our
 * libraries that is loaded. A table is made of the rows of exports.def or its like:
 *
 *   static const struct wm_export exports[] = {
 *   #include "api/exports.def"
 *   };
 */
#ifndef WM_API_EXPORTTABLE_H
#define WM_API_EXPORTTABLE_H

#include <stddef.h>

#include "base/private.h"

struct wm_export {
    const char *name;
    void (*symbol)(void);
    void (*utf16)(void); /* for programs with a 16-bit WCHAR, if that is another one */
};

struct wm_exports {
    const struct wm_export *rows;
    size_t count;
    struct wm_exports *next; /* filled in by wm_exports_add */
};

/* For a library that is loaded beside this one, when it is: the table stays, as the library does. */
WM_FOR_WIN32 void wm_exports_add(struct wm_exports *exports);

#define WM_AS_FUNCTION(name) ((void (*)(void))(name))
#define WM_EXPORT(node, header, dll, type, name, parameters)                                                 \
    WM_FOUND_IN_##dll({#name, WM_AS_FUNCTION(name), WM_AS_FUNCTION(name)})
#define WM_EXPORT_WIDE(node, header, dll, type, name, parameters)                                            \
    WM_FOUND_IN_##dll({#name, WM_AS_FUNCTION(name), WM_AS_FUNCTION(name##_utf16)})

/* Windows' system libraries are one image here: what one has, the others have. */
#define WM_FOUND_IN_kernel32(...) __VA_ARGS__,
#define WM_FOUND_IN_advapi32(...) __VA_ARGS__,
#define WM_FOUND_IN_psapi(...) __VA_ARGS__,
#define WM_FOUND_IN_ntdll(...) __VA_ARGS__,
#define WM_FOUND_IN_bcrypt(...) __VA_ARGS__,
#define WM_FOUND_IN_shlwapi(...) __VA_ARGS__,
#define WM_FOUND_IN_user32(...) __VA_ARGS__,
#define WM_FOUND_IN_msvcrt(...) __VA_ARGS__,
#define WM_FOUND_IN_none(...)

#endif
