/* kinds.c: stacks and heaps among private memory (kinds.h). */
#include "kinds.h"

#include <windows.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 16384, BLOCK = 64 << 20 };

/* --- stacks --- */

/* "number six-arguments sp pc", or "running", or "-1 sp pc". 0: it is not known. */
static uint64_t parse_pointer(const char *text)
{
    char words[16][24];
    int count = sscanf(text, "%23s %23s %23s %23s %23s %23s %23s %23s %23s", words[0], words[1], words[2],
                       words[3], words[4], words[5], words[6], words[7], words[8]);

    return count == 9 ? strtoull(words[7], NULL, 16) : count == 3 ? strtoull(words[1], NULL, 16) : 0;
}

static uint64_t stack_pointer(int tasks, const char *thread)
{
    char path[300], text[256];
    ssize_t got;
    int fd;

    snprintf(path, sizeof path, "%s/syscall", thread);
    fd = openat(tasks, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    got = read(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = 0;
    return parse_pointer(text);
}

static int compare(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

    return one < other ? -1 : one > other;
}

static void find_stacks(struct maps_kinds *k, DIR *tasks)
{
    const struct dirent *entry;

    while (k->count < MOST_THREADS && (entry = readdir(tasks)) != NULL) {
        uint64_t pointer = *entry->d_name == '.' ? 0 : stack_pointer(dirfd(tasks), entry->d_name);

        if (pointer != 0)
            k->stacks[k->count++] = pointer;
    }
    qsort(k->stacks, k->count, sizeof *k->stacks, compare);
}

void maps_kinds_begin(struct maps_kinds *k, const struct maps_target *target)
{
    int fd = openat(target->directory, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *tasks = fd < 0 ? NULL : fdopendir(fd);

    *k = (struct maps_kinds){.process = target->handle, .stacks = malloc(MOST_THREADS * sizeof *k->stacks)};
    if (tasks != NULL && k->stacks != NULL)
        find_stacks(k, tasks);
    if (tasks != NULL)
        closedir(tasks);
    else if (fd >= 0)
        close(fd);
}

void maps_kinds_end(struct maps_kinds *k)
{
    free(k->stacks);
    *k = (struct maps_kinds){0};
}

static bool holds_stack(const struct maps_kinds *k, const struct maps_region *r)
{
    size_t from = 0, to = k->count;

    while (from < to) {
        size_t middle = (from + to) / 2;

        if (k->stacks[middle] < r->start)
            from = middle + 1;
        else
            to = middle;
    }
    return from < k->count && k->stacks[from] < r->start + r->bytes;
}

/* --- heaps --- */

/* As glibc has it since 2.3; what follows differs from version to version. */
struct arena_head {
    uint64_t arena, previous, size, opened;
};

static bool is_head(const struct arena_head *head, const struct maps_region *r)
{
    enum { NEAR = 256 };

    return head->opened == r->bytes && head->size != 0 && head->size <= head->opened &&
           head->size % 4096 == 0 && head->opened <= BLOCK && head->previous % BLOCK == 0 &&
           head->arena % BLOCK < NEAR && (head->previous != 0 || head->arena - r->start < NEAR);
}

static bool begins_arena(const struct maps_kinds *k, const struct maps_region *r)
{
    struct arena_head head;
    SIZE_T got = 0;

    return r->start % BLOCK == 0 && r->state == MAPS_COMMITTED && r->protect == (MAPS_READ | MAPS_WRITE) &&
           ReadProcessMemory(k->process, (LPCVOID)r->start, &head, sizeof head, &got) && got == sizeof head &&
           is_head(&head, r);
}

/* What lies behind the open part, without access, is kept for the same arena. */
static bool is_arena(struct maps_kinds *k, const struct maps_region *r)
{
    bool goes_on = k->arena == r->start && r->start + r->bytes <= k->arena_end;

    if (goes_on)
        k->arena = r->start + r->bytes;
    if (goes_on || !begins_arena(k, r))
        return goes_on;
    k->arena = r->start + r->bytes;
    k->arena_end = r->start + BLOCK;
    return true;
}

/* --- both --- */

static bool begins_with(const char *text, const char *begin)
{
    return strncmp(text, begin, strlen(begin)) == 0;
}

enum maps_type maps_kind_of(struct maps_kinds *k, const struct maps_region *r, const char *name)
{
    static const struct {
        const char *name;
        enum maps_type type;
    } names[] = {
        {"[heap]", MAPS_HEAP},
        {"[stack", MAPS_STACK},
        {"[anon: glibc: pthread stack", MAPS_STACK},
        {"[anon: glibc: malloc", MAPS_HEAP},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (begins_with(name, names[i].name))
            return names[i].type;
    if (*name != 0)
        return MAPS_PRIVATE;
    return is_arena(k, r) ? MAPS_HEAP : holds_stack(k, r) ? MAPS_STACK : MAPS_PRIVATE;
}
