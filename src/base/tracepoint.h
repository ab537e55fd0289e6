/*
 * tracepoint.h: where tracers of the system (bpftrace, perf, SystemTap, gdb) can look in: USDT probes of the provider "winmem".
 *
 *   reserve, commit, decommit, release, protect, watch_reset   address, bytes, protection, error
 *   guard_hit                                                  address, bytes, protection that is left, error
 *   remote_call                                                process, number of the operation, its name, error
 *
 * The error is what GetLastError reports, 0 for success; the protection is a PAGE_ value, 0 where none is given. A probe
 * stands where its operation is done, whoever asked for it: this process, another one, or a heap of the library. Of a call
 * that is refused before it gets there (arguments that are wrong) there is none: that WINMEM_TRACE tells.
 *
 * Off, a probe is a word that is compared with 0: tracers count themselves in that word (a semaphore, they call it), so that
 * nothing of what they would be told is worked out for nobody. It needs the headers of SystemTap when the library is built
 * (Debian: systemtap-sdt-dev), and nothing when it runs; without them there are no probes. The planted agent has none, since
 * no tracer would find its file.
 */
#ifndef WM_BASE_TRACEPOINT_H
#define WM_BASE_TRACEPOINT_H

#include "base/atomic.h"
#include "base/range.h"
#include "base/status.h"

#define WM_TRACEPOINTS_ALL(row)                                                                              \
    row(reserve) row(commit) row(decommit) row(release) row(protect) row(watch_reset) row(guard_hit)         \
        row(remote_call)

#ifdef WM_TRACEPOINTS
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>
#ifdef __clang__ /* which means the macros of that header, where they are used */
#pragma clang diagnostic ignored "-Wgnu-zero-variadic-macro-arguments"
#if __has_warning("-Wc23-extensions") /* as later ones call it */
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif
#endif

/* Their names, and that they are so narrow, is what tracers expect. */
#define WM_SEMAPHORE(name) extern uint16_t winmem_##name##_semaphore __attribute__((visibility("hidden")));
WM_TRACEPOINTS_ALL(WM_SEMAPHORE)
#undef WM_SEMAPHORE

#define WM_IS_TRACED(name) __builtin_expect(WM_LOAD(winmem_##name##_semaphore) != 0, 0)
#define WM_TRACEPOINT(name, a, b, c, d) DTRACE_PROBE4(winmem, name, a, b, c, d)
#else
#define WM_IS_TRACED(name) false
#define WM_TRACEPOINT(name, a, b, c, d) ((void)(a), (void)(b), (void)(c), (void)(d))
#endif

/* What tells of something is out of the way of who does it. */
#define WM_TELLS_TRACERS static __attribute__((noinline, cold, unused))

static inline uint32_t wm_tracepoint_error(wm_status st)
{
    return wm_ok(st) ? 0 : wm_status_win32(st);
}

#define WM_TRACE_PAGES(name, range, protect, st)                                                             \
    do {                                                                                                     \
        if (WM_IS_TRACED(name))                                                                              \
            WM_TRACEPOINT(name, (range).start, wm_range_bytes(range), (uint32_t)(protect),                   \
                          wm_tracepoint_error(st));                                                          \
    } while (0)

#endif
