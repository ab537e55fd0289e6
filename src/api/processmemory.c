/*
 * processmemory.c: ReadProcessMemory and WriteProcessMemory: memory by copying, of this process or of another
 * one.
 *
 * What was copied is told by the count, on failure as well: 299 with a count says how far the copy came
 * (O208), and 0 that nothing is to be used of it (O209, O210). Writing goes through to pages that hold code
 * and are not writable, which keep their protection (O212). A first page that cannot be written otherwise is
 * 998, and this error alone leaves the count as it was (O211).
 *
 * The rules are remote/copying.c's. Whether the count can be stored is asked before anything is copied.
 */
#include <string.h>

#include "api/edge.h"
#include "remote/copying.h"

static wm_status read_slowly(HANDLE process, LPCVOID from, LPVOID to, SIZE_T bytes, size_t *done)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_VM_READ, &target);

    return wm_ok(st) ? wm_remote_read(&target, (uintptr_t)to, (uintptr_t)from, bytes, done) : st;
}

static wm_status read_in(HANDLE process, LPCVOID from, LPVOID to, SIZE_T bytes, size_t *done)
{
    if (!wm_remote_reads_at_once((uintptr_t)process, PROCESS_VM_READ, (uintptr_t)to, (uintptr_t)from, bytes))
        return read_slowly(process, from, to, bytes, done);
    *done = bytes;
    return WM_OK;
}

enum { WRITES = PROCESS_VM_WRITE | PROCESS_VM_OPERATION };

static wm_status write_slowly(HANDLE process, LPVOID to, LPCVOID from, SIZE_T bytes, size_t *done)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, WRITES, &target);

    return wm_ok(st) ? wm_remote_write(&target, (uintptr_t)to, (uintptr_t)from, bytes, done) : st;
}

static wm_status write_in(HANDLE process, LPVOID to, LPCVOID from, SIZE_T bytes, size_t *done)
{
    if (!wm_remote_writes_at_once((uintptr_t)process, WRITES, (uintptr_t)to, (uintptr_t)from, bytes))
        return write_slowly(process, to, from, bytes, done);
    *done = bytes;
    return WM_OK;
}

static wm_status count_can_be_told(const SIZE_T *count)
{
    return count == NULL ? WM_OK : wm_edge_fillable(count, sizeof *count);
}

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
    wm_status st = count_can_be_told(lpNumberOfBytesRead);

    if (!wm_ok(st))
        return wm_edge_bool(st);
    st = read_in(hProcess, lpBaseAddress, lpBuffer, nSize, &done);
    tell(lpNumberOfBytesRead, done);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpBaseAddress), WM_HEX(lpBuffer), WM_HEX(nSize),
             WM_HEX(lpNumberOfBytesRead));
    return wm_edge_bool(st);
}

/* Where the first page refuses, the count is left as it was. */
BOOL WINAPI WriteProcessMemory(HANDLE hProcess, LPVOID lpBaseAddress, LPCVOID lpBuffer, SIZE_T nSize,
                               SIZE_T *lpNumberOfBytesWritten)
{
    size_t done = 0;
    wm_status st = count_can_be_told(lpNumberOfBytesWritten);

    if (!wm_ok(st))
        return wm_edge_bool(st);
    st = write_in(hProcess, lpBaseAddress, lpBuffer, nSize, &done);
    if (st != WM_WRITE_REFUSED)
        tell(lpNumberOfBytesWritten, done);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpBaseAddress), WM_HEX(lpBuffer), WM_HEX(nSize),
             WM_HEX(lpNumberOfBytesWritten));
    return wm_edge_bool(st);
}
