/* kept.c: regions in little memory (kept.h). */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

struct maps_kept_region {
    uint64_t start, bytes, allocation;
    uint32_t name, amounts; /* index + 1, or 0 */
    uint8_t type, state, protect, allocation_protect, is;
};

struct maps_kept_amounts {
    uint64_t resident, private, shared, locked, lazy, swapped;
};

/* Room for one more of `bytes` each. */
static bool grow(void **array, size_t count, size_t *room, size_t bytes)
{
    size_t more = *room == 0 ? 256 : *room + *room / 2;
    void *bigger;

    if (count < *room)
        return true;
    bigger = count < UINT32_MAX - 1 ? realloc(*array, more * bytes) : NULL;
    if (bigger == NULL)
        return false;
    *array = bigger;
    *room = more;
    return true;
}

static bool keep_name(struct maps_kept *k, const char *name, uint32_t *out)
{
    *out = 0;
    if (name == NULL)
        return true;
    if (k->name_count == 0 || strcmp(k->names[k->name_count - 1], name) != 0) {
        if (!grow((void **)&k->names, k->name_count, &k->name_room, sizeof *k->names))
            return false;
        k->names[k->name_count] = strdup(name);
        if (k->names[k->name_count] == NULL)
            return false;
        k->name_count++;
    }
    *out = (uint32_t)k->name_count;
    return true;
}

static bool keep_amounts(struct maps_kept *k, const struct maps_region *r, uint32_t *out)
{
    *out = 0;
    if (r->resident + r->lazy + r->swapped == 0)
        return true;
    if (!grow((void **)&k->amounts, k->amount_count, &k->amount_room, sizeof *k->amounts))
        return false;
    k->amounts[k->amount_count++] =
        (struct maps_kept_amounts){r->resident, r->private, r->shared, r->locked, r->lazy, r->swapped};
    *out = (uint32_t)k->amount_count;
    return true;
}

bool maps_kept_add(struct maps_kept *k, const struct maps_region *r)
{
    uint32_t name, amounts;

    if (!grow((void **)&k->regions, k->count, &k->room, sizeof *k->regions) ||
        !keep_name(k, r->file, &name) || !keep_amounts(k, r, &amounts))
        return false;
    k->regions[k->count++] = (struct maps_kept_region){
        .start = r->start,
        .bytes = r->bytes,
        .allocation = r->allocation,
        .name = name,
        .amounts = amounts,
        .type = (uint8_t)r->type,
        .state = (uint8_t)r->state,
        .protect = (uint8_t)r->protect,
        .allocation_protect = (uint8_t)r->allocation_protect,
        .is = (uint8_t)r->is,
    };
    return true;
}

bool maps_kept_all(struct maps_kept *k, struct maps_stream *stream, struct maps_why *why)
{
    struct maps_region region;
    int more;

    while ((more = maps_next(stream, &region)) > 0)
        if (!maps_kept_add(k, &region))
            return maps_say(why, "no memory is left for so many regions");
    if (more < 0)
        *why = stream->why;
    return more == 0;
}

static struct maps_region region_of(const struct maps_kept *k, const struct maps_kept_region *r)
{
    static const struct maps_kept_amounts none;
    const struct maps_kept_amounts *a = r->amounts == 0 ? &none : &k->amounts[r->amounts - 1];

    return (struct maps_region){
        .start = r->start,
        .bytes = r->bytes,
        .allocation = r->allocation,
        .type = (enum maps_type)r->type,
        .state = (enum maps_state)r->state,
        .protect = r->protect,
        .allocation_protect = r->allocation_protect,
        .is = r->is,
        .resident = a->resident,
        .private = a->private,
        .shared = a->shared,
        .locked = a->locked,
        .lazy = a->lazy,
        .swapped = a->swapped,
        .file = r->name == 0 ? NULL : k->names[r->name - 1],
    };
}

struct maps_region maps_kept_at(const struct maps_kept *k, size_t i)
{
    return region_of(k, &k->regions[i]);
}

static int next(struct maps_stream *stream, struct maps_region *out)
{
    struct maps_kept_stream *s = (struct maps_kept_stream *)stream;

    if (s->at == s->kept->count)
        return 0;
    *out = maps_kept_at(s->kept, s->at++);
    return 1;
}

void maps_kept_stream(struct maps_kept_stream *out, const struct maps_kept *kept)
{
    *out = (struct maps_kept_stream){.stream = {.next = next}, .kept = kept};
}

void maps_kept_free(struct maps_kept *k)
{
    for (size_t i = 0; i < k->name_count; i++)
        free(k->names[i]);
    free(k->names);
    free(k->amounts);
    free(k->regions);
    *k = (struct maps_kept){0};
}

/* --- order --- */

static const struct {
    const char *key;
    size_t number; /* the member, if it is one */
    bool words;
} keys[] = {
    {"address", 0, false},
    {"size", offsetof(struct maps_region, bytes), false},
    {"resident", offsetof(struct maps_region, resident), false},
    {"private", offsetof(struct maps_region, private), false},
    {"shared", offsetof(struct maps_region, shared), false},
    {"locked", offsetof(struct maps_region, locked), false},
    {"lazy", offsetof(struct maps_region, lazy), false},
    {"swapped", offsetof(struct maps_region, swapped), false},
    {"type", 0, true},
    {"file", offsetof(struct maps_region, file), true},
};

enum { KEYS = sizeof keys / sizeof keys[0], NO_KEY = -1 };

static int find_key(const char *key)
{
    for (int i = 0; i < KEYS; i++)
        if (strcmp(keys[i].key, key) == 0)
            return i;
    return NO_KEY;
}

bool maps_sort_is_key(const char *key)
{
    return find_key(key) != NO_KEY;
}

const char *maps_sort_keys(void)
{
    static char text[128];

    *text = 0;
    for (int i = 0; i < KEYS; i++)
        strcat(strcat(text, i == 0 ? "" : ", "), keys[i].key);
    return text;
}

struct order {
    const struct maps_kept *kept;
    int key;
};

static uint64_t number_of(const struct maps_region *r, size_t member)
{
    uint64_t number;

    memcpy(&number, (const char *)r + member, sizeof number);
    return number;
}

static const char *word_of(const struct maps_region *r, size_t member)
{
    return member == 0 ? maps_row_word(maps_row_of(r)) : r->file == NULL ? "\xff" : r->file;
}

static int compare(const void *left, const void *right, void *context)
{
    const struct order *order = context;
    struct maps_region a = region_of(order->kept, left), b = region_of(order->kept, right);
    size_t member = keys[order->key].number;
    int words = keys[order->key].words ? strcmp(word_of(&a, member), word_of(&b, member)) : 0;

    if (words != 0)
        return words;
    if (!keys[order->key].words && member != 0 && number_of(&a, member) != number_of(&b, member))
        return number_of(&a, member) < number_of(&b, member) ? 1 : -1;
    return a.start < b.start ? -1 : a.start > b.start;
}

void maps_kept_sort(struct maps_kept *k, const char *key)
{
    struct order order = {k, find_key(key)};

    if (order.key > 0)
        qsort_r(k->regions, k->count, sizeof *k->regions, compare, &order);
}
