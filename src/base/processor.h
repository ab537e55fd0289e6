/*
 * processor.h: what base has to know of the processor that it is built for; for kern it is kern/arch/machine.h.
 *
 *   WM_ADDRESS_BITS   of a program's addresses: what is kept beside an address in one word has the others. Linux gives a
 *                     program half of the addresses of x86-64 and all of the lower half on aarch64, where its stack and its
 *                     libraries lie at the upper end, so that nothing less will do
 */
#ifndef WM_BASE_PROCESSOR_H
#define WM_BASE_PROCESSOR_H

#if defined(__x86_64__)

#define WM_ADDRESS_BITS 47
#define WM_PAUSE() __builtin_ia32_pause()

#elif defined(__aarch64__)

#define WM_ADDRESS_BITS 48
#define WM_PAUSE() __asm__ volatile("yield")

#else
#error "winmem knows x86-64 and aarch64"
#endif

#endif
