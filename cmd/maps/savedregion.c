/*
 * savedregion.c: a region from a line of a saved file.
 *
 * Whoever wrote it may mean harm: each member is held to what the model promises (model.h), so that no view has to ask again.
 * Members that are not known are passed over, as a later version may have more.
 */
#include "savedregion.h"

#include <stdlib.h>
#include <string.h>

static int word_of(const char *text, int (*find)(const char *), int otherwise)
{
    int found = text == NULL ? -1 : find(text);

    return found < 0 ? otherwise : found;
}

static bool take_protect(const struct maps_members *m, const char *name, unsigned *out)
{
    int bits =
        word_of(maps_text_of(m, name), maps_protect_of_letters, maps_text_of(m, name) == NULL ? 0 : -1);

    *out = bits < 0 ? 0 : (unsigned)bits;
    return bits >= 0 || maps_refuse(m, "a protection has letters that are none");
}

static bool take_marks(const struct maps_members *m, unsigned *out)
{
    const json_t *list = json_object_get(m->object, "is");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));

        *out |= word == NULL ? 0 : maps_mark_of_word(word);
    }
    return true;
}

static bool take_place(const struct maps_members *m, const struct maps_head *head, uint64_t from,
                       struct maps_region *out)
{
    if (!maps_take_address(m, "start", &out->start) ||
        !maps_take_number(m, "bytes", MAPS_MOST_ADDRESS, &out->bytes))
        return false;
    if (out->bytes == 0 || (out->start | out->bytes) % head->page != 0)
        return maps_refuse(m, "a region has no whole pages");
    if (out->start < from)
        return maps_refuse(m, "a region begins before the one above it ends");
    if (out->start + out->bytes - 1 > head->highest)
        return maps_refuse(m, "a region ends behind all memory");
    return true;
}

static bool take_kind(const struct maps_members *m, struct maps_region *out)
{
    out->type = (enum maps_type)word_of(maps_text_of(m, "type"), maps_type_of_word, MAPS_OTHER);
    out->state = (enum maps_state)word_of(maps_text_of(m, "state"), maps_state_of_word, -1);
    if ((int)out->state < 0)
        return maps_refuse(m, "a region has no state");
    if ((out->state == MAPS_UNUSED) != (out->type == MAPS_FREE || out->type == MAPS_SLACK))
        return maps_refuse(m, "state and type of a region do not fit");
    if (!take_protect(m, "protect", &out->protect) ||
        !take_protect(m, "allocation_protect", &out->allocation_protect))
        return false;
    return out->state == MAPS_UNUSED || maps_take_address(m, "allocation", &out->allocation);
}

static bool take_amounts(const struct maps_members *m, struct maps_region *out)
{
    if (!maps_take_number(m, "resident", out->bytes, &out->resident) ||
        !maps_take_number(m, "private", out->bytes, &out->private) ||
        !maps_take_number(m, "shared", out->bytes, &out->shared) ||
        !maps_take_number(m, "locked", out->bytes, &out->locked) ||
        !maps_take_number(m, "lazy", out->bytes, &out->lazy) ||
        !maps_take_number(m, "swapped", out->bytes, &out->swapped))
        return false;
    if (out->private + out->shared != out->resident || out->locked > out->resident ||
        out->resident + out->lazy + out->swapped > out->bytes)
        return maps_refuse(m, "the amounts of a region do not fit");
    if (out->state != MAPS_COMMITTED && out->resident + out->lazy + out->swapped != 0)
        return maps_refuse(m, "a region that is not committed is in memory");
    return true;
}

/* Do the lengths fit the region, and are all letters known? A length of 0 is none. */
static bool pages_fit(const char *pages, uint64_t count)
{
    for (; *pages != 0; pages++) {
        uint64_t length = 1;
        char *end;

        if (*pages >= '1' && *pages <= '9') {
            length = strtoull(pages, &end, 10);
            pages = end;
        }
        if (*pages == 0 || strchr(".rslwh", *pages) == NULL || length > count)
            return false;
        count -= length;
    }
    return count == 0;
}

static bool take_pages(const struct maps_members *m, const struct maps_head *head, struct maps_region *out)
{
    const char *pages = maps_text_of(m, "pages");

    if (pages == NULL)
        return true;
    if (strcmp(pages, "~") != 0 &&
        (strlen(pages) > MAPS_MOST_PAGES || !pages_fit(pages, out->bytes / head->page)))
        return maps_refuse(m, "the pages of a region do not fit it");
    out->pages = pages;
    return true;
}

bool maps_take_region(const struct maps_members *m, const struct maps_head *head, uint64_t from,
                      struct maps_region *out)
{
    const char *file = maps_text_of(m, "file");

    *out = (struct maps_region){0};
    if (!take_place(m, head, from, out) || !take_kind(m, out) || !take_amounts(m, out) ||
        !take_pages(m, head, out) || !take_marks(m, &out->is))
        return false;
    out->file = file == NULL || *file == 0 ? NULL : file;
    return true;
}
