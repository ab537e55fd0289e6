/* records.h: the records of all threads, and who keeps them. */
#ifndef WM_VM_THREADS_RECORDS_H
#define WM_VM_THREADS_RECORDS_H

#include "vm/threads/self.h"

/* A record that is kept by the caller, for a thread that will begin with it. NULL: there is no memory. */
struct wm_thread *wm_thread_expect(void);

/* It will not come: the caller keeps it no more. */
void wm_thread_forget(struct wm_thread *expected);

/* What such a thread does first; false: it has one already. */
bool wm_thread_begin(struct wm_thread *expected);

/*
 * The record of a thread of this process, kept; it need not have been here itself. NULL: there is no such thread. *full:
 * there is one, but no memory.
 */
struct wm_thread *wm_thread_find(uint32_t id, bool *full);

/* That of a thread that is there, without keeping it and without a lock: in that thread itself. NULL: it has none. */
struct wm_thread *wm_thread_of_id(uint32_t id);

/* Memory of a record beside it stays with it, since others may look into it at any time: it becomes all zero. NULL: none. */
void wm_thread_empty_more(void *memory, size_t bytes);

void wm_thread_keep(struct wm_thread *thread);

/* Nobody keeps it, and its thread is gone: the record goes. */
void wm_thread_let_go(struct wm_thread *thread);

/*
 * What to sleep on until it may be gone: a futex that processes may share, and the value that it has. NULL: it is gone, or
 * nobody will tell.
 */
const uint32_t *wm_thread_awaited(struct wm_thread *thread, uint32_t *value);

/* All that there are, in no order: NULL is the beginning and the end. Some may be gone, or not have begun. */
struct wm_thread *wm_thread_next(const struct wm_thread *thread);

#endif
