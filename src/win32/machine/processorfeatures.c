/*
 * processorfeatures.c: IsProcessorFeaturePresent: what the processor can do, by what the instruction CPUID tells.
 *
 * Instructions with registers of their own (AVX) need the kernel to keep these, which XGETBV tells; those that change the
 * bases of FS and GS need its leave (Linux 5.9), which it tells a program at its start. What is not in the table is not
 * there, or not for x86-64.
 */
#include <cpuid.h>
#include <errno.h>
#include <sys/auxv.h>

#include "win32/win32.h"

enum reg { EAX, EBX, ECX, EDX };

enum { LEAVE_FOR_BASES = 2 /* in AT_HWCAP2 */ };

enum { NEEDS_AVX = 0x6, NEEDS_AVX512 = 0xe6 /* bits of XCR0 */ };

static const struct feature {
    BYTE number;
    BYTE reg, bit;
    BYTE state; /* bits of XCR0 that must be set */
    DWORD leaf;
} features[] = {
    {PF_COMPARE_EXCHANGE_DOUBLE, EDX, 8, 0, 1},
    {PF_MMX_INSTRUCTIONS_AVAILABLE, EDX, 23, 0, 1},
    {PF_XMMI_INSTRUCTIONS_AVAILABLE, EDX, 25, 0, 1},
    {PF_3DNOW_INSTRUCTIONS_AVAILABLE, EDX, 31, 0, 0x80000001},
    {PF_RDTSC_INSTRUCTION_AVAILABLE, EDX, 4, 0, 1},
    {PF_PAE_ENABLED, EDX, 6, 0, 1},
    {PF_XMMI64_INSTRUCTIONS_AVAILABLE, EDX, 26, 0, 1},
    {PF_NX_ENABLED, EDX, 20, 0, 0x80000001},
    {PF_SSE3_INSTRUCTIONS_AVAILABLE, ECX, 0, 0, 1},
    {PF_COMPARE_EXCHANGE128, ECX, 13, 0, 1},
    {PF_XSAVE_ENABLED, ECX, 27, 0, 1},
    {PF_RDWRFSGSBASE_AVAILABLE, EBX, 0, 0, 7},
    {PF_RDRAND_INSTRUCTION_AVAILABLE, ECX, 30, 0, 1},
    {PF_RDTSCP_INSTRUCTION_AVAILABLE, EDX, 27, 0, 0x80000001},
    {PF_RDPID_INSTRUCTION_AVAILABLE, ECX, 22, 0, 7},
    {PF_MONITORX_INSTRUCTION_AVAILABLE, ECX, 29, 0, 0x80000001},
    {PF_SSSE3_INSTRUCTIONS_AVAILABLE, ECX, 9, 0, 1},
    {PF_SSE4_1_INSTRUCTIONS_AVAILABLE, ECX, 19, 0, 1},
    {PF_SSE4_2_INSTRUCTIONS_AVAILABLE, ECX, 20, 0, 1},
    {PF_AVX_INSTRUCTIONS_AVAILABLE, ECX, 28, NEEDS_AVX, 1},
    {PF_AVX2_INSTRUCTIONS_AVAILABLE, EBX, 5, NEEDS_AVX, 7},
    {PF_AVX512F_INSTRUCTIONS_AVAILABLE, EBX, 16, NEEDS_AVX512, 7},
    {PF_ERMS_AVAILABLE, EBX, 9, 0, 7},
};

/* Which states the kernel keeps; 0 if it keeps none by XSAVE. */
static unsigned kept_states(void)
{
    unsigned a, b, c = 0, d, high;

    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1))
        return 0;
    __asm__ volatile("xgetbv" : "=a"(a), "=d"(high) : "c"(0));
    return a;
}

static bool bases_may_change(void)
{
    int saved = errno;
    bool may = (getauxval(AT_HWCAP2) & LEAVE_FOR_BASES) != 0;

    errno = saved;
    return may;
}

static bool is_there(const struct feature *feature)
{
    unsigned regs[4] = {0};

    if (feature->number == PF_RDWRFSGSBASE_AVAILABLE && !bases_may_change())
        return false;
    if (!__get_cpuid_count(feature->leaf, 0, &regs[EAX], &regs[EBX], &regs[ECX], &regs[EDX]))
        return false;
    return regs[feature->reg] >> feature->bit & 1 &&
           (feature->state == 0 || (kept_states() & feature->state) == feature->state);
}

BOOL WINAPI IsProcessorFeaturePresent(DWORD ProcessorFeature)
{
    if (ProcessorFeature == PF_SSE_DAZ_MODE_AVAILABLE || ProcessorFeature == PF_FASTFAIL_AVAILABLE)
        return TRUE; /* every x86-64 has the one, every Windows since 8 the other */
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        if (features[i].number == ProcessorFeature)
            return is_there(&features[i]);
    return FALSE;
}
