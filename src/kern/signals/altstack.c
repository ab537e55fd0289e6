/*
 * Compiled without sanitizers, as newthread.c is: a new thread adopts its stack before theirs knows of it.
 */
#include "kern/signals/altstack.h"

#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "base/atomic.h"
#include "kern/kern.h"
#include "kern/sys.h"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

/*
 * A mapping is inaccessible ground, a word that says how long it is (a key's value is one word, its address),
 * the stack, and what its maker keeps there.
 */
enum { WORD = 64, HANDLER_BYTES = 0x10000, OLDEST_FRAME = 0x1000 };

__thread bool wm_altstack_settled __attribute__((tls_model("initial-exec")));
__thread uintptr_t wm_altstack_lowest __attribute__((tls_model("initial-exec")));

static pthread_key_t at_thread_end;
static int key_state; /* 0: none, 1: being made, 2: there */

/* The kernel's frame grows with the processor's registers (AVX-512, AMX). */
static size_t needed_bytes(size_t extra)
{
    size_t frame = getauxval(AT_MINSIGSTKSZ);

    return wm_up(WORD + (frame > OLDEST_FRAME ? frame : OLDEST_FRAME) + HANDLER_BYTES + extra, WM_PAGE);
}

/* A sanitizer must see it go, or takes the next thread at these addresses for the last one. */
static void unmap(struct wm_range r)
{
#ifdef WM_SANITIZED
    munmap((void *)r.start, wm_range_bytes(r));
#else
    wm_kern_unmap(r);
#endif
}

bool wm_altstack_make(size_t extra, struct wm_altstack *out)
{
    size_t bytes = WM_ALTSTACK_GUARD + needed_bytes(extra);
    uintptr_t start;

    if (wm_kern_reserve(bytes, &start) != 0)
        return false;
    out->mapping = wm_range_of(start, bytes);
    out->stack.start = start + WM_ALTSTACK_GUARD + WORD;
    out->stack.end = wm_down(out->mapping.end - extra, WORD);
    if (wm_kern_protect((struct wm_range){start + WM_ALTSTACK_GUARD, out->mapping.end},
                        WM_ACCESS_READ | WM_ACCESS_WRITE) == 0)
        return true;
    wm_altstack_drop(out);
    return false;
}

void wm_altstack_drop(const struct wm_altstack *altstack)
{
    unmap(altstack->mapping);
}

/* A stack that somebody has put in place instead stays. Who ends in a signal handler still stands on ours. */
static void at_end(void *word)
{
    static const stack_t none = {.ss_flags = SS_DISABLE};
    struct wm_range mapping = wm_range_of((uintptr_t)word - WM_ALTSTACK_GUARD, *(const size_t *)word);
    stack_t now = {0};

    wm_sys_enter(SYS_sigaltstack, 0, (long)&now, 0, 0, 0, 0);
    if (now.ss_flags & SS_ONSTACK)
        return;
    if ((uintptr_t)now.ss_sp == (uintptr_t)word + WORD)
        wm_sys_enter(SYS_sigaltstack, (long)&none, 0, 0, 0, 0, 0);
    wm_altstack_lowest = 0;
    unmap(mapping);
}

void wm_altstack_begin(void)
{
    int none = 0;

    if (__atomic_compare_exchange_n(&key_state, &none, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        WM_STORE(key_state, pthread_key_create(&at_thread_end, at_end) == 0 ? 2 : 0);
}

/* Without a key the mapping outlives its thread. */
void wm_altstack_adopt(const struct wm_altstack *altstack)
{
    stack_t ours = {.ss_sp = (void *)altstack->stack.start, .ss_size = wm_range_bytes(altstack->stack)};
    stack_t now = {0};
    size_t *word = (size_t *)(altstack->mapping.start + WM_ALTSTACK_GUARD);

    *word = wm_range_bytes(altstack->mapping);
    wm_altstack_settled = true;
    wm_sys_enter(SYS_sigaltstack, 0, (long)&now, 0, 0, 0, 0);
    if ((now.ss_flags & SS_DISABLE) && wm_sys_enter(SYS_sigaltstack, (long)&ours, 0, 0, 0, 0, 0) == 0)
        wm_altstack_lowest = altstack->stack.start;
    if (WM_LOAD(key_state) == 2)
        pthread_setspecific(at_thread_end, word);
}

void wm_altstack_settle(void)
{
    struct wm_altstack altstack;
    stack_t now = {0};

    wm_altstack_settled = true;
    wm_sys_enter(SYS_sigaltstack, 0, (long)&now, 0, 0, 0, 0);
    if ((now.ss_flags & SS_DISABLE) && wm_altstack_make(0, &altstack))
        wm_altstack_adopt(&altstack);
}
