/*
 * operations.h: the calls that one process makes on another, as operations.def lists them.
 *
 * Who asks and who is asked are two programs that share these files and nothing else.
 */
#ifndef WM_VM_OPERATIONS_H
#define WM_VM_OPERATIONS_H

#include "base/planted.h"
#include "vm/ops.h"

/* As in PROCESS_VM_OPERATION and so on. */
enum wm_process_right {
    WM_PROCESS_OPERATE = 0x8,
    WM_PROCESS_DUP_HANDLE = 0x40,
    WM_PROCESS_SET_QUOTA = 0x100,
    WM_PROCESS_QUERY = 0x400,
    WM_PROCESS_QUERY_LIMITED = 0x1000
};

/* As a guard, where it can be had: who meets what another process has committed is to go on (vm/sections/piecewise.h). */
static inline uint16_t wm_view_guards(const struct wm_view_req *req)
{
    enum { GUARD = 0x100 };

    return req->offer.reserved && !WM_IS_PLANTED ? GUARD : 0;
}

enum wm_call {
#define OPERATION(NAME, ...) WM_CALL_##NAME,
#include "vm/operations.def"
#undef OPERATION
    WM_CALL_COUNT
};

union wm_request_body {
#define OPERATION(NAME, name, type, ...) struct type name;
#include "vm/operations.def"
#undef OPERATION
};

/*
 * What of ours another process uses while it works for us: made before the request is sent, and entered in it; ended when the
 * answer is there, or none will come.
 */
struct wm_offering {
    wm_status (*make)(void *request, uint32_t *index);
    void (*end)(void *request, uint32_t index);
};

extern const struct wm_offering wm_offering_section
    __attribute__((visibility("hidden"))); /* vm/sections/offered.c */
extern const struct wm_offering wm_offering_handle
    __attribute__((visibility("hidden"))); /* vm/handles/handed.c */

#endif
