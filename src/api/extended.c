/*
 * extended.c: the extended parameters of VirtualAlloc2, MapViewOfFile3, CreateFileMapping2 and
 * AllocateUserPhysicalPages2.
 *
 * An array of entries, each type at most once. Address requirements and a node can be had here, and the
 * attribute flags that ask for large pages. What Windows has and this library has not is 50; what nobody has
 * is 87.
 *
 * Array and requirements are copied before they are judged, because they need not be aligned and another
 * thread may change them: what was judged is what is used. What lies behind the entries that were counted is
 * not looked at (S56).
 */
#include <stddef.h>
#include <string.h>

#include "api/arguments.h"
#include "api/edge.h"
#include "kern/system/system.h"

/* Flags that Windows knows, and those that can be had here. */
#define ATTRIBUTE_FLAGS (0x7full | 0x8000000000000000ull)
#define NONPAGED_FLAGS                                                                                       \
    (MEM_EXTENDED_PARAMETER_NONPAGED | MEM_EXTENDED_PARAMETER_NONPAGED_LARGE |                               \
     MEM_EXTENDED_PARAMETER_NONPAGED_HUGE)

/*
 * A node that is not there is refused (L155). Whether the kernel heeds the node is another question: it is
 * advice.
 */
wm_status wm_read_node(DWORD node, uint8_t *out)
{
    *out = 0;
    if (node == NUMA_NO_PREFERRED_NODE)
        return WM_OK;
    if (!wm_kern_has_node(node))
        return WM_NODE_UNKNOWN;
    *out = (uint8_t)(node + 1);
    return WM_OK;
}

static bool is_power_of_two(uintptr_t value)
{
    return (value & (value - 1)) == 0;
}

/*
 * The lowest address is a multiple of the unit of allocation (O248), the highest the last byte of a page, not
 * the first one behind it (O243). Views take no alignment (O252).
 */
static wm_status check_requirements(uintptr_t lowest, uintptr_t highest, uintptr_t alignment, bool view,
                                    uintptr_t unit)
{
    if (lowest % unit != 0 || lowest >= WM_SPACE_END)
        return WM_PARAM_LOWEST;
    if (highest != 0 && ((highest + 1) % WM_PAGE != 0 || highest >= WM_SPACE_END || highest < lowest))
        return WM_PARAM_HIGHEST;
    if (alignment != 0 && (view || alignment < WM_GRANULE || !is_power_of_two(alignment)))
        return WM_PARAM_ALIGNMENT;
    return WM_OK;
}

/* A structure of zeros demands nothing, so it does not contradict a base address either (O242, O245). */
static wm_status read_requirements(const MEM_ADDRESS_REQUIREMENTS *user, bool view, bool has_base,
                                   struct wm_extended *out)
{
    MEM_ADDRESS_REQUIREMENTS copy;
    wm_status st = wm_edge_readable(user, sizeof *user);
    uintptr_t lowest, highest, alignment;

    if (!wm_ok(st))
        return st;
    memcpy(&copy, user, sizeof copy);
    lowest = (uintptr_t)copy.LowestStartingAddress;
    highest = (uintptr_t)copy.HighestEndingAddress;
    alignment = copy.Alignment;
    if (lowest == 0 && highest == 0 && alignment == 0)
        return WM_OK;
    st = check_requirements(lowest, highest, alignment, view, out->bounds.alignment);
    if (!wm_ok(st))
        return st;
    if (has_base)
        return WM_PARAM_WITH_BASE;
    out->bounds.given = true;
    out->bounds.lowest = lowest != 0 ? lowest : WM_SPACE_START;
    out->bounds.highest = highest != 0 ? highest + 1 : WM_SPACE_END;
    if (alignment > out->bounds.alignment)
        out->bounds.alignment = alignment;
    return WM_OK;
}

static wm_status read_attributes(ULONG64 flags, bool view, struct wm_extended *out)
{
    if (flags & ~ATTRIBUTE_FLAGS)
        return WM_PARAM_TYPE;
    if (flags & ~(ULONG64)(view ? 0 : NONPAGED_FLAGS))
        return WM_NO_PARAMETER;
    out->nonpaged = (uint8_t)flags;
    return WM_OK;
}

/* A section lies nowhere yet: there is a node to be had, and nothing else. */
static wm_status read_of_section(const MEM_EXTENDED_PARAMETER *param, struct wm_extended *out)
{
    return param->Type == MemExtendedParameterNumaNode ? wm_read_node(param->ULong, &out->node)
                                                       : WM_PARAM_TYPE;
}

static wm_status read_one(const MEM_EXTENDED_PARAMETER *param, bool view, bool has_base,
                          struct wm_extended *out)
{
    switch ((int)param->Type) {
    case MemExtendedParameterAddressRequirements:
        return read_requirements(param->Pointer, view, has_base, out);
    case MemExtendedParameterNumaNode: return wm_read_node(param->ULong, &out->node);
    case MemExtendedParameterAttributeFlags: return read_attributes(param->ULong64, view, out);
    case MemExtendedParameterImageMachine: return view ? WM_NO_PARAMETER : WM_PARAM_TYPE;
    case MemExtendedParameterPartitionHandle:
    case MemExtendedParameterUserPhysicalHandle: return WM_NO_PARAMETER;
    default: return WM_PARAM_TYPE;
    }
}

wm_status wm_read_extended(const MEM_EXTENDED_PARAMETER *params, ULONG count, enum wm_extended_of whose,
                           bool has_base, struct wm_extended *out)
{
    wm_status st = WM_OK;
    unsigned seen = 0;

    if (count == 0)
        return WM_OK;
    if (params == NULL)
        return WM_PARAM_NULL;
    /* Each of the few types may come once: more entries cannot be right, and need not be readable. */
    if (count > MemExtendedParameterMax)
        return WM_PARAM_TWICE;
    st = wm_edge_readable(params, count * sizeof *params);
    for (ULONG i = 0; i < count && wm_ok(st); i++) {
        MEM_EXTENDED_PARAMETER param;

        memcpy(&param, (const char *)params + i * sizeof param, sizeof param);
        if (param.Type >= MemExtendedParameterMax || param.Reserved != 0)
            return WM_PARAM_TYPE;
        if (seen & 1u << param.Type)
            return WM_PARAM_TWICE;
        seen |= 1u << param.Type;
        st = whose == WM_EXTENDED_SECTION ? read_of_section(&param, out)
                                          : read_one(&param, whose == WM_EXTENDED_VIEW, has_base, out);
    }
    return st;
}
