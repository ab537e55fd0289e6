/* model.c: the words of the model, and what all streams have in common (model.h). */
#include "model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const rows[MAPS_ROWS] = {
    [MAPS_IMAGE] = "image",     [MAPS_PRIVATE] = "private", [MAPS_MAPPED] = "mapped",
    [MAPS_HEAP] = "heap",       [MAPS_STACK] = "stack",     [MAPS_PLACEHOLDER] = "placeholder",
    [MAPS_SLACK] = "slack",     [MAPS_FREE] = "free",       [MAPS_OTHER] = "other",
    [MAPS_ROW_GUARD] = "guard",
};

static const char *const states[MAPS_STATES] = {
    [MAPS_COMMITTED] = "commit", [MAPS_RESERVED] = "reserve", [MAPS_UNUSED] = "free"};

static const struct {
    char letter;
    unsigned bit;
} letters[] = {{'r', MAPS_READ}, {'w', MAPS_WRITE}, {'x', MAPS_EXECUTE},
               {'c', MAPS_COPY}, {'g', MAPS_GUARD}, {'-', MAPS_NO_ACCESS}};

static const struct {
    const char *word;
    unsigned bit;
} marks[] = {{"watched", MAPS_IS_WATCHED}, {"large", MAPS_IS_LARGE}, {"awe", MAPS_IS_AWE},
             {"section", MAPS_IS_SECTION}, {"file", MAPS_IS_FILE},   {"locked", MAPS_IS_LOCKED}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int find_word(const char *const *words, int count, const char *word)
{
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

const char *maps_type_word(enum maps_type type)
{
    return rows[type];
}

const char *maps_state_word(enum maps_state state)
{
    return states[state];
}

const char *maps_row_word(int row)
{
    return rows[row];
}

int maps_row_of(const struct maps_region *region)
{
    return region->protect & MAPS_GUARD ? MAPS_ROW_GUARD : (int)region->type;
}

int maps_type_of_word(const char *word)
{
    return find_word(rows, MAPS_TYPES, word);
}

int maps_row_of_word(const char *word)
{
    return find_word(rows, MAPS_ROWS, word);
}

int maps_state_of_word(const char *word)
{
    return find_word(states, MAPS_STATES, word);
}

int maps_protect_of_letters(const char *word)
{
    unsigned protect = 0;

    for (; *word != 0; word++) {
        size_t i = 0;

        while (i < COUNT(letters) && letters[i].letter != *word)
            i++;
        if (i == COUNT(letters))
            return -1;
        protect |= letters[i].bit;
    }
    return (int)protect;
}

void maps_letters(unsigned protect, char out[MAPS_LETTERS])
{
    for (size_t i = 0; i < COUNT(letters); i++)
        if (protect & letters[i].bit)
            *out++ = letters[i].letter;
    *out = 0;
}

unsigned maps_mark_of_word(const char *word)
{
    for (size_t i = 0; i < COUNT(marks); i++)
        if (strcmp(marks[i].word, word) == 0)
            return marks[i].bit;
    return 0;
}

const char *maps_mark_word(unsigned mark)
{
    for (size_t i = 0; i < COUNT(marks); i++)
        if (marks[i].bit == mark)
            return marks[i].word;
    return NULL;
}

/* --- streams --- */

bool maps_say(struct maps_why *why, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(why->text, sizeof why->text, format, list);
    va_end(list);
    why->denied = false;
    return false;
}

int maps_next(struct maps_stream *stream, struct maps_region *out)
{
    return stream->next(stream, out);
}

void maps_close(struct maps_stream *stream)
{
    if (stream != NULL)
        stream->close(stream);
}
