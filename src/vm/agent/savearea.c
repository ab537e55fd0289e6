/* savearea.c: how the registers of x86-64 are saved that the general ones are not: by FXSAVE, or by XSAVE. */
#include <cpuid.h>

#include "vm/agent/agent.h"

bool wm_agent_is_extended(void)
{
    unsigned a, b, c, d;

    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_OSXSAVE) != 0;
}
