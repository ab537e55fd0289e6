/* savearea_aarch64.c: the vector registers are in the frame by which a borrowed thread returns (kern/arch/wayback.h). */
#include "vm/agent/agent.h"

bool wm_agent_is_extended(void)
{
    return false;
}
