/* processorname.c: what CPUID says of x86-64. */
#include "api/processorname.h"

#include <cpuid.h>

#include "base/atomic.h"

enum { PROCESSOR_LEVEL_SHIFT = 8 };

/* CPUID leaf 1, asked once: in a virtual machine it takes microseconds. */
static unsigned processor_signature(void)
{
    static unsigned signature;
    unsigned a = 0, b, c, d;

    if (WM_LOAD(signature) == 0 && __get_cpuid(1, &a, &b, &c, &d))
        WM_STORE(signature, a);
    return WM_LOAD(signature);
}

/* Family as the level, model and stepping as the revision. */
void wm_processor_name(LPSYSTEM_INFO info)
{
    unsigned a = processor_signature(), family, model;

    family = (a >> 8 & 0xf) + ((a >> 8 & 0xf) == 0xf ? a >> 20 & 0xff : 0);
    model = (a >> 4 & 0xf) | (a >> 12 & 0xf0);
    info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    info->dwProcessorType = PROCESSOR_AMD_X8664;
    info->wProcessorLevel = (WORD)family;
    info->wProcessorRevision = (WORD)(model << PROCESSOR_LEVEL_SHIFT | (a & 0xf));
}
