/* processmemory.c: memory by copying. */
#include <string.h>

#include "api/edge.h"
#include "vm/ops.h"

/* The count may be told on failure, too. */
static void tell(SIZE_T *count, SIZE_T value)
{
    if (count != NULL)
        memcpy(count, &value, sizeof value);
}

BOOL WINAPI ReadProcessMemory(HANDLE hProcess, LPCVOID lpBaseAddress, LPVOID lpBuffer, SIZE_T nSize,
                              SIZE_T *lpNumberOfBytesRead)
{
    size_t done = 0;
    wm_status st = lpNumberOfBytesRead == NULL
                       ? WM_OK
                       : wm_edge_fillable(lpNumberOfBytesRead, sizeof *lpNumberOfBytesRead);

    if (!wm_ok(st))
        return wm_edge_bool(st);
    st = wm_edge_self(hProcess, PROCESS_VM_READ);
    if (wm_ok(st))
        st = wm_op_read_self((uintptr_t)lpBuffer, (uintptr_t)lpBaseAddress, nSize, &done);
    tell(lpNumberOfBytesRead, done);
    WM_TRACE(st, "(%x, %x, %x, %x, %x) = TRUE", (uintptr_t)hProcess, (uintptr_t)lpBaseAddress,
             (uintptr_t)lpBuffer, (uintptr_t)nSize, (uintptr_t)lpNumberOfBytesRead);
    return wm_edge_bool(st);
}
