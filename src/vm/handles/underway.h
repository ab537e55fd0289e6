/*
 * underway.h: threads that are making, finding or giving up a name at this moment.
 *
 * Meanwhile they have descriptors that hold the name and that no object knows: not yet, or not any more. A child of fork
 * gets copies of them, and would keep the name though it has no handle to it. So each such thread says that it is at work,
 * and a child that finds that another one was closes what no object knows.
 */
#ifndef WM_VM_UNDERWAY_H
#define WM_VM_UNDERWAY_H

#include <stdbool.h>
#include <stdint.h>

/* What is returned belongs to the end of it. */
uint32_t wm_underway_begin(void);
void wm_underway_end(uint32_t which);

/* This thread had begun before: a signal handler of it has come here. It must not wait for a name, which may be its own. */
bool wm_underway_is_nested(uint32_t which);

/*
 * Descriptions that were opened now: does a child have them, when it is asked again with what was returned then? What was
 * not opened here (0) others may always have. True is also said where nobody can know.
 */
uint32_t wm_underway_alone(void);
bool wm_underway_is_shared(uint32_t alone);

#endif
