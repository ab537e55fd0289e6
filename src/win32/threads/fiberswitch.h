/* fiberswitch.h: leaping from one stack to another. */
#ifndef WM_WIN32_FIBERSWITCH_H
#define WM_WIN32_FIBERSWITCH_H

#include <stdint.h>

struct wm_fiber;

/* What lies on a stack that was left (fiberswitch.S). */
#if defined(__x86_64__)

struct wm_fiber_frame {
    uint32_t mxcsr;
    uint16_t x87;
    uint16_t unused;
    uintptr_t r15, r14, r13, r12;
    uintptr_t fiber; /* rbx */
    uintptr_t rbp;
    uintptr_t back;
};

/* The modes of the floating-point units that a new fiber begins with: those of its maker. */
static inline void wm_fiber_modes(struct wm_fiber_frame *frame)
{
    __asm__("stmxcsr %0" : "=m"(frame->mxcsr));
    __asm__("fnstcw %0" : "=m"(frame->x87));
}

#else

struct wm_fiber_frame {
    uint64_t control, unused; /* FPCR */
    uint64_t vectors[8];      /* the lower halves of v8 to v15 */
    uintptr_t fiber;          /* x19 */
    uintptr_t kept[9];        /* x20 to x28 */
    uintptr_t frame, back;    /* x29, x30 */
};

static inline void wm_fiber_modes(struct wm_fiber_frame *frame)
{
    __asm__ volatile("mrs %0, fpcr" : "=r"(frame->control));
}

#endif

/* Leaves the stack pointer in *left and goes on where the other one was left. */
void wm_fiber_leap(uintptr_t *left, uintptr_t to) __attribute__((visibility("hidden")));

/* Where a new stack begins, with the fiber in the register that its frame says; and what it calls. */
void wm_fiber_first(void) __attribute__((visibility("hidden")));
void wm_fiber_begin(struct wm_fiber *fiber) __attribute__((visibility("hidden")));

#endif
