/*
 * atomics.c: every Interlocked function and intrinsic, compiled as a program for Windows may be: in C and C++, with and without
 * optimisation. Included by atomics.cpp. Nothing is linked; atomics.sh runs it.
 */
#include <stdio.h>
#include <windows.h>

#include <intrin.h>

#include "../../include/winmem/winmem.h"

static int failures;

#define WANT(truth, name)                                                                                    \
    do {                                                                                                     \
        if (!(truth)) {                                                                                      \
            printf("FAILED %s, line %d: %s\n", name, __LINE__, #truth);                                      \
            failures++;                                                                                      \
        }                                                                                                    \
    } while (0)
#include "../support/interlocked.h"

static void of_32_bits(void)
{
    INTERLOCKED_32(LONG)
    INTRINSICS_32(LONG)
    READS_AND_WRITES_OF(, LONG)
    READS_AND_WRITES(ULong, ULONG)
#ifdef __cplusplus
    INTERLOCKED_32(ULONG)
    INTRINSICS_32(ULONG)
    INTERLOCKED_32(UINT)
#endif
}

static void of_64_bits(void)
{
    INTERLOCKED_64(LONG64)
    INTERLOCKED_64(ULONG64)
    INTERLOCKED_64(int64_t)
    INTERLOCKED_64(SIZE_T)
    INTRINSICS_64(LONG64)
    INTRINSICS_64(int64_t)
    READS_AND_WRITES_OF(64, LONG64)
    READS_AND_WRITES_OF(64, int64_t)
    READS_AND_WRITES(ULong64, ULONG64)
    READS_AND_WRITES(ULong64, uint64_t)
}

/* Where LONG is not long, a program's long is changed in full, by the names for a LONG. */
static void of_a_long(void)
{
#ifdef __cplusplus
    INTERLOCKED_32(long)
    INTERLOCKED_32(unsigned long)
    INTRINSICS_32(long)
    READS_AND_WRITES_OF(, long)
#endif
}

static void of_16_and_8_bits(void)
{
    INTERLOCKED_16(SHORT)
    INTRINSICS_16(SHORT)
    READS_AND_WRITES_OF(16, SHORT)
    INTERLOCKED_8(CHAR)
    INTRINSICS_8(CHAR)
    READS_AND_WRITES_OF(8, CHAR)
#ifdef __cplusplus
    INTERLOCKED_16(USHORT)
    INTERLOCKED_8(UCHAR)
#endif
}

static void of_bits(void)
{
    INTERLOCKED_BITS(LONG, LONG64)
    INTERLOCKED_BITS(unsigned long, uint64_t)
}

static void of_pairs(void)
{
    DECLSPEC_ALIGN(16) LONG64 pair[2] = {1, 2};
    LONG64 comparand[2] = {1, 2};
    int64_t other[2] = {0, 0};

    WANT(InterlockedCompareExchange128(pair, 4, 3, comparand), "pair");
    WANT(!_InterlockedCompareExchange128((LONG64 volatile *)pair, 4, 3, (LONG64 *)other), "pair");
    WANT(other[0] == 3 && other[1] == 4, "pair");
}

static void of_processors(void)
{
    int info[4];
    unsigned a, b, c, d;
    DWORD index;
    unsigned long long_index;
    SYSTEM_INFO system;

    __cpuid(info, 0);
    __cpuid(0, a, b, c, d);
    WANT((int)a == info[0] && (int)b == info[1] && (int)c == info[2] && (int)d == info[3], "__cpuid");
    __cpuidex(info, 0, 0);
    WANT((int)a == info[0], "__cpuidex");
    WANT(_BitScanForward(&index, 4) && index == 2, "_BitScanForward");
    WANT(_BitScanReverse64(&long_index, 4) && long_index == 2, "_BitScanReverse64");
    WANT(_rotl(1u, 31) == 0x80000000 && _rotr64(1, 1) == 0x8000000000000000, "_rotl");
    WANT(__popcnt64(7) == 3 && __lzcnt64(0) == 64 && __lzcnt16(1) == 15, "__popcnt64");
    ZeroMemory(&system, sizeof system);
    _ReadWriteBarrier();
    MemoryBarrier();
}

int main(void)
{
    of_32_bits();
    of_64_bits();
    of_a_long();
    of_16_and_8_bits();
    of_bits();
    of_pairs();
    of_processors();
    return failures != 0;
}
