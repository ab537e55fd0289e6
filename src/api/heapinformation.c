/*
 * heapinformation.c: HeapQueryInformation, HeapSetInformation: what a heap is asked and told about itself.
 *
 * One class can be asked, three can be set (D11.4f). Of a heap's compatibility nothing depends here: there is
 * one kind of heap. It is kept and told as on Windows all the same, because programs ask whether it was
 * accepted: it goes from 0 to 2 and never back (O230). That a heap turns to 2 by itself (O231) is not
 * imitated.
 */
#include <string.h>

#include "api/heaps.h"

enum { STANDARD, LOOKASIDE, LOW_FRAGMENTATION };

bool wm_heap_terminates;

/* --- compatibility --- */

static wm_status tell_compatibility(const struct wm_heap *heap, void *buffer, SIZE_T length, PSIZE_T needed)
{
    const ULONG value = heap->compatibility;
    wm_status st = wm_edge_fillable(needed, needed == NULL ? 0 : sizeof *needed);

    if (wm_ok(st) && needed != NULL)
        *needed = sizeof value;
    if (wm_ok(st) && length < sizeof value)
        return WM_BUFFER_SMALL;
    if (wm_ok(st))
        st = wm_edge_fillable(buffer, sizeof value);
    if (wm_ok(st))
        memcpy(buffer, &value, sizeof value);
    return st;
}

/*
 * Neither back nor to look-aside lists, which Windows has given up (O230). A heap without serialization stays
 * at 0.
 */
static wm_status set_compatibility(struct wm_heap *heap, const void *buffer, SIZE_T length)
{
    ULONG wanted;
    wm_status st = length < sizeof wanted ? WM_BUFFER_SMALL : wm_edge_legible(buffer, sizeof wanted);

    if (!wm_ok(st))
        return st;
    memcpy(&wanted, buffer, sizeof wanted);
    if (wanted > LOW_FRAGMENTATION || (wanted == LOW_FRAGMENTATION && heap->nature.free_for_all))
        return WM_HEAP_COMPATIBILITY;
    if (wanted == LOOKASIDE || wanted < heap->compatibility)
        return WM_HEAP_COMPATIBLE;
    heap->compatibility = wanted;
    return WM_OK;
}

/* --- resources --- */

/* What malloc keeps for later goes back to the system. All heaps stand on the same malloc, so all are meant. */
static wm_status optimize(const void *buffer, SIZE_T length)
{
    HEAP_OPTIMIZE_RESOURCES_INFORMATION how;
    wm_status st = length < sizeof how ? WM_BUFFER_SMALL : wm_edge_legible(buffer, sizeof how);

    if (!wm_ok(st))
        return st;
    memcpy(&how, buffer, sizeof how);
    if (how.Version != HEAP_OPTIMIZE_RESOURCES_CURRENT_VERSION || how.Flags != 0)
        return WM_LENGTH_WRONG;
    return wm_malloc_trim() ? WM_OK : WM_REENTERED;
}

static wm_status enable_termination(const void *buffer, SIZE_T length)
{
    if (buffer != NULL || length != 0)
        return WM_LENGTH_WRONG;
    wm_heap_terminates = true;
    return WM_OK;
}

/* --- the functions --- */

/* For these two, and only these, NULL is an address that cannot be read and not a wrong handle. */
static wm_status heap_to_ask(HANDLE handle, struct wm_heap **out)
{
    return handle == NULL ? WM_POINTER : wm_edge_heap(handle, out);
}

BOOL WINAPI HeapQueryInformation(HANDLE HeapHandle, HEAP_INFORMATION_CLASS HeapInformationClass,
                                 PVOID HeapInformation, SIZE_T HeapInformationLength, PSIZE_T ReturnLength)
{
    struct wm_heap *heap = NULL;
    wm_status st = HeapInformationClass == HeapCompatibilityInformation ? heap_to_ask(HeapHandle, &heap)
                                                                        : WM_CLASS_UNKNOWN;

    if (wm_ok(st))
        st = tell_compatibility(heap, HeapInformation, HeapInformationLength, ReturnLength);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(HeapHandle), WM_DECIMAL(HeapInformationClass),
             WM_HEX(HeapInformation), WM_HEX(HeapInformationLength), WM_HEX(ReturnLength));
    return wm_edge_bool(st);
}

static wm_status set(HANDLE handle, HEAP_INFORMATION_CLASS class, const void *buffer, SIZE_T length)
{
    struct wm_heap *heap = NULL;
    wm_status st;

    switch (class) {
    case HeapCompatibilityInformation:
        st = heap_to_ask(handle, &heap);
        return wm_ok(st) ? set_compatibility(heap, buffer, length) : st;
    case HeapEnableTerminationOnCorruption: return enable_termination(buffer, length);
    case HeapOptimizeResources: return optimize(buffer, length);
    default: return WM_CLASS_UNKNOWN;
    }
}

BOOL WINAPI HeapSetInformation(HANDLE HeapHandle, HEAP_INFORMATION_CLASS HeapInformationClass,
                               PVOID HeapInformation, SIZE_T HeapInformationLength)
{
    wm_status st = set(HeapHandle, HeapInformationClass, HeapInformation, HeapInformationLength);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(HeapHandle), WM_DECIMAL(HeapInformationClass),
             WM_HEX(HeapInformation), WM_HEX(HeapInformationLength));
    return wm_edge_bool(st);
}
