/*
 * intrin.h: the processor's instructions, as the compiler's own headers offer them (_mm_pause, __rdtsc, SSE, AVX) and as the
 * Microsoft compiler does (with wininterlocked.h and winintrin.h, which windows.h has as well).
 *
 * __cpuid        takes what it takes there, an array of four int and a function; also the five arguments that it takes in
 *                the compiler's cpuid.h, which may come before or after (gcc 10's before only)
 * _mm_...        those of a newer processor than the program is compiled for need the compiler's flag (-msse4.2, -mavx2)
 *
 * Source         learn.microsoft.com, "Compiler intrinsics"
 */
#ifndef WINMEM_INTRIN_H
#define WINMEM_INTRIN_H

#ifndef WINMEM_SHOW_WARNINGS /* wininterlocked.h */
#pragma GCC system_header
#endif

#include "errhandlingapi.h"
#include "winintrin.h"

#if defined __x86_64__
#ifndef bit_SSE3 /* gcc 10 cannot read it twice */
#include <cpuid.h>
#endif
/* clang's mm_malloc.h takes _WIN32 to mean Microsoft's C library and calls functions that are not here. */
#pragma push_macro("_WIN32")
#undef _WIN32
#include <x86intrin.h>
#pragma pop_macro("_WIN32")
#elif defined __ARM_NEON
#include <arm_neon.h>
#endif

WINMEM_INTRINSICS_BEGIN

#if defined __x86_64__

/* ---- What the processor is ----------------------------------------------------------------------------- */

WINMEM_INTRINSIC VOID winmem_cpuid(int *Info, int Function, int Subfunction)
{
    __asm__ __volatile__("cpuid"
                         : "=a"(Info[0]), "=b"(Info[1]), "=c"(Info[2]), "=d"(Info[3])
                         : "0"(Function), "2"(Subfunction));
}

#undef __cpuid
#define __cpuid(...)                                                                                         \
    WINMEM_SIXTH(__VA_ARGS__, winmem_cpuid_into, none, none, winmem_cpuid_all, none)                         \
    (__VA_ARGS__)
#define WINMEM_SIXTH(a, b, c, d, e, f, ...) f
#define winmem_cpuid_all(info, function) winmem_cpuid((info), (function), 0)
#define winmem_cpuid_into(function, a, b, c, d)                                                              \
    __asm__ __volatile__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "0"(function), "2"(0))

#undef __cpuidex
#define __cpuidex(info, function, subfunction) winmem_cpuid((info), (function), (subfunction))

#endif

/* ---- Bits ---------------------------------------------------------------------------------------------- */

/* 0 has as many leading zeros as the word has bits, whatever processor the program is compiled for. */
WINMEM_INTRINSIC unsigned short winmem_lzcnt16(unsigned short Value)
{
    return (unsigned short)(Value == 0 ? 16 : __builtin_clz(Value) - 16);
}
WINMEM_INTRINSIC unsigned winmem_lzcnt(unsigned Value)
{
    return Value == 0 ? 32 : (unsigned)__builtin_clz(Value);
}
WINMEM_INTRINSIC ULONG64 winmem_lzcnt64(ULONG64 Value)
{
    return Value == 0 ? 64 : (ULONG64)__builtin_clzll(Value);
}
#undef __lzcnt16
#undef __lzcnt64
#define __lzcnt16(value) winmem_lzcnt16(value)
#define __lzcnt(value) winmem_lzcnt(value)
#define __lzcnt64(value) winmem_lzcnt64(value)

/* ---- Products and quotients ---------------------------------------------------------------------------- */

WINMEM_INTRINSIC LONG64 __emul(int a, int b)
{
    return (LONG64)a * b;
}
WINMEM_INTRINSIC ULONG64 __emulu(unsigned a, unsigned b)
{
    return (ULONG64)a * b;
}
#if defined __x86_64__
/* A quotient that is too large raises what a division by zero raises. */
WINMEM_INTRINSIC ULONG64 _udiv128(ULONG64 HighDividend, ULONG64 LowDividend, ULONG64 Divisor,
                                  ULONG64 *Remainder)
{
    ULONG64 quotient;

    __asm__ __volatile__("divq %4"
                         : "=a"(quotient), "=d"(*Remainder)
                         : "a"(LowDividend), "d"(HighDividend), "r"(Divisor)
                         : "cc");
    return quotient;
}
WINMEM_INTRINSIC LONG64 _div128(LONG64 HighDividend, LONG64 LowDividend, LONG64 Divisor, LONG64 *Remainder)
{
    LONG64 quotient;

    __asm__ __volatile__("idivq %4"
                         : "=a"(quotient), "=d"(*Remainder)
                         : "a"(LowDividend), "d"(HighDividend), "r"(Divisor)
                         : "cc");
    return quotient;
}
#endif

/* ---- Strings of bytes and words ------------------------------------------------------------------------ */

#if defined __x86_64__
#define WINMEM_STRING(store, move, type, suffix)                                                             \
    WINMEM_INTRINSIC VOID store(type *Destination, type Value, SIZE_T Count)                                 \
    {                                                                                                        \
        __asm__ __volatile__("rep stos" suffix : "+D"(Destination), "+c"(Count) : "a"(Value) : "memory");    \
    }                                                                                                        \
    WINMEM_INTRINSIC VOID move(type *Destination, const type *Source, SIZE_T Count)                          \
    {                                                                                                        \
        __asm__ __volatile__("rep movs" suffix : "+D"(Destination), "+S"(Source), "+c"(Count) : : "memory"); \
    }
#else
#define WINMEM_STRING(store, move, type, suffix)                                                             \
    WINMEM_INTRINSIC VOID store(type *Destination, type Value, SIZE_T Count)                                 \
    {                                                                                                        \
        while (Count-- > 0)                                                                                  \
            *Destination++ = Value;                                                                          \
    }                                                                                                        \
    WINMEM_INTRINSIC VOID move(type *Destination, const type *Source, SIZE_T Count)                          \
    {                                                                                                        \
        while (Count-- > 0)                                                                                  \
            *Destination++ = *Source++;                                                                      \
    }
#endif
WINMEM_STRING(__stosb, __movsb, unsigned char, "b")
WINMEM_STRING(__stosw, __movsw, unsigned short, "w")
WINMEM_STRING(__stosd, __movsd, ULONG, "l")
WINMEM_STRING(__stosq, __movsq, ULONG64, "q")

/* Needs libwinmem-win32. The code is why; nobody hears of it. */
__attribute__((__noreturn__)) WINMEM_INTRINSIC VOID __fastfail(unsigned Code)
{
    (void)Code;
    RaiseFailFastException(NULL, NULL, FAIL_FAST_GENERATE_EXCEPTION_ADDRESS);
}

WINMEM_INTRINSIC VOID __nop(VOID)
{
    __asm__ __volatile__("nop");
}

WINMEM_INTRINSICS_END

#endif /* WINMEM_INTRIN_H */
