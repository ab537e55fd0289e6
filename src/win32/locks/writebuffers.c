/* writebuffers.c: FlushProcessWriteBuffers: what other threads have written is seen by the caller, at his cost alone. */
#include "kern/system/system.h"
#include "win32/win32.h"

VOID WINAPI FlushProcessWriteBuffers(VOID)
{
    wm_kern_barrier_everywhere();
}
