/*
 * relations.h: what processors share, one after another, for GetLogicalProcessorInformation and its Ex form.
 *
 * A relation is told once, of the lowest processor that is in it; processors that are not online are in none.
 */
#ifndef WM_WIN32_RELATIONS_H
#define WM_WIN32_RELATIONS_H

#include "kern/system/system.h"
#include "win32/win32.h"

struct wm_relation {
    LOGICAL_PROCESSOR_RELATIONSHIP
    kind; /* one of those that have processors: not RelationGroup, not RelationAll */
    struct wm_processors processors;
    uint32_t node;         /* RelationNumaNode */
    struct wm_cache cache; /* RelationCache */
};

typedef void wm_tell_relation(void *context, const struct wm_relation *relation);

/* Of all kinds with RelationAll: packages, dies, cores, caches, nodes. */
void wm_relations(LOGICAL_PROCESSOR_RELATIONSHIP kind, wm_tell_relation *tell, void *context);

/* A buffer of the caller's, which records go into one after another, or of which they tell how large it must be. */
struct wm_records {
    BYTE *to;
    size_t room, used; /* used may exceed room: then nothing more is written */
};

static inline void wm_records_add(struct wm_records *records, const void *record, size_t bytes)
{
    if (bytes <= records->room && records->used <= records->room - bytes)
        memcpy(records->to + records->used, record, bytes);
    records->used += bytes;
}

/* Reads how much room there is, and sees whether it can be written. */
wm_status wm_records_begin(struct wm_records *records, void *buffer, const DWORD *length);

/* Tells how much was used; WM_RECORDS_ROOM if it was not enough. */
wm_status wm_records_end(const struct wm_records *records, DWORD *length);

#endif
