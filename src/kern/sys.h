/*
 * sys.h: system calls without errno, and the one place where they can be made to fail.
 *
 * Results are the kernel's: negative errno or success. In test builds (WM_FAULT_SCRIPT) every call
 * asks the script first (faults.h).
 */
#ifndef WM_KERN_SYS_H
#define WM_KERN_SYS_H

#include <stdint.h>

#include "kern/arch/machine.h"
#include "kern/faults.h"
#include "kern/numbers.h"

static inline long wm_sys6(long number, long a, long b, long c, long d, long e, long f)
{
    long result = wm_fault_for(number, a, b);

    if (result == 0)
        result = wm_sys_enter(number, a, b, c, d, e, f);
    wm_fault_passed();
    return result;
}

static inline long wm_sys3(long number, long a, long b, long c)
{
    return wm_sys6(number, a, b, c, 0, 0, 0);
}

static inline long wm_sys4(long number, long a, long b, long c, long d)
{
    return wm_sys6(number, a, b, c, d, 0, 0);
}

/* The calling process, asked each time: a child of fork is another one. */
static inline int32_t wm_sys_pid(void)
{
    return (int32_t)wm_sys3(SYS_getpid, 0, 0, 0);
}

#endif
