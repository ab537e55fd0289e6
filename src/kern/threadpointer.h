/*
 * threadpointer.h: what the ABI has every thread point to: libc's record of it. Before version 11 gcc tells on
 * some machines only, and says by __has_builtin that it does on all.
 */
#ifndef WM_KERN_THREADPOINTER_H
#define WM_KERN_THREADPOINTER_H

#include <stdint.h>

static inline uintptr_t wm_thread_pointer(void)
{
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 11
    uintptr_t self; /* the record begins with its own address */

    __asm__("movq %%fs:0, %0" : "=r"(self));
    return self;
#else
    return (uintptr_t)__builtin_thread_pointer();
#endif
}

#endif
