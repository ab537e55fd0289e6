/* errno_status.h: one system error, several meanings: the operation that met it decides. */
#ifndef WM_VM_ERRNO_STATUS_H
#define WM_VM_ERRNO_STATUS_H

#include "base/private.h"
#include "base/status.h"

enum wm_op {
    WM_OP_RESERVE,
    WM_OP_COMMIT,
    WM_OP_PROTECT,
    WM_OP_FREE,
    WM_OP_VIEW,
    WM_OP_FILE_VIEW,
    WM_OP_SECTION,
    WM_OP_QUERY,
    WM_OP_LOCK,
    WM_OP_LARGE,
    WM_OP_FRAMES,
    WM_OP_PROCESS,
    WM_OP_NAMED,   /* what processes find by a name */
    WM_OP_NAME,    /* of a file: finding and opening it */
    WM_OP_TRANSFER /* to and from one that is open */
};

/* error: 0 or a negative errno. May read /proc: call it after the lock is dropped, or on a rare path. */
WM_FOR_WIN32 wm_status wm_from_errno(enum wm_op op, int error);

/* Of mappings: has it no room for another, or hardly any? */
bool wm_table_is_full(void);

/* Why there is no memory for records: WM_BOOK_MEMORY, or WM_FORBIDDEN. */
wm_status wm_no_records(void);

#endif
