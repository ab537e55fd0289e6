/*
 * processorname_aarch64.c: what the register MIDR_EL1 says. Programs may read it where the kernel says so (it answers for the
 * processor); else there is nothing to tell.
 */
#include <errno.h>
#include <sys/auxv.h>

#include "api/processorname.h"

enum { MAY_READ = 1 << 11 /* in AT_HWCAP */ };
enum { PART_SHIFT = 4, VARIANT_SHIFT = 20, REVISION_SHIFT = 8 };

static uint64_t main_id(void)
{
    int saved = errno;
    uint64_t id = 0;

    if (getauxval(AT_HWCAP) & MAY_READ)
        __asm__("mrs %0, MIDR_EL1" : "=r"(id));
    errno = saved;
    return id;
}

/* The part as the level, variant and revision as the revision. */
void wm_processor_name(LPSYSTEM_INFO info)
{
    uint64_t id = main_id();

    info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_ARM64;
    info->wProcessorLevel = (WORD)(id >> PART_SHIFT & 0xfff);
    info->wProcessorRevision = (WORD)((id >> VARIANT_SHIFT & 0xf) << REVISION_SHIFT | (id & 0xf));
}
