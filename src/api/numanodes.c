/*
 * numanodes.c: memory nodes and their processors.
 *
 * Linux numbers processors through, Windows in groups of 64: processor n is number n % 64 of group n / 64
 * (L123). A node may have processors of several groups, and the structure has room for one: the first in
 * which it has any. Numbers of nodes may have gaps (L122); the functions that take one accept what is not
 * above the highest number, and a node in a gap has no processors and no memory.
 *
 * The older functions know no groups: a processor's number is one of the first group, and a mask is about the
 * group that the caller runs in. Without NUMA, without /sys and without descriptors all is on node 0 (L124).
 * What is not there is 87, and the node of a processor that is not there 0xFF or 0xFFFF (D12.11b, D12.11c).
 */
#include <string.h>

#include "api/edge.h"
#include "kern/system/system.h"
#include "vm/ops.h"

/* The node of a processor that does not exist, in a byte and in two (D12.11c). */
enum { NO_NODE_8 = 0xff, NO_NODE_16 = 0xffff };

static wm_status check_node(uint32_t node)
{
    return node <= wm_kern_highest_node() ? WM_OK : WM_NODE_UNKNOWN;
}

/* --- nodes --- */

BOOL WINAPI GetNumaHighestNodeNumber(PULONG HighestNodeNumber)
{
    ULONG highest = wm_kern_highest_node();
    wm_status st = wm_edge_tell(HighestNodeNumber, &highest, sizeof highest);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(HighestNodeNumber));
    return wm_edge_bool(st);
}

/* A node is said to be in one group, even if it reaches into others: the first that it has processors in. */
static WORD primary_group(const struct wm_processors *processors)
{
    for (unsigned group = 0; group < WM_GROUPS; group++)
        if (processors->group[group] != 0)
            return (WORD)group;
    return 0;
}

static GROUP_AFFINITY processors_of(uint32_t node)
{
    struct wm_processors processors;
    GROUP_AFFINITY own = {0};

    wm_kern_node_processors(node, &processors);
    own.Group = primary_group(&processors);
    own.Mask = processors.group[own.Group];
    return own;
}

/* Only of the group that the caller runs in. */
static wm_status tell_mask(UCHAR node, PULONGLONG mask)
{
    wm_status st = check_node(node);
    GROUP_AFFINITY own;
    ULONGLONG bits;

    if (!wm_ok(st))
        return st;
    own = processors_of(node);
    bits = own.Group == wm_kern_processor() / WM_GROUP ? own.Mask : 0;
    return wm_edge_tell(mask, &bits, sizeof bits);
}

BOOL WINAPI GetNumaNodeProcessorMask(UCHAR Node, PULONGLONG ProcessorMask)
{
    wm_status st = tell_mask(Node, ProcessorMask);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_DECIMAL(Node), WM_HEX(ProcessorMask));
    return wm_edge_bool(st);
}

static wm_status tell_affinity(USHORT node, PGROUP_AFFINITY affinity)
{
    wm_status st = check_node(node);
    GROUP_AFFINITY own;

    if (!wm_ok(st))
        return st;
    own = processors_of(node);
    return wm_edge_tell(affinity, &own, sizeof own);
}

BOOL WINAPI GetNumaNodeProcessorMaskEx(USHORT Node, PGROUP_AFFINITY ProcessorMask)
{
    wm_status st = tell_affinity(Node, ProcessorMask);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_DECIMAL(Node), WM_HEX(ProcessorMask));
    return wm_edge_bool(st);
}

/* --- processors --- */

/* Linux says which processors a node has and not the other way round, so the nodes are asked one by one. */
static wm_status node_of(uint32_t group, uint32_t number, uint32_t *node)
{
    struct wm_processors processors;

    if (group >= WM_GROUPS || number >= WM_GROUP)
        return WM_PROCESSOR_UNKNOWN;
    for (uint32_t i = 0; i <= wm_kern_highest_node(); i++) {
        wm_kern_node_processors(i, &processors);
        if (processors.group[group] >> number & 1) {
            *node = i;
            return WM_OK;
        }
    }
    return WM_PROCESSOR_UNKNOWN;
}

BOOL WINAPI GetNumaProcessorNode(UCHAR Processor, PUCHAR NodeNumber)
{
    wm_status st = wm_edge_writable(NodeNumber, sizeof *NodeNumber);
    uint32_t node = NO_NODE_8;

    if (wm_ok(st)) {
        st = node_of(0, Processor, &node);
        *NodeNumber = (UCHAR)node;
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_DECIMAL(Processor), WM_HEX(NodeNumber));
    return wm_edge_bool(st);
}

static wm_status tell_node(const PROCESSOR_NUMBER *processor, PUSHORT node)
{
    wm_status st = wm_edge_readable(processor, sizeof *processor);
    uint32_t found = NO_NODE_16;
    PROCESSOR_NUMBER copy;
    USHORT number;

    if (!wm_ok(st))
        return st;
    memcpy(&copy, processor, sizeof copy);
    st = wm_edge_writable(node, sizeof *node);
    if (!wm_ok(st))
        return st;
    st = copy.Reserved != 0 ? WM_PROCESSOR_UNKNOWN : node_of(copy.Group, copy.Number, &found);
    number = (USHORT)found;
    memcpy(node, &number, sizeof number);
    return st;
}

BOOL WINAPI GetNumaProcessorNodeEx(PPROCESSOR_NUMBER Processor, PUSHORT NodeNumber)
{
    wm_status st = tell_node(Processor, NodeNumber);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Processor), WM_HEX(NodeNumber));
    return wm_edge_bool(st);
}

/* --- memory --- */

/* On one node what is available there is what is available at all, caches included; on several, what is free. */
static wm_status available_on(uint32_t node, uint64_t *bytes)
{
    struct wm_memory memory;
    wm_status st;

    if (wm_kern_highest_node() > 0)
        return wm_kern_node_free(node, bytes) == 0 || !wm_kern_has_node(node) ? WM_OK : WM_NO_SYSFS;
    st = wm_op_memory_physical(&memory);
    *bytes = wm_ok(st) ? memory.available : 0;
    return st;
}

static wm_status tell_available(USHORT node, PULONGLONG bytes)
{
    wm_status st = check_node(node);
    uint64_t available = 0;

    if (wm_ok(st))
        st = available_on(node, &available);
    return wm_ok(st) ? wm_edge_tell(bytes, &available, sizeof available) : st;
}

BOOL WINAPI GetNumaAvailableMemoryNode(UCHAR Node, PULONGLONG AvailableBytes)
{
    wm_status st = tell_available(Node, AvailableBytes);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_DECIMAL(Node), WM_HEX(AvailableBytes));
    return wm_edge_bool(st);
}

BOOL WINAPI GetNumaAvailableMemoryNodeEx(USHORT Node, PULONGLONG AvailableBytes)
{
    wm_status st = tell_available(Node, AvailableBytes);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_DECIMAL(Node), WM_HEX(AvailableBytes));
    return wm_edge_bool(st);
}
