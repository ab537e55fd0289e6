/* objectname.h: names of objects, as programs give them. */
#ifndef WM_API_OBJECTNAME_H
#define WM_API_OBJECTNAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/private.h"
#include "base/status.h"
#include "kern/names/names.h"

/* A name as the caller has it: nothing has looked at it yet. */
struct wm_given_name {
    const void *chars; /* NULL: there is none */
    size_t length;     /* in characters; WM_NAME_TERMINATED: up to a zero */
    uint8_t unit;      /* bytes of a character: 1 (UTF-8), 2 or 4 */
    bool absolute;     /* from the root of all objects on, as native functions have it */
};

#define WM_NAME_TERMINATED SIZE_MAX

/* Without a name (NULL or empty) out has no bytes. */
WM_FOR_WIN32 wm_status wm_read_object_name(const struct wm_given_name *given, struct wm_name *out);

#endif
