/*
 * threadpointer.h: what the ABI has every thread point to: libc's record of it. gcc before version 11 and clang before 14
 * tell it on some machines only, and say by __has_builtin that they do on all; clang 11 dies of it.
 */
#ifndef WM_KERN_THREADPOINTER_H
#define WM_KERN_THREADPOINTER_H

#include <stdint.h>

#if defined(__clang__)
#define WM_ASK_THE_RECORD (__clang_major__ < 14)
#else
#define WM_ASK_THE_RECORD (__GNUC__ < 11)
#endif

static inline uintptr_t wm_thread_pointer(void)
{
#if defined(__x86_64__) && WM_ASK_THE_RECORD
    uintptr_t self; /* the record begins with its own address */

    __asm__("movq %%fs:0, %0" : "=r"(self));
    return self;
#else
    return (uintptr_t)__builtin_thread_pointer();
#endif
}

#endif
