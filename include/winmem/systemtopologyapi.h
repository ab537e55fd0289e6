/*
 * systemtopologyapi.h: memory nodes (NUMA) and the processors beside them.
 *
 * Nodes are numbered as Linux numbers them, and numbers may be missing: such a node has no processors and no memory.
 * Processor n of Linux is number n % 64 of group n / 64. What VirtualAllocExNuma and its like do with a node is told
 * there.
 */
#ifndef WINMEM_SYSTEMTOPOLOGYAPI_H
#define WINMEM_SYSTEMTOPOLOGYAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * GetNumaHighestNodeNumber: the highest number that a node has; 0 on a machine with one.
 *
 * HighestNodeNumber  out: the number
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_NOACCESS            the pointer is NULL or cannot be written
 * On Linux      the nodes that are online when a process asks first; node 0 alone without NUMA or /sys. At most 254
 * Source        learn.microsoft.com, systemtopologyapi.h
 */
WINBASEAPI BOOL WINAPI GetNumaHighestNodeNumber(PULONG HighestNodeNumber);

/*
 * GetNumaNodeProcessorMask: the processors of a node, if they are in the group of the calling thread.
 *
 * Node              the node
 * ProcessorMask     out: a bit for each processor; 0 if the node has none, or has them in another group
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   Node is higher than the highest
 *               ERROR_NOACCESS            the pointer is NULL or cannot be written
 * On Linux      threads move between groups: the one that the caller runs in just now counts
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GetNumaNodeProcessorMask(UCHAR Node, PULONGLONG ProcessorMask);

/*
 * GetNumaNodeProcessorMaskEx: the processors of a node, whatever their group.
 *
 * Node              the node
 * ProcessorMask     out: group and mask; the mask is 0 if the node has no processors
 *
 * Returns non-zero on success, zero on failure.
 * Errors        as for GetNumaNodeProcessorMask
 * On Linux      of a node that reaches into several groups, those in the first
 * Source        learn.microsoft.com, systemtopologyapi.h
 */
WINBASEAPI BOOL WINAPI GetNumaNodeProcessorMaskEx(USHORT Node, PGROUP_AFFINITY ProcessorMask);

/*
 * GetNumaProcessorNode: the node of a processor of group 0.
 *
 * Processor         its number
 * NodeNumber        out: the node; 0xFF if there is no such processor
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   there is no such processor
 *               ERROR_NOACCESS            the pointer is NULL or cannot be written
 * On Linux      as on Windows
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GetNumaProcessorNode(UCHAR Processor, PUCHAR NodeNumber);

/*
 * GetNumaProcessorNodeEx: the node of any processor.
 *
 * Processor         group and number; Reserved is 0
 * NodeNumber        out: the node; 0xFFFF if there is no such processor
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   there is no such processor, or Reserved is not 0
 *               ERROR_NOACCESS            a pointer is NULL or cannot be used
 * On Linux      as on Windows
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GetNumaProcessorNodeEx(PPROCESSOR_NUMBER Processor, PUSHORT NodeNumber);

/*
 * GetNumaAvailableMemoryNode: the memory that is available on a node.
 *
 * Node              the node
 * AvailableBytes    out: bytes
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   Node is higher than the highest
 *               ERROR_NOACCESS            the pointer is NULL or cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES /sys cannot be read
 * On Linux      with one node what GlobalMemoryStatusEx calls available; with several the node's free pages, without
 *               caches, as on Windows
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GetNumaAvailableMemoryNode(UCHAR Node, PULONGLONG AvailableBytes);

/*
 * GetNumaAvailableMemoryNodeEx: GetNumaAvailableMemoryNode for nodes of any number.
 *
 * Node, AvailableBytes  as for GetNumaAvailableMemoryNode
 *
 * Returns as GetNumaAvailableMemoryNode.
 * Errors        those of GetNumaAvailableMemoryNode
 * On Linux      as for GetNumaAvailableMemoryNode
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GetNumaAvailableMemoryNodeEx(USHORT Node, PULONGLONG AvailableBytes);

WINMEM_C_END

#endif /* WINMEM_SYSTEMTOPOLOGYAPI_H */
