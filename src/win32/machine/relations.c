/* relations.c: what processors share. /sys is asked for each of them, so this takes some tens of microseconds per processor. */
#include "win32/machine/relations.h"

static void keep_online(struct wm_processors *processors, const struct wm_processors *online)
{
    for (unsigned i = 0; i < WM_GROUPS; i++)
        processors->group[i] &= online->group[i];
}

static bool is_lowest(const struct wm_processors *processors, uint32_t processor)
{
    for (uint32_t i = 0; i < WM_GROUPS; i++)
        if (processors->group[i] != 0)
            return i * WM_GROUP + (uint32_t)__builtin_ctzll(processors->group[i]) == processor;
    return false;
}

/* Calls visit for each processor that is online. */
typedef void visit_processor(uint32_t processor, const struct wm_processors *online,
                             struct wm_relation *relation, wm_tell_relation *tell, void *context);

static void each_online(visit_processor *visit, struct wm_relation *relation, wm_tell_relation *tell,
                        void *context)
{
    struct wm_processors online;

    wm_kern_processors_online(&online);
    for (uint32_t i = 0; i < WM_GROUPS; i++)
        for (uint64_t left = online.group[i]; left != 0; left &= left - 1)
            visit(i * WM_GROUP + (uint32_t)__builtin_ctzll(left), &online, relation, tell, context);
}

static enum wm_near place_of(LOGICAL_PROCESSOR_RELATIONSHIP kind)
{
    return kind == RelationProcessorCore  ? WM_NEAR_CORE
           : kind == RelationProcessorDie ? WM_NEAR_DIE
                                          : WM_NEAR_PACKAGE;
}

static void visit_place(uint32_t processor, const struct wm_processors *online, struct wm_relation *relation,
                        wm_tell_relation *tell, void *context)
{
    wm_kern_processors_beside(processor, place_of(relation->kind), &relation->processors);
    keep_online(&relation->processors, online);
    if (is_lowest(&relation->processors, processor))
        tell(context, relation);
}

static void visit_caches(uint32_t processor, const struct wm_processors *online, struct wm_relation *relation,
                         wm_tell_relation *tell, void *context)
{
    for (unsigned i = 0; wm_kern_cache(processor, i, &relation->cache); i++) {
        relation->processors = relation->cache.users;
        keep_online(&relation->processors, online);
        if (is_lowest(&relation->processors, processor))
            tell(context, relation);
    }
}

static void each_node(struct wm_relation *relation, wm_tell_relation *tell, void *context)
{
    for (uint32_t node = 0; node <= wm_kern_highest_node(); node++) {
        relation->node = node;
        wm_kern_node_processors(node, &relation->processors);
        if (wm_kern_has_node(node))
            tell(context, relation);
    }
}

static void each_of(LOGICAL_PROCESSOR_RELATIONSHIP kind, wm_tell_relation *tell, void *context)
{
    struct wm_relation relation = {.kind = kind};

    if (kind == RelationNumaNode)
        each_node(&relation, tell, context);
    else
        each_online(kind == RelationCache ? visit_caches : visit_place, &relation, tell, context);
}

void wm_relations(LOGICAL_PROCESSOR_RELATIONSHIP kind, wm_tell_relation *tell, void *context)
{
    static const LOGICAL_PROCESSOR_RELATIONSHIP kinds[] = {RelationProcessorPackage, RelationProcessorDie,
                                                           RelationProcessorCore, RelationCache,
                                                           RelationNumaNode};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kind == kinds[i] || kind == RelationAll)
            each_of(kinds[i], tell, context);
}

/* --- records --- */

wm_status wm_records_begin(struct wm_records *records, void *buffer, const DWORD *length)
{
    wm_status st = length == NULL ? WM_RESULT_NULL : wm_edge_readable(length, sizeof *length);

    if (!wm_ok(st))
        return st;
    *records = (struct wm_records){.to = (BYTE *)buffer, .room = buffer == NULL ? 0 : *length};
    return wm_edge_fillable(buffer, records->room);
}

wm_status wm_records_end(const struct wm_records *records, DWORD *length)
{
    DWORD used = (DWORD)records->used;
    wm_status st = wm_edge_tell(length, &used, sizeof used);

    return wm_ok(st) && records->used > records->room ? WM_RECORDS_ROOM : st;
}
