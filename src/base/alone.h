/*
 * alone.h: has this process one thread only? For words that a thread alone may change without excluding other processors,
 * which is most of what a lock costs.
 *
 * libc knows, and malloc asks the same byte (glibc 2.32). Where libc does not tell nobody is alone: each change excludes the
 * others, as it does in every process with two threads. The sanitizers of threads see atomic operations, and nothing else.
 */
#ifndef WM_BASE_ALONE_H
#define WM_BASE_ALONE_H

#include <stdbool.h>

#if defined(__SANITIZE_THREAD__)
#define WM_ALONE_UNSEEN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WM_ALONE_UNSEEN 1
#endif
#endif

#if __has_include(<sys/single_threaded.h>) && !defined(WM_ALONE_UNSEEN)
#include <sys/single_threaded.h>
#define WM_THREAD_ALONE (__libc_single_threaded != 0)
#else
#define WM_THREAD_ALONE false
#endif

#endif
