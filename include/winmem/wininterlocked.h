/*
 * wininterlocked.h: variables that several threads change at once: the Interlocked functions, and the _Interlocked
 * intrinsics that they are on Windows. windows.h and intrin.h include it; everything is compiled into the program.
 *
 *   Interlocked<Operation><Width><Order>, but Interlocked<Operation><Order>64 where Windows has it so
 *   _Interlocked<Operation><Width><order>
 *
 * Increment, Decrement, Add      answer the new value
 * Exchange, ExchangeAdd, ExchangeSubtract, CompareExchange, And, Or, Xor   the value before
 * BitTestAndSet, BitTestAndReset, BitTestAndComplement   the bit before. It may be any, also before and behind the word
 * CompareExchange128             whether it exchanged; ComparandResult: the value before. The pair is aligned to 16 bytes
 * Order                          none: a full barrier; Acquire, Release, NoFence as they say (_acq, _rel, _nf). _np,
 *                                _HLEAcquire and _HLERelease are hints that these processors do not take
 *
 * On Linux      a LONG is an int and a LONGLONG a long long, so a program's long and int64_t are types of their own. In
 *               C++ all integers of the right width are taken, and for the 32-bit names a long is changed in its full
 *               width; in C the 64-bit names take all of 64 bits, and the bit tests any integer
 * Source        learn.microsoft.com, winnt.h, "Interlocked Variable Access", "Compiler intrinsics"
 */
#ifndef WINMEM_WININTERLOCKED_H
#define WINMEM_WININTERLOCKED_H

#include "wintypes.h"

/*
 * Functions in headers are compiled with the program's warnings (-Wold-style-cast), which it cannot mend: so headers that have
 * some count as the system's, unless WINMEM_SHOW_WARNINGS is defined. In C always: a 64-bit variable is taken in a union of
 * pointers, which pedantic compilers find wrong where it is passed to any other function.
 */
#if !defined __cplusplus || !defined WINMEM_SHOW_WARNINGS
#pragma GCC system_header
#endif

/* Always part of its caller: it has no address and no symbol, as intrinsics have none. */
#ifdef __cplusplus
#define WINMEM_INTRINSIC inline __attribute__((__always_inline__))
#define WINMEM_INTRINSICS_BEGIN extern "C++" {
#define WINMEM_INTRINSICS_END }
#else
#define WINMEM_INTRINSIC extern __inline__ __attribute__((__always_inline__, __gnu_inline__))
#define WINMEM_INTRINSICS_BEGIN
#define WINMEM_INTRINSICS_END
#endif

/* What is at an address, whatever type the program knows it by. */
typedef UINT32 __attribute__((__may_alias__)) winmem_word32;
typedef ULONG64 __attribute__((__may_alias__)) winmem_word64;
typedef LONG64 __attribute__((__may_alias__)) winmem_any64;

/* The order of an operation, and of a comparison that failed. */
#define WINMEM_FULL __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST
#define WINMEM_ACQUIRE __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE
#define WINMEM_RELEASE __ATOMIC_RELEASE, __ATOMIC_RELAXED
#define WINMEM_NO_FENCE __ATOMIC_RELAXED, __ATOMIC_RELAXED
#define WINMEM_ORDER(order, otherwise) order
#define WINMEM_OTHERWISE(order, otherwise) otherwise
#define WINMEM_FIRST(orders) WINMEM_ORDER orders
#define WINMEM_SECOND(orders) WINMEM_OTHERWISE orders

/* ---- One function of each kind ------------------------------------------------------------------------- */

/*
 * at is the type of a pointer to the variable, to what makes a plain pointer of that: nothing, or the member of a union.
 */
#define WINMEM_CHANGE(name, type, at, to, orders, change)                                                    \
    WINMEM_INTRINSIC type name(at Target, type Value)                                                        \
    {                                                                                                        \
        return (type)change(Target to, Value, WINMEM_FIRST(orders));                                         \
    }
#define WINMEM_STEP(name, type, at, to, orders, change)                                                      \
    WINMEM_INTRINSIC type name(at Addend)                                                                    \
    {                                                                                                        \
        return (type)change(Addend to, (type)1, WINMEM_FIRST(orders));                                       \
    }
#define WINMEM_COMPARE(name, type, at, to, orders)                                                           \
    WINMEM_INTRINSIC type name(at Destination, type Exchange, type Comparand)                                \
    {                                                                                                        \
        __atomic_compare_exchange_n(Destination to, &Comparand, Exchange, 0, WINMEM_FIRST(orders),           \
                                    WINMEM_SECOND(orders));                                                  \
        return Comparand;                                                                                    \
    }
#define WINMEM_LOAD(name, type, at, to, orders)                                                              \
    WINMEM_INTRINSIC type name(at Source)                                                                    \
    {                                                                                                        \
        return __atomic_load_n(Source to, WINMEM_FIRST(orders));                                             \
    }
#define WINMEM_STORE(name, type, at, to, orders)                                                             \
    WINMEM_INTRINSIC VOID name(at Destination, type Value)                                                   \
    {                                                                                                        \
        __atomic_store_n(Destination to, Value, WINMEM_FIRST(orders));                                       \
    }

/* ---- The families: prefix##Operation##suffix for each operation that a width has ----------------------- */

#define WINMEM_LOGIC(prefix, suffix, type, at, to, orders)                                                   \
    WINMEM_CHANGE(prefix##And##suffix, type, at, to, orders, __atomic_fetch_and)                             \
    WINMEM_CHANGE(prefix##Or##suffix, type, at, to, orders, __atomic_fetch_or)                               \
    WINMEM_CHANGE(prefix##Xor##suffix, type, at, to, orders, __atomic_fetch_xor)
#define WINMEM_EXCHANGE(prefix, suffix, type, at, to, orders)                                                \
    WINMEM_CHANGE(prefix##Exchange##suffix, type, at, to, orders, __atomic_exchange_n)                       \
    WINMEM_COMPARE(prefix##CompareExchange##suffix, type, at, to, orders)
#define WINMEM_EXCHANGE_ADD(prefix, suffix, type, at, to, orders)                                            \
    WINMEM_CHANGE(prefix##ExchangeAdd##suffix, type, at, to, orders, __atomic_fetch_add)
#define WINMEM_COUNT(prefix, suffix, type, at, to, orders)                                                   \
    WINMEM_STEP(prefix##Increment##suffix, type, at, to, orders, __atomic_add_fetch)                         \
    WINMEM_STEP(prefix##Decrement##suffix, type, at, to, orders, __atomic_sub_fetch)
#define WINMEM_ADD(prefix, suffix, type, at, to, orders)                                                     \
    WINMEM_CHANGE(prefix##Add##suffix, type, at, to, orders, __atomic_add_fetch)

/* clang-format off */
/* In each order that functions have, and that intrinsics have. */
#define WINMEM_FUNCTIONS(family, width, type, at, to)                                                        \
    family(Interlocked, width, type, at, to, (WINMEM_FULL))                                                  \
    family(Interlocked, width##Acquire, type, at, to, (WINMEM_ACQUIRE))                                      \
    family(Interlocked, width##Release, type, at, to, (WINMEM_RELEASE))                                      \
    family(Interlocked, width##NoFence, type, at, to, (WINMEM_NO_FENCE))
#define WINMEM_FUNCTIONS_64(family, type, at, to)                                                            \
    family(Interlocked, 64, type, at, to, (WINMEM_FULL))                                                     \
    family(Interlocked, Acquire64, type, at, to, (WINMEM_ACQUIRE))                                           \
    family(Interlocked, Release64, type, at, to, (WINMEM_RELEASE))                                           \
    family(Interlocked, NoFence64, type, at, to, (WINMEM_NO_FENCE))
#define WINMEM_ORDERED(family, width, type, at, to)                                                          \
    family(_Interlocked, width, type, at, to, (WINMEM_FULL))                                                 \
    family(_Interlocked, width##_acq, type, at, to, (WINMEM_ACQUIRE))                                        \
    family(_Interlocked, width##_rel, type, at, to, (WINMEM_RELEASE))                                        \
    family(_Interlocked, width##_nf, type, at, to, (WINMEM_NO_FENCE))
#define WINMEM_ELIDED(family, width, type, at, to)                                                           \
    family(_Interlocked, width##_HLEAcquire, type, at, to, (WINMEM_FULL))                                    \
    family(_Interlocked, width##_HLERelease, type, at, to, (WINMEM_FULL))
#define WINMEM_UNHINTED(family, width, type, at, to)                                                         \
    family(_Interlocked, width##_np, type, at, to, (WINMEM_FULL))

#define WINMEM_ALL_OF_32(type)                                                                               \
    WINMEM_FUNCTIONS(WINMEM_LOGIC, , type, type volatile *, )                                                \
    WINMEM_FUNCTIONS(WINMEM_EXCHANGE, , type, type volatile *, )                                             \
    WINMEM_FUNCTIONS(WINMEM_EXCHANGE_ADD, , type, type volatile *, )                                         \
    WINMEM_FUNCTIONS(WINMEM_COUNT, , type, type volatile *, )                                                \
    WINMEM_FUNCTIONS(WINMEM_ADD, , type, type volatile *, )                                                  \
    WINMEM_ORDERED(WINMEM_LOGIC, , type, type volatile *, )                                                  \
    WINMEM_ORDERED(WINMEM_EXCHANGE, , type, type volatile *, )                                               \
    WINMEM_ORDERED(WINMEM_EXCHANGE_ADD, , type, type volatile *, )                                           \
    WINMEM_ORDERED(WINMEM_COUNT, , type, type volatile *, )                                                  \
    WINMEM_ORDERED(WINMEM_ADD, , type, type volatile *, )                                                    \
    WINMEM_ELIDED(WINMEM_LOGIC, , type, type volatile *, )                                                   \
    WINMEM_ELIDED(WINMEM_EXCHANGE, , type, type volatile *, )                                                \
    WINMEM_ELIDED(WINMEM_EXCHANGE_ADD, , type, type volatile *, )                                            \
    WINMEM_UNHINTED(WINMEM_LOGIC, , type, type volatile *, )                                                 \
    WINMEM_UNHINTED(WINMEM_COMPARE_ONLY, , type, type volatile *, )
#define WINMEM_COMPARE_ONLY(prefix, suffix, type, at, to, orders)                                            \
    WINMEM_COMPARE(prefix##CompareExchange##suffix, type, at, to, orders)

#define WINMEM_ALL_OF_64(type, at, to)                                                                       \
    WINMEM_FUNCTIONS(WINMEM_LOGIC, 64, type, at, to)                                                         \
    WINMEM_FUNCTIONS_64(WINMEM_EXCHANGE, type, at, to)                                                       \
    WINMEM_FUNCTIONS_64(WINMEM_EXCHANGE_ADD, type, at, to)                                                   \
    WINMEM_FUNCTIONS_64(WINMEM_COUNT, type, at, to)                                                          \
    WINMEM_FUNCTIONS_64(WINMEM_ADD, type, at, to)                                                            \
    WINMEM_ORDERED(WINMEM_LOGIC, 64, type, at, to)                                                           \
    WINMEM_ORDERED(WINMEM_EXCHANGE, 64, type, at, to)                                                        \
    WINMEM_ORDERED(WINMEM_EXCHANGE_ADD, 64, type, at, to)                                                    \
    WINMEM_ORDERED(WINMEM_COUNT, 64, type, at, to)                                                           \
    WINMEM_ORDERED(WINMEM_ADD, 64, type, at, to)                                                             \
    WINMEM_ELIDED(WINMEM_LOGIC, 64, type, at, to)                                                            \
    WINMEM_ELIDED(WINMEM_EXCHANGE, 64, type, at, to)                                                         \
    WINMEM_ELIDED(WINMEM_EXCHANGE_ADD, 64, type, at, to)                                                     \
    WINMEM_UNHINTED(WINMEM_LOGIC, 64, type, at, to)                                                          \
    WINMEM_UNHINTED(WINMEM_COMPARE_ONLY, 64, type, at, to)

#define WINMEM_ALL_OF_16(type)                                                                               \
    WINMEM_FUNCTIONS(WINMEM_LOGIC, 16, type, type volatile *, )                                              \
    WINMEM_FUNCTIONS(WINMEM_EXCHANGE, 16, type, type volatile *, )                                           \
    WINMEM_FUNCTIONS(WINMEM_COUNT, 16, type, type volatile *, )                                              \
    WINMEM_ORDERED(WINMEM_LOGIC, 16, type, type volatile *, )                                                \
    WINMEM_ORDERED(WINMEM_EXCHANGE, 16, type, type volatile *, )                                             \
    WINMEM_ORDERED(WINMEM_EXCHANGE_ADD, 16, type, type volatile *, )                                         \
    WINMEM_ORDERED(WINMEM_COUNT, 16, type, type volatile *, )                                                \
    WINMEM_UNHINTED(WINMEM_LOGIC, 16, type, type volatile *, )                                               \
    WINMEM_UNHINTED(WINMEM_COMPARE_ONLY, 16, type, type volatile *, )

#define WINMEM_ALL_OF_8(type)                                                                                \
    WINMEM_FUNCTIONS(WINMEM_LOGIC, 8, type, type volatile *, )                                               \
    WINMEM_FUNCTIONS(WINMEM_EXCHANGE, 8, type, type volatile *, )                                            \
    WINMEM_ORDERED(WINMEM_LOGIC, 8, type, type volatile *, )                                                 \
    WINMEM_ORDERED(WINMEM_EXCHANGE, 8, type, type volatile *, )                                              \
    WINMEM_ORDERED(WINMEM_EXCHANGE_ADD, 8, type, type volatile *, )                                          \
    WINMEM_UNHINTED(WINMEM_LOGIC, 8, type, type volatile *, )
/* clang-format on */

/* ---- All of them --------------------------------------------------------------------------------------- */

WINMEM_INTRINSICS_BEGIN

WINMEM_ALL_OF_32(LONG)
WINMEM_ALL_OF_16(SHORT)
WINMEM_ALL_OF_8(CHAR)

#ifdef __cplusplus
WINMEM_ALL_OF_32(ULONG)
WINMEM_ALL_OF_32(long)
WINMEM_ALL_OF_32(unsigned long)
WINMEM_ALL_OF_16(USHORT)
WINMEM_ALL_OF_8(UCHAR)
WINMEM_ALL_OF_64(LONG64, LONG64 volatile *, )
WINMEM_ALL_OF_64(ULONG64, ULONG64 volatile *, )
WINMEM_ALL_OF_64(long, long volatile *, )
WINMEM_ALL_OF_64(unsigned long, unsigned long volatile *, )
#else
typedef union __attribute__((__transparent_union__)) {
    volatile winmem_any64 *any;
    volatile LONG64 *signed_long_long;
    volatile ULONG64 *unsigned_long_long;
    volatile long *signed_long;
    volatile unsigned long *unsigned_long;
} winmem_at64;
typedef union __attribute__((__transparent_union__)) {
    const volatile winmem_any64 *any;
    const volatile LONG64 *signed_long_long;
    const volatile ULONG64 *unsigned_long_long;
    const volatile long *signed_long;
    const volatile unsigned long *unsigned_long;
} winmem_from64;
WINMEM_ALL_OF_64(LONG64, winmem_at64, .any)
#endif

WINMEM_CHANGE(InterlockedExchangeSubtract, ULONG, ULONG volatile *, , (WINMEM_FULL), __atomic_fetch_sub)

WINMEM_FUNCTIONS(WINMEM_EXCHANGE, Pointer, PVOID, PVOID volatile *, )
WINMEM_ORDERED(WINMEM_EXCHANGE, Pointer, PVOID, PVOID volatile *, )
WINMEM_ELIDED(WINMEM_EXCHANGE, Pointer, PVOID, PVOID volatile *, )
WINMEM_UNHINTED(WINMEM_COMPARE_ONLY, Pointer, PVOID, PVOID volatile *, )

/* ---- Bits: the words may be of any width, since bit n is in the same place for all --------------------- */

#define WINMEM_BIT(name, type, number, change, negate, orders)                                               \
    WINMEM_INTRINSIC BOOLEAN name(volatile VOID *Base, number Bit)                                           \
    {                                                                                                        \
        volatile type *word = (volatile type *)Base + Bit / (number)(8 * sizeof(type));                      \
        number in_word = Bit % (number)(8 * sizeof(type));                                                   \
        type bit;                                                                                            \
        if (in_word < 0) {                                                                                   \
            word--;                                                                                          \
            in_word += (number)(8 * sizeof(type));                                                           \
        }                                                                                                    \
        bit = (type)1 << in_word;                                                                            \
        return (change(word, negate bit, WINMEM_FIRST(orders)) & bit) != 0;                                  \
    }
#define WINMEM_SET_AND_RESET(set, reset, type, number, orders)                                               \
    WINMEM_BIT(set, type, number, __atomic_fetch_or, , orders)                                               \
    WINMEM_BIT(reset, type, number, __atomic_fetch_and, ~, orders)
#define WINMEM_BIT_FUNCTIONS(suffix, type, number, orders)                                                   \
    WINMEM_SET_AND_RESET(InterlockedBitTestAndSet##suffix, InterlockedBitTestAndReset##suffix, type, number, \
                         orders)                                                                             \
    WINMEM_BIT(InterlockedBitTestAndComplement##suffix, type, number, __atomic_fetch_xor, , orders)
#define WINMEM_BIT_INTRINSICS(suffix, type, number, orders)                                                  \
    WINMEM_SET_AND_RESET(_interlockedbittestandset##suffix, _interlockedbittestandreset##suffix, type,       \
                         number, orders)
/* clang-format off */
#define WINMEM_ALL_BITS(width, type, number)                                                                 \
    WINMEM_BIT_INTRINSICS(width, type, number, (WINMEM_FULL))                                                \
    WINMEM_BIT_INTRINSICS(width##_acq, type, number, (WINMEM_ACQUIRE))                                       \
    WINMEM_BIT_INTRINSICS(width##_rel, type, number, (WINMEM_RELEASE))                                       \
    WINMEM_BIT_INTRINSICS(width##_nf, type, number, (WINMEM_NO_FENCE))                                       \
    WINMEM_BIT_INTRINSICS(width##_HLEAcquire, type, number, (WINMEM_FULL))                                   \
    WINMEM_BIT_INTRINSICS(width##_HLERelease, type, number, (WINMEM_FULL))
/* clang-format on */

WINMEM_ALL_BITS(, winmem_word32, LONG)
WINMEM_ALL_BITS(64, winmem_word64, LONG64)
WINMEM_BIT_FUNCTIONS(, winmem_word32, LONG, (WINMEM_FULL))
WINMEM_BIT_FUNCTIONS(Acquire, winmem_word32, LONG, (WINMEM_ACQUIRE))
WINMEM_BIT_FUNCTIONS(Release, winmem_word32, LONG, (WINMEM_RELEASE))
WINMEM_BIT_FUNCTIONS(NoFence, winmem_word32, LONG, (WINMEM_NO_FENCE))
WINMEM_BIT_FUNCTIONS(64, winmem_word64, LONG64, (WINMEM_FULL))

/* ---- Reading and writing in an order ------------------------------------------------------------------- */

#define WINMEM_LOADS(width, type, at, to)                                                                    \
    WINMEM_LOAD(Read##width##Acquire, type, at, to, (WINMEM_ACQUIRE))                                        \
    WINMEM_LOAD(Read##width##NoFence, type, at, to, (WINMEM_NO_FENCE))                                       \
    WINMEM_LOAD(Read##width##Raw, type, at, to, (WINMEM_NO_FENCE))
#define WINMEM_STORES(width, type, at, to)                                                                   \
    WINMEM_STORE(Write##width##Release, type, at, to, (WINMEM_RELEASE))                                      \
    WINMEM_STORE(Write##width##NoFence, type, at, to, (WINMEM_NO_FENCE))                                     \
    WINMEM_STORE(Write##width##Raw, type, at, to, (WINMEM_NO_FENCE))
#define WINMEM_READ_AND_WRITE(width, type)                                                                   \
    WINMEM_LOADS(width, type, type const volatile *, )                                                       \
    WINMEM_STORES(width, type, type volatile *, )

/* The plain ones have their width behind the order. */
#define WINMEM_READ_AND_WRITE_OF_WIDTH(width, type, from, at, to)                                            \
    WINMEM_LOAD(ReadAcquire##width, type, from, to, (WINMEM_ACQUIRE))                                        \
    WINMEM_LOAD(ReadNoFence##width, type, from, to, (WINMEM_NO_FENCE))                                       \
    WINMEM_LOAD(ReadRaw##width, type, from, to, (WINMEM_NO_FENCE))                                           \
    WINMEM_STORE(WriteRelease##width, type, at, to, (WINMEM_RELEASE))                                        \
    WINMEM_STORE(WriteNoFence##width, type, at, to, (WINMEM_NO_FENCE))                                       \
    WINMEM_STORE(WriteRaw##width, type, at, to, (WINMEM_NO_FENCE))

WINMEM_READ_AND_WRITE_OF_WIDTH(8, CHAR, CHAR const volatile *, CHAR volatile *, )
WINMEM_READ_AND_WRITE_OF_WIDTH(16, SHORT, SHORT const volatile *, SHORT volatile *, )
WINMEM_READ_AND_WRITE_OF_WIDTH(, LONG, LONG const volatile *, LONG volatile *, )
WINMEM_READ_AND_WRITE(UChar, UCHAR)
WINMEM_READ_AND_WRITE(UShort, USHORT)
WINMEM_READ_AND_WRITE(ULong, ULONG)
WINMEM_READ_AND_WRITE(Boolean, BOOLEAN)
WINMEM_READ_AND_WRITE(Pointer, PVOID)
WINMEM_READ_AND_WRITE(LongPtr, LONG_PTR)
WINMEM_READ_AND_WRITE(ULongPtr, ULONG_PTR)
WINMEM_READ_AND_WRITE(SizeT, SIZE_T)
#define WINMEM_READ_ULONG64(from, at, to)                                                                    \
    WINMEM_LOAD(ReadULong64Acquire, ULONG64, from, to, (WINMEM_ACQUIRE))                                     \
    WINMEM_LOAD(ReadULong64NoFence, ULONG64, from, to, (WINMEM_NO_FENCE))                                    \
    WINMEM_LOAD(ReadULong64Raw, ULONG64, from, to, (WINMEM_NO_FENCE))                                        \
    WINMEM_STORES(ULong64, ULONG64, at, to)

#ifdef __cplusplus
WINMEM_READ_AND_WRITE_OF_WIDTH(, long, long const volatile *, long volatile *, )
WINMEM_READ_AND_WRITE_OF_WIDTH(64, LONG64, LONG64 const volatile *, LONG64 volatile *, )
WINMEM_READ_AND_WRITE_OF_WIDTH(64, long, long const volatile *, long volatile *, )
WINMEM_READ_ULONG64(ULONG64 const volatile *, ULONG64 volatile *, )
WINMEM_LOADS(ULong64, unsigned long, unsigned long const volatile *, )
WINMEM_STORES(ULong64, unsigned long, unsigned long volatile *, )
#else
WINMEM_READ_AND_WRITE_OF_WIDTH(64, LONG64, winmem_from64, winmem_at64, .any)
WINMEM_READ_ULONG64(winmem_from64, winmem_at64, .any)
#endif

/* ---- 128 bits ------------------------------------------------------------------------------------------ */

#if defined __aarch64__
/* What was found is stored again where it is not what was compared: only so were both halves of it there at once. */
#define WINMEM_COMPARE_128(name)                                                                             \
    WINMEM_INTRINSIC BOOLEAN name(volatile VOID *Destination, LONG64 ExchangeHigh, LONG64 ExchangeLow,       \
                                  VOID *ComparandResult)                                                     \
    {                                                                                                        \
        winmem_any64 *pair = (winmem_any64 *)ComparandResult;                                                \
        LONG64 low, high;                                                                                    \
        unsigned busy;                                                                                       \
        BOOLEAN same;                                                                                        \
        do {                                                                                                 \
            __asm__ __volatile__("ldaxp %0, %1, [%2]"                                                        \
                                 : "=&r"(low), "=&r"(high)                                                   \
                                 : "r"(Destination)                                                          \
                                 : "memory");                                                                \
            same = low == pair[0] && high == pair[1];                                                        \
            __asm__ __volatile__("stlxp %w0, %1, %2, [%3]"                                                   \
                                 : "=&r"(busy)                                                               \
                                 : "r"(same ? ExchangeLow : low), "r"(same ? ExchangeHigh : high),           \
                                   "r"(Destination)                                                          \
                                 : "memory");                                                                \
        } while (busy);                                                                                      \
        pair[0] = low;                                                                                       \
        pair[1] = high;                                                                                      \
        return same;                                                                                         \
    }
#else
#define WINMEM_COMPARE_128(name)                                                                             \
    WINMEM_INTRINSIC BOOLEAN name(volatile VOID *Destination, LONG64 ExchangeHigh, LONG64 ExchangeLow,       \
                                  VOID *ComparandResult)                                                     \
    {                                                                                                        \
        winmem_any64 *pair = (winmem_any64 *)ComparandResult;                                                \
        BOOLEAN same;                                                                                        \
        __asm__ __volatile__("lock cmpxchg16b (%3)\n\tsete %0"                                               \
                             : "=q"(same), "+a"(pair[0]), "+d"(pair[1])                                      \
                             : "r"(Destination), "b"(ExchangeLow), "c"(ExchangeHigh)                         \
                             : "memory", "cc");                                                              \
        return same;                                                                                         \
    }
#endif

WINMEM_COMPARE_128(InterlockedCompareExchange128)
WINMEM_COMPARE_128(_InterlockedCompareExchange128)
WINMEM_COMPARE_128(_InterlockedCompareExchange128_np)
WINMEM_COMPARE_128(_InterlockedCompareExchange128_acq)
WINMEM_COMPARE_128(_InterlockedCompareExchange128_rel)
WINMEM_COMPARE_128(_InterlockedCompareExchange128_nf)

WINMEM_INTRINSICS_END

#endif /* WINMEM_WININTERLOCKED_H */
