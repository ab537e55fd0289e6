/*
 * processorfeatures_aarch64.c: IsProcessorFeaturePresent: what the processor can do, by what the kernel tells a program at its
 * start. What is not in the table is not there, or not for ARM64.
 */
#include <errno.h>
#include <sys/auxv.h>

#include "win32/win32.h"

/* Bits of AT_HWCAP; every processor has what needs none. */
enum {
    ALWAYS = 0,
    VECTORS = 1 << 1,
    AES = 1 << 3,
    SHA1 = 1 << 5,
    SHA2 = 1 << 6,
    CRC32 = 1 << 7,
    ATOMICS = 1 << 8
};

static const struct {
    BYTE number;
    unsigned needed;
} features[] = {
    {PF_COMPARE_EXCHANGE_DOUBLE, ALWAYS},
    {PF_NX_ENABLED, ALWAYS},
    {PF_FASTFAIL_AVAILABLE, ALWAYS},
    {PF_ARM_VFP_32_REGISTERS_AVAILABLE, ALWAYS},
    {PF_ARM_NEON_INSTRUCTIONS_AVAILABLE, VECTORS},
    {PF_ARM_DIVIDE_INSTRUCTION_AVAILABLE, ALWAYS},
    {PF_ARM_64BIT_LOADSTORE_ATOMIC, ALWAYS},
    {PF_ARM_FMAC_INSTRUCTIONS_AVAILABLE, ALWAYS},
    {PF_ARM_V8_INSTRUCTIONS_AVAILABLE, ALWAYS},
    {PF_ARM_V8_CRYPTO_INSTRUCTIONS_AVAILABLE, AES | SHA1 | SHA2},
    {PF_ARM_V8_CRC32_INSTRUCTIONS_AVAILABLE, CRC32},
    {PF_ARM_V81_ATOMIC_INSTRUCTIONS_AVAILABLE, ATOMICS},
};

BOOL WINAPI IsProcessorFeaturePresent(DWORD ProcessorFeature)
{
    int saved = errno;
    unsigned long has = getauxval(AT_HWCAP);

    errno = saved;
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        if (features[i].number == ProcessorFeature)
            return (has & features[i].needed) == features[i].needed;
    return FALSE;
}
