/*
 * status.h: why a call is refused.
 *
 * A wm_status is not a number but a rule: each line of status.def is one reason for which Windows or
 * Linux refuses, with its NTSTATUS and a sentence for people. So the reason travels with the result
 * through every layer, costs nothing, and WinmemLastCause can name it.
 */
#ifndef WM_BASE_STATUS_H
#define WM_BASE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/private.h"

typedef enum wm_status {
    WM_OK,
#define WM_STATUS(name, nt, sentence) WM_##name,
#include "base/status.def"
#undef WM_STATUS
    WM_STATUS_COUNT
} wm_status;

static inline bool wm_ok(wm_status st)
{
    return st == WM_OK;
}

WM_FOR_WIN32 uint32_t wm_status_nt(wm_status st); /* the NTSTATUS */
uint32_t wm_status_win32(wm_status st);           /* what GetLastError reports for it */
const char *wm_status_name(wm_status st);         /* for traces: SIZE_ZERO */
const char *wm_status_sentence(wm_status st);     /* may hold {words}: see cause.c */

/* The system's translation of any NTSTATUS; one without an entry passes through unchanged. */
uint32_t wm_win32_of_nt(uint32_t nt);

#endif
