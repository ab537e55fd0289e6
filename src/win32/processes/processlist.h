/* processlist.h: all processes and their threads, as far as /proc shows them. */
#ifndef WM_WIN32_PROCESSLIST_H
#define WM_WIN32_PROCESSLIST_H

#include "kern/listing.h"
#include "win32/win32.h"

/*
 * Their numbers, one after the other; 0: that was the last. To be ended by wm_listing_end, unless it has not begun. Of a
 * process that has ended meanwhile there are no threads.
 */
wm_status wm_processes_begin(struct wm_listing *listing);
void wm_threads_begin(struct wm_listing *listing, DWORD process);
DWORD wm_next_number(struct wm_listing *listing);

struct wm_process_facts {
    DWORD id, parent, threads;
    char name[MAX_PATH];
};

/* False: it has ended meanwhile. */
bool wm_process_facts(DWORD id, struct wm_process_facts *out);

#endif
