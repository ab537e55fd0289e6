/*
 * tls.h: slots of threads, as TlsAlloc has them: the first WM_TLS_WITHIN lie in the TEB, WM_TLS_BEHIND more in memory that
 * a thread gets when it sets one.
 *
 * An index that is not in use can be read and set all the same, as on Windows.
 */
#ifndef WM_VM_TLS_H
#define WM_VM_TLS_H

#include "base/status.h"
#include "vm/threads/self.h"

enum { WM_TLS_ALL = WM_TLS_WITHIN + WM_TLS_BEHIND };

/* All threads have NULL there. WM_TLS_FULL: all are in use. */
WM_FOR_WIN32 wm_status wm_tls_alloc(uint32_t *index);

/* WM_TLS_INDEX: it is not in use. */
WM_FOR_WIN32 wm_status wm_tls_free(uint32_t index);

/* Of the calling thread. WM_TLS_INDEX: there are not so many; WM_THREAD_MEMORY. */
WM_FOR_WIN32 wm_status wm_tls_set(uint32_t index, void *value);

/* index is below WM_TLS_ALL. Cheap. */
static inline void *wm_tls_get(uint32_t index)
{
    const struct wm_thread *self = wm_thread_mine;

    if (__builtin_expect(self == NULL, 0))
        return NULL;
    if (__builtin_expect(index < WM_TLS_WITHIN, 1))
        return self->teb.slots[index];
    return self->teb.more_slots == NULL ? NULL : self->teb.more_slots[index - WM_TLS_WITHIN];
}

#endif
