/* waitworkers.h: threads of the library that do one thing at a time for whoever asks. */
#ifndef WM_WIN32_WAITWORKERS_H
#define WM_WIN32_WAITWORKERS_H

#include <stdbool.h>

/* What is to be done; the caller's, who keeps it until it has begun. */
struct wm_work {
    void (*run)(struct wm_work *work);
    struct wm_work *next;
};

/* By some thread, soon. False: there is none, and none could be made. */
bool wm_workers_do(struct wm_work *work);

/* A thread of the library: the program's signals are handled by its own threads, but for faults. False: none could be made. */
bool wm_library_thread(void *(*run)(void *), void *argument);

/* In a child of fork, which has none of them. */
void wm_workers_forget(void);

#endif
