/*
 * processorinformation.c: GetLogicalProcessorInformation and its Ex form: cores, packages, caches, nodes and groups.
 *
 * The older form has records of one size and knows one group, that of the caller; what has no processor in it is left out.
 * Records of the other one have room for as many groups as they need.
 */
#include <stddef.h>

#include "win32/machine/relations.h"

/* As Windows has it: not a number of ways but that any line goes anywhere. Nobody tells us of such caches. */
enum { MOST_WAYS = 0xfe };

static PROCESSOR_CACHE_TYPE type_of(enum wm_cache_kind kind)
{
    return kind == WM_CACHE_CODE ? CacheInstruction : kind == WM_CACHE_DATA ? CacheData : CacheUnified;
}

static BYTE ways_of(const struct wm_cache *cache)
{
    return (BYTE)(cache->ways < MOST_WAYS ? cache->ways : MOST_WAYS);
}

static DWORD bytes_of(const struct wm_cache *cache)
{
    return cache->bytes < UINT32_MAX ? (DWORD)cache->bytes : UINT32_MAX;
}

/* --- records of one size --- */

struct narrow {
    struct wm_records records;
    uint32_t group;
};

static void add_narrow(void *context, const struct wm_relation *relation)
{
    struct narrow *narrow = (struct narrow *)context;
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION record = {.Relationship = relation->kind};

    record.ProcessorMask = relation->processors.group[narrow->group];
    if (record.ProcessorMask == 0 || relation->kind == RelationProcessorDie)
        return;
    if (relation->kind == RelationProcessorCore)
        record.ProcessorCore.Flags = (record.ProcessorMask & (record.ProcessorMask - 1)) != 0;
    else if (relation->kind == RelationNumaNode)
        record.NumaNode.NodeNumber = relation->node;
    else if (relation->kind == RelationCache)
        record.Cache =
            (CACHE_DESCRIPTOR){relation->cache.level, ways_of(&relation->cache), (WORD)relation->cache.line,
                               bytes_of(&relation->cache), type_of(relation->cache.kind)};
    wm_records_add(&narrow->records, &record, sizeof record);
}

BOOL WINAPI GetLogicalProcessorInformation(PSYSTEM_LOGICAL_PROCESSOR_INFORMATION Buffer,
                                           PDWORD ReturnedLength)
{
    struct narrow narrow = {.group = wm_kern_processor() / WM_GROUP};
    wm_status st = wm_records_begin(&narrow.records, Buffer, ReturnedLength);

    if (wm_ok(st)) {
        wm_relations(RelationAll, add_narrow, &narrow);
        st = wm_records_end(&narrow.records, ReturnedLength);
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Buffer), WM_HEX(ReturnedLength));
    return wm_edge_bool(st);
}

/* --- records with groups --- */

/* A record whose groups may be as many as there are. */
union wide {
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record;
    BYTE bytes[sizeof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX) + WM_GROUPS * sizeof(PROCESSOR_GROUP_INFO)];
};

static WORD put_groups(GROUP_AFFINITY *to, const struct wm_processors *processors)
{
    WORD count = 0;

    for (unsigned i = 0; i < WM_GROUPS; i++)
        if (processors->group[i] != 0)
            to[count++] = (GROUP_AFFINITY){.Mask = processors->group[i], .Group = (WORD)i};
    return count;
}

/* A node without processors has a mask of none. */
static WORD put_groups_or_none(GROUP_AFFINITY *to, const struct wm_processors *processors)
{
    WORD count = put_groups(to, processors);

    return count == 0 ? 1 : count;
}

static bool has_several(const struct wm_processors *processors)
{
    unsigned count = 0;

    for (unsigned i = 0; i < WM_GROUPS; i++)
        count += (unsigned)__builtin_popcountll(processors->group[i]);
    return count > 1;
}

#define UP_TO(field, count, type)                                                                            \
    (offsetof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, field) + (count) * sizeof(type))

static size_t put_processor(PROCESSOR_RELATIONSHIP *to, const struct wm_relation *relation)
{
    to->Flags =
        relation->kind == RelationProcessorCore && has_several(&relation->processors) ? LTP_PC_SMT : 0;
    to->GroupCount = put_groups(to->GroupMask, &relation->processors);
    return UP_TO(Processor.GroupMask, to->GroupCount, GROUP_AFFINITY);
}

static size_t put_node(NUMA_NODE_RELATIONSHIP *to, const struct wm_relation *relation)
{
    to->NodeNumber = relation->node;
    to->GroupCount = put_groups_or_none(to->GroupMasks, &relation->processors);
    return UP_TO(NumaNode.GroupMasks, to->GroupCount, GROUP_AFFINITY);
}

static size_t put_cache(CACHE_RELATIONSHIP *to, const struct wm_relation *relation)
{
    to->Level = relation->cache.level;
    to->Associativity = ways_of(&relation->cache);
    to->LineSize = (WORD)relation->cache.line;
    to->CacheSize = bytes_of(&relation->cache);
    to->Type = type_of(relation->cache.kind);
    to->GroupCount = put_groups(to->GroupMasks, &relation->processors);
    return UP_TO(Cache.GroupMasks, to->GroupCount, GROUP_AFFINITY);
}

static void add_record(struct wm_records *records, union wide *wide, size_t bytes)
{
    wide->record.Size = (DWORD)bytes;
    wm_records_add(records, wide, bytes);
}

static void add_wide(void *context, const struct wm_relation *relation)
{
    union wide wide = {.record.Relationship = relation->kind};
    size_t bytes;

    if (relation->kind == RelationNumaNode)
        bytes = put_node(&wide.record.NumaNode, relation);
    else if (relation->kind == RelationCache)
        bytes = put_cache(&wide.record.Cache, relation);
    else
        bytes = put_processor(&wide.record.Processor, relation);
    add_record((struct wm_records *)context, &wide, bytes);
}

/* A record for all groups. */
static void add_groups(struct wm_records *records)
{
    union wide wide = {.record.Relationship = RelationGroup};
    GROUP_RELATIONSHIP *to = &wide.record.Group;
    struct wm_processors online, possible;

    wm_kern_processors_online(&online);
    wm_kern_processors_possible(&possible);
    to->MaximumGroupCount = GetMaximumProcessorGroupCount();
    to->ActiveGroupCount = GetActiveProcessorGroupCount();
    for (WORD i = 0; i < to->ActiveGroupCount; i++) {
        to->GroupInfo[i].MaximumProcessorCount = (BYTE)__builtin_popcountll(possible.group[i]);
        to->GroupInfo[i].ActiveProcessorCount = (BYTE)__builtin_popcountll(online.group[i]);
        to->GroupInfo[i].ActiveProcessorMask = online.group[i];
    }
    add_record(records, &wide, UP_TO(Group.GroupInfo, to->ActiveGroupCount, PROCESSOR_GROUP_INFO));
}

static bool is_kind(LOGICAL_PROCESSOR_RELATIONSHIP kind)
{
    return (unsigned)kind <= RelationProcessorDie || kind == RelationAll;
}

BOOL WINAPI GetLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP RelationshipType,
                                             PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Buffer,
                                             PDWORD ReturnedLength)
{
    struct wm_records records = {0};
    wm_status st =
        is_kind(RelationshipType) ? wm_records_begin(&records, Buffer, ReturnedLength) : WM_RELATION_UNKNOWN;

    if (wm_ok(st)) {
        wm_relations(RelationshipType, add_wide, &records);
        if (RelationshipType == RelationGroup || RelationshipType == RelationAll)
            add_groups(&records);
        st = wm_records_end(&records, ReturnedLength);
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(RelationshipType), WM_HEX(Buffer), WM_HEX(ReturnedLength));
    return wm_edge_bool(st);
}
