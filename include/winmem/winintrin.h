/*
 * winintrin.h: single instructions that windows.h has (intrin.h has more): bits, wide products, time stamps, barriers.
 *
 * _BitScanForward, _BitScanReverse (64)   whether a bit is set, and the lowest or highest of them. The index may be a
 *                                         DWORD or an unsigned long. If none is set it stays as it was
 * _bittest and its kin                    bits may lie before and behind the word, which may be of any width; not atomic
 * __assume(truth)                         the compiler may believe it, and does not work it out
 * _alloca(bytes)                          on the stack, until the function returns
 *
 * Source            learn.microsoft.com, winnt.h, "Compiler intrinsics", "C run-time library reference"
 */
#ifndef WINMEM_WININTRIN_H
#define WINMEM_WININTRIN_H

#ifndef WINMEM_SHOW_WARNINGS /* wininterlocked.h */
#pragma GCC system_header
#endif

#include "wininterlocked.h"

WINMEM_INTRINSICS_BEGIN

/* ---- The lowest and the highest bit -------------------------------------------------------------------- */

#define WINMEM_SCAN(name, type, index_type, found)                                                           \
    WINMEM_INTRINSIC BOOLEAN name(index_type *Index, type Mask)                                              \
    {                                                                                                        \
        if (Mask == 0)                                                                                       \
            return 0;                                                                                        \
        *Index = (index_type)found;                                                                          \
        return 1;                                                                                            \
    }
#define WINMEM_SCANS(forward, reverse, forward_64, reverse_64, index_type)                                   \
    WINMEM_SCAN(forward, DWORD, index_type, __builtin_ctz(Mask))                                             \
    WINMEM_SCAN(reverse, DWORD, index_type, (31 - __builtin_clz(Mask)))                                      \
    WINMEM_SCAN(forward_64, DWORD64, index_type, __builtin_ctzll(Mask))                                      \
    WINMEM_SCAN(reverse_64, DWORD64, index_type, (63 - __builtin_clzll(Mask)))

#ifdef __cplusplus
WINMEM_SCANS(_BitScanForward, _BitScanReverse, _BitScanForward64, _BitScanReverse64, DWORD)
WINMEM_SCANS(_BitScanForward, _BitScanReverse, _BitScanForward64, _BitScanReverse64, unsigned long)
WINMEM_SCANS(_BitScanForward, _BitScanReverse, _BitScanForward64, _BitScanReverse64, ULONG64)
#else
WINMEM_SCANS(winmem_scan_forward, winmem_scan_reverse, winmem_scan_forward_64, winmem_scan_reverse_64, DWORD)
WINMEM_SCANS(winmem_scan_forward_long, winmem_scan_reverse_long, winmem_scan_forward_64_long,
             winmem_scan_reverse_64_long, unsigned long)
#define WINMEM_SCAN_FOR(name, index, mask)                                                                   \
    _Generic((index), unsigned long * : name##_long, default : name)((index), (mask))
#define _BitScanForward(index, mask) WINMEM_SCAN_FOR(winmem_scan_forward, index, mask)
#define _BitScanReverse(index, mask) WINMEM_SCAN_FOR(winmem_scan_reverse, index, mask)
#define _BitScanForward64(index, mask) WINMEM_SCAN_FOR(winmem_scan_forward_64, index, mask)
#define _BitScanReverse64(index, mask) WINMEM_SCAN_FOR(winmem_scan_reverse_64, index, mask)
#endif
#define BitScanForward _BitScanForward
#define BitScanReverse _BitScanReverse
#define BitScanForward64 _BitScanForward64
#define BitScanReverse64 _BitScanReverse64

/* ---- Single bits --------------------------------------------------------------------------------------- */

/* Bit / 32 and Bit % 32, rounding down: with whole bytes, which lie in the same place for words of any width. */
WINMEM_INTRINSIC BOOLEAN _bittest64(const VOID *Base, LONG64 Bit)
{
    const BYTE *byte = (const BYTE *)Base + (Bit >> 3);

    return (BOOLEAN)(*byte >> (Bit & 7) & 1);
}
#define WINMEM_CHANGE_BIT(name, change)                                                                      \
    WINMEM_INTRINSIC BOOLEAN name(VOID *Base, LONG64 Bit)                                                    \
    {                                                                                                        \
        BYTE *byte = (BYTE *)Base + (Bit >> 3), bit = (BYTE)(1 << (Bit & 7));                                \
        BOOLEAN before = (*byte & bit) != 0;                                                                 \
        *byte = (BYTE)(change);                                                                              \
        return before;                                                                                       \
    }
WINMEM_CHANGE_BIT(_bittestandset64, *byte | bit)
WINMEM_CHANGE_BIT(_bittestandreset64, *byte & ~bit)
WINMEM_CHANGE_BIT(_bittestandcomplement64, *byte ^ bit)
WINMEM_INTRINSIC BOOLEAN _bittest(const VOID *Base, LONG Bit)
{
    return _bittest64(Base, Bit);
}
WINMEM_INTRINSIC BOOLEAN _bittestandset(VOID *Base, LONG Bit)
{
    return _bittestandset64(Base, Bit);
}
WINMEM_INTRINSIC BOOLEAN _bittestandreset(VOID *Base, LONG Bit)
{
    return _bittestandreset64(Base, Bit);
}
WINMEM_INTRINSIC BOOLEAN _bittestandcomplement(VOID *Base, LONG Bit)
{
    return _bittestandcomplement64(Base, Bit);
}
#define BitTest _bittest
#define BitTestAndSet _bittestandset
#define BitTestAndReset _bittestandreset
#define BitTestAndComplement _bittestandcomplement
#define BitTest64 _bittest64
#define BitTestAndSet64 _bittestandset64
#define BitTestAndReset64 _bittestandreset64
#define BitTestAndComplement64 _bittestandcomplement64

/* ---- Bytes turned round, words rotated ----------------------------------------------------------------- */

WINMEM_INTRINSIC unsigned short _byteswap_ushort(unsigned short Value)
{
    return __builtin_bswap16(Value);
}
WINMEM_INTRINSIC ULONG _byteswap_ulong(ULONG Value)
{
    return __builtin_bswap32(Value);
}
WINMEM_INTRINSIC ULONG64 _byteswap_uint64(ULONG64 Value)
{
    return __builtin_bswap64(Value);
}

#define WINMEM_ROTATE(left, right, type, bits)                                                               \
    WINMEM_INTRINSIC type left(type Value, int Shift)                                                        \
    {                                                                                                        \
        return (type)(Value << (Shift & (bits - 1)) | Value >> (-Shift & (bits - 1)));                       \
    }                                                                                                        \
    WINMEM_INTRINSIC type right(type Value, int Shift)                                                       \
    {                                                                                                        \
        return (type)(Value >> (Shift & (bits - 1)) | Value << (-Shift & (bits - 1)));                       \
    }
WINMEM_ROTATE(_rotl8, _rotr8, unsigned char, 8)
WINMEM_ROTATE(_rotl16, _rotr16, unsigned short, 16)
WINMEM_ROTATE(_rotl64, _rotr64, ULONG64, 64)
WINMEM_ROTATE(winmem_rotl, winmem_rotr, unsigned, 32)

/* The compiler's own headers have these two as macros as well. */
#ifndef _rotl
#define _rotl(value, shift) winmem_rotl((value), (shift))
#endif
#ifndef _rotr
#define _rotr(value, shift) winmem_rotr((value), (shift))
#endif

/* ---- Products of 128 bits ------------------------------------------------------------------------------ */

__extension__ typedef __int128 winmem_int128;
__extension__ typedef unsigned __int128 winmem_uint128;

WINMEM_INTRINSIC ULONG64 _umul128(ULONG64 Multiplier, ULONG64 Multiplicand, ULONG64 *HighProduct)
{
    winmem_uint128 product = (winmem_uint128)Multiplier * Multiplicand;

    *HighProduct = (ULONG64)(product >> 64);
    return (ULONG64)product;
}
WINMEM_INTRINSIC LONG64 _mul128(LONG64 Multiplier, LONG64 Multiplicand, LONG64 *HighProduct)
{
    winmem_int128 product = (winmem_int128)Multiplier * Multiplicand;

    *HighProduct = (LONG64)(product >> 64);
    return (LONG64)product;
}
#ifdef __cplusplus
WINMEM_INTRINSIC ULONG64 _umul128(ULONG64 Multiplier, ULONG64 Multiplicand, unsigned long *HighProduct)
{
    winmem_uint128 product = (winmem_uint128)Multiplier * Multiplicand;

    *HighProduct = (unsigned long)(product >> 64);
    return (ULONG64)product;
}
WINMEM_INTRINSIC LONG64 _mul128(LONG64 Multiplier, LONG64 Multiplicand, long *HighProduct)
{
    winmem_int128 product = (winmem_int128)Multiplier * Multiplicand;

    *HighProduct = (long)(product >> 64);
    return (LONG64)product;
}
#endif
WINMEM_INTRINSIC ULONG64 __umulh(ULONG64 a, ULONG64 b)
{
    return (ULONG64)((winmem_uint128)a * b >> 64);
}
WINMEM_INTRINSIC LONG64 __mulh(LONG64 a, LONG64 b)
{
    return (LONG64)((winmem_int128)a * b >> 64);
}
WINMEM_INTRINSIC ULONG64 __shiftleft128(ULONG64 LowPart, ULONG64 HighPart, BYTE Shift)
{
    return (ULONG64)((((winmem_uint128)HighPart << 64 | LowPart) << (Shift & 63)) >> 64);
}
WINMEM_INTRINSIC ULONG64 __shiftright128(ULONG64 LowPart, ULONG64 HighPart, BYTE Shift)
{
    return (ULONG64)(((winmem_uint128)HighPart << 64 | LowPart) >> (Shift & 63));
}
#define UnsignedMultiply128(a, b, high) _umul128((a), (b), (high))
#define Multiply128(a, b, high) _mul128((a), (b), (high))
#define UnsignedMultiplyHigh(a, b) __umulh((a), (b))
#define MultiplyHigh(a, b) __mulh((a), (b))
#define ShiftLeft128(low, high, shift) __shiftleft128((low), (high), (shift))
#define ShiftRight128(low, high, shift) __shiftright128((low), (high), (shift))

/* ---- How many bits are set ----------------------------------------------------------------------------- */

WINMEM_INTRINSIC unsigned short __popcnt16(unsigned short Value)
{
    return (unsigned short)__builtin_popcount(Value);
}
WINMEM_INTRINSIC unsigned __popcnt(unsigned Value)
{
    return (unsigned)__builtin_popcount(Value);
}
WINMEM_INTRINSIC ULONG64 __popcnt64(ULONG64 Value)
{
    return (ULONG64)__builtin_popcountll(Value);
}
#define PopulationCount64(value) __popcnt64(value)

WINMEM_INTRINSICS_END

/* ---- Memory that nobody is to find -------------------------------------------------------------------- */

WINMEM_C_BEGIN
/* Zeroes it though nobody looks at it again. */
WINMEM_INTRINSIC PVOID RtlSecureZeroMemory(PVOID Destination, SIZE_T Bytes)
{
    memset(Destination, 0, Bytes);
    __asm__ __volatile__("" : : "r"(Destination) : "memory");
    return Destination;
}
WINMEM_INTRINSIC PVOID SecureZeroMemory(PVOID Destination, SIZE_T Bytes)
{
    return RtlSecureZeroMemory(Destination, Bytes);
}
WINMEM_C_END

/* ---- Order, time, and words to the compiler ------------------------------------------------------------ */

WINMEM_C_BEGIN
WINMEM_INTRINSIC VOID _ReadWriteBarrier(VOID)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
WINMEM_INTRINSIC VOID _ReadBarrier(VOID)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
WINMEM_INTRINSIC VOID _WriteBarrier(VOID)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
WINMEM_INTRINSIC VOID __faststorefence(VOID)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
WINMEM_C_END

#define FastFence() __faststorefence()
#if defined __aarch64__
#define LoadFence() __asm__ __volatile__("dmb ishld" : : : "memory")
#define MemoryFence() __asm__ __volatile__("dmb ish" : : : "memory")
#define StoreFence() __asm__ __volatile__("dmb ishst" : : : "memory")
#else
#define LoadFence() __builtin_ia32_lfence()
#define MemoryFence() __builtin_ia32_mfence()
#define StoreFence() __builtin_ia32_sfence()

#define ReadTimeStampCounter() __builtin_ia32_rdtsc()
#endif

#define PF_TEMPORAL_LEVEL_1 3
#define PF_TEMPORAL_LEVEL_2 2
#define PF_TEMPORAL_LEVEL_3 1
#define PF_NON_TEMPORAL_LEVEL_ALL 0
#define PreFetchCacheLine(level, address) __builtin_prefetch((const VOID *)(address), 0, (level))
#define PrefetchForWrite(address) __builtin_prefetch((const VOID *)(address), 1)

/* Goes on behind it, if a debugger or a handler of exceptions says so. */
#if defined __aarch64__
#define __debugbreak() __asm__ __volatile__("brk #0xf000")
#else
#define __debugbreak() __asm__ __volatile__("int3")
#endif

#define _ReturnAddress() __builtin_return_address(0)
#define _AddressOfReturnAddress() ((VOID *)((VOID **)__builtin_frame_address(0) + 1))

#ifndef __assume
#define __assume(truth) ((truth) ? (void)0 : __builtin_unreachable())
#endif
#ifndef __noop
enum { __noop }; /* the name alone is a statement too */
#define __noop(...) ((void)0)
#endif
#ifndef _alloca
#define _alloca(bytes) __builtin_alloca(bytes)
#endif

#endif /* WINMEM_WININTRIN_H */
