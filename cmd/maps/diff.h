/*
 * diff.h: what has changed from one stream to another one.
 *
 * Both are gone through at once, in stretches in which neither has a border. Neighbouring stretches to which the same has
 * happened are one change. Memory is needed for one change, however long the streams are.
 */
#ifndef MAPS_DIFF_H
#define MAPS_DIFF_H

#include "model.h"

enum maps_change_kind {
    MAPS_SAME,
    MAPS_CAME,      /* was free */
    MAPS_GREW,      /* was free, and lies beside memory of the same allocation */
    MAPS_WENT,      /* is free */
    MAPS_SHRANK,    /* is free, and the rest of its allocation is not */
    MAPS_COMMIT,    /* was reserved */
    MAPS_DECOMMIT,  /* is reserved */
    MAPS_PROTECTED, /* has another protection */
    MAPS_REPLACED,  /* is memory of another type */
    MAPS_RESIDENT,  /* the same region has more or less of it in memory */
    MAPS_CHANGE_KINDS
};

struct maps_change {
    enum maps_change_kind kind;
    uint64_t start, end;
    struct maps_region before,
        after; /* those that its first stretch lay in; free ones where there are none */
};

struct maps_diff; /* see diff.c */

/* NULL: no memory. The streams stay their owner's. */
struct maps_diff *maps_diff_open(struct maps_stream *before, struct maps_stream *after);
void maps_diff_close(struct maps_diff *diff);

/* 1: a change; 0: there are no more; -1: why tells. What it points to is good until the next question. */
int maps_diff_next(struct maps_diff *diff, struct maps_change *out, struct maps_why *why);

const char *maps_change_word(enum maps_change_kind kind);

#endif
