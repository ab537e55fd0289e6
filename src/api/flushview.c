/*
 * flushview.c: FlushViewOfFile: what was written to a view of a file begins its way to the disk.
 *
 * It is not waited for (vm/sections/flush.c); FlushFileBuffers on the file's handle does that. Of memory that
 * has no file there is nothing to write, and that succeeds.
 */
#include "api/edge.h"
#include "vm/ops.h"

BOOL WINAPI FlushViewOfFile(LPCVOID lpBaseAddress, SIZE_T dwNumberOfBytesToFlush)
{
    wm_status st = wm_op_flush_view((uintptr_t)lpBaseAddress, dwNumberOfBytesToFlush);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpBaseAddress), WM_HEX(dwNumberOfBytesToFlush));
    return wm_edge_bool(st);
}
