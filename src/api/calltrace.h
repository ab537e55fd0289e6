/*
 * calltrace.h: one line for each call, when WINMEM_TRACE names a file descriptor.
 *
 *   VirtualAlloc(0x0, 0x10000, MEM_COMMIT|MEM_RESERVE, PAGE_READWRITE) = 0x7f2c40000000
 *   VirtualFree(0x7f2c40001000, 0x0, MEM_RELEASE) = failed, 487 NOT_AT_BASE: with size 0 the address ...
 *
 * What a call was given and what it returned are values of their own types, made only by the macros below: they look at
 * the type of what they show and refuse any other, so that a size is not shown as a protection, nor a pointer as a
 * number. Whether the call failed is told by its status alone: what it would return is not shown then.
 *
 * Off, it is one comparison.
 */
#ifndef WM_API_CALLTRACE_H
#define WM_API_CALLTRACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/private.h"
#include "base/status.h"

/*
 * Every call looks at it. Exported data is reached through a table, so libwinmem itself takes another name of the same
 * word, which is its own.
 */
WM_FOR_WIN32 extern int wm_trace_fd;
#ifdef WM_WIN32_LIBRARY
#define WM_TRACE_FD wm_trace_fd
#else
extern int wm_trace_fd_here __attribute__((visibility("hidden")));
#define WM_TRACE_FD wm_trace_fd_here
#endif

/* --- values --- */

enum wm_shown_as {
    WM_AS_NOTHING,
    WM_AS_HEX,
    WM_AS_DECIMAL,
    WM_AS_TEXT,
    WM_AS_ALLOC_FLAGS,
    WM_AS_FREE_FLAGS,
    WM_AS_PROTECTION,
    WM_AS_MAP_FLAGS,
};

union wm_shown_value {
    uint64_t number;
    const char *text;
};

/*
 * Two whole words, so that it is passed in two registers. With a narrower first member the compiler would
 * clear the unused bits of the word at each call, traced or not.
 */
struct wm_shown {
    uint64_t as; /* enum wm_shown_as */
    union wm_shown_value value;
};

static inline struct wm_shown wm_shown_number(enum wm_shown_as as, uint64_t number)
{
    return (struct wm_shown){.as = as, .value.number = number};
}

static inline struct wm_shown wm_shown_hex(uint64_t number)
{
    return wm_shown_number(WM_AS_HEX, number);
}

static inline struct wm_shown wm_shown_pointer(const void *pointer)
{
    return wm_shown_number(WM_AS_HEX, (uintptr_t)pointer);
}

static inline struct wm_shown wm_shown_text(const char *text)
{
    return (struct wm_shown){.as = WM_AS_TEXT, .value.text = text};
}

/* clang-format off */
/* An address, a handle, a size, flags without names: a pointer or an unsigned number. A function's is cast to uintptr_t. */
#define WM_HEX(v) _Generic((v),                                                                              \
    unsigned: wm_shown_hex, unsigned long: wm_shown_hex, unsigned long long: wm_shown_hex,                   \
    default: wm_shown_pointer)(v)

/* A count, an identifier, one of an enumeration. */
#define WM_DECIMAL(v) wm_shown_number(WM_AS_DECIMAL,                                                         \
    _Generic((v), unsigned char: (v), unsigned short: (v), unsigned: (v), unsigned long: (v)))

#define WM_BOOL(v) wm_shown_number(WM_AS_DECIMAL, (uint32_t)_Generic((v), int: (v), _Bool: (v)))

#define WM_STRING(v) wm_shown_text(v)

/* DWORDs whose bits have names. */
#define WM_ALLOC_FLAGS(v) wm_shown_number(WM_AS_ALLOC_FLAGS, _Generic((v), uint32_t: (v)))
#define WM_FREE_FLAGS(v)  wm_shown_number(WM_AS_FREE_FLAGS, _Generic((v), uint32_t: (v)))
#define WM_PROTECTION(v)  wm_shown_number(WM_AS_PROTECTION, _Generic((v), uint32_t: (v)))
#define WM_MAP_FLAGS(v)   wm_shown_number(WM_AS_MAP_FLAGS, _Generic((v), uint32_t: (v)))

#define WM_NO_ARGUMENTS wm_shown_number(WM_AS_NOTHING, 0)
/* clang-format on */

/* --- what a call returned, if it succeeded --- */

enum wm_told_after {
    WM_AFTER_EQUALS,
    WM_AFTER_TRUE,
    WM_AFTER_LOCKED_STILL,
    WM_AFTER_NOTHING,
};

/*
 * Small enough for two registers as well: a larger structure would be passed through memory, and cost each
 * traced function a stack frame, even while nothing is traced.
 */
struct wm_returned {
    enum wm_shown_as as;
    enum wm_told_after after;
    union wm_shown_value value;
};

static inline struct wm_returned wm_returned(enum wm_told_after after, struct wm_shown shown)
{
    return (struct wm_returned){shown.as, after, shown.value};
}

#define WM_RETURNS(shown) wm_returned(WM_AFTER_EQUALS, shown)
#define WM_RETURNS_TRUE WM_RETURNS(WM_STRING("TRUE"))
#define WM_RETURNS_TRUE_AND(shown) wm_returned(WM_AFTER_TRUE, shown)
#define WM_RETURNS_LOCKED_STILL(shown) wm_returned(WM_AFTER_LOCKED_STILL, shown)
#define WM_RETURNS_ZERO WM_RETURNS(WM_STRING("0"))
#define WM_RETURNS_NOTHING WM_RETURNS(WM_STRING(""))
#define WM_RETURNS_NEVER wm_returned(WM_AFTER_NOTHING, WM_STRING(""))

/* --- the line --- */

/* Each argument is a struct wm_shown: only WM_TRACE_AS calls this, which counts them as such. */
WM_FOR_WIN32 void wm_trace_call(const char *function, wm_status st, struct wm_returned returned,
                                size_t arguments, ...);

/*
 * For calls that cost so little that their trace and failure are better out of line: if neither is to be told, done;
 * else a function marked WM_TELLS, which traces with WM_TRACE_AS.
 */
#define WM_IS_QUIET(st) (__builtin_expect(wm_ok(st) && WM_TRACE_FD < 0, 1))
#define WM_TELLS static __attribute__((noinline, cold))

#define WM_COUNT_SHOWN(...) (sizeof((const struct wm_shown[]){__VA_ARGS__}) / sizeof(struct wm_shown))

/* Of a function that serves several: which one was called. The arguments follow in the order of the call. */
#define WM_TRACE_AS(function, st, returned, ...)                                                             \
    do {                                                                                                     \
        if (__builtin_expect(WM_TRACE_FD >= 0, 0))                                                           \
            wm_trace_call(function, st, returned, WM_COUNT_SHOWN(__VA_ARGS__), __VA_ARGS__);                 \
    } while (0)

#define WM_TRACE(st, returned, ...) WM_TRACE_AS(__func__, st, returned, __VA_ARGS__)

#endif
