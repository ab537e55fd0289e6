/*
 * cgroup.c: the memory that control groups leave this process.
 *
 * Every group up to the top counts, because each limits what lies in it. Both versions are looked for: on one
 * machine either may manage memory, and files of the other are just not there.
 */
#include "kern/system/cgroup.h"

#include <fcntl.h>
#include <string.h>

#include "kern/descriptor.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

/* --- where the groups are --- */

/* Is the word in a list such as "cpu,memory"? */
static bool lists(const char *list, const char *end, const char *word)
{
    size_t length = strlen(word);

    for (const char *p = list; p + length <= end; p++)
        if (strncmp(p, word, length) == 0 && (p == list || p[-1] == ',') &&
            (p + length == end || p[length] == ','))
            return true;
    return false;
}

const char *wm_cgroup_of_line(const char *line, bool *unified)
{
    const char *list = strchr(line, ':');
    const char *end = list == NULL ? NULL : strchr(++list, ':');

    if (end == NULL)
        return NULL;
    *unified = end == list && strncmp(line, "0:", 2) == 0;
    return *unified || lists(list, end, "memory") ? end + 1 : NULL;
}

/* The n-th word of a line, from 0. */
static const char *word_at(const char *line, int n, size_t *length)
{
    while (n-- > 0)
        line = wm_text_after(line, ' ');
    *length = strcspn(line, " ");
    return line;
}

static bool is_word(const char *word, size_t length, const char *text)
{
    return strlen(text) == length && strncmp(word, text, length) == 0;
}

/* Behind " - " come the type, the source and the options; before it, an unknown number of words. */
static bool mounts_memory(const char *line, bool unified)
{
    const char *rest = strstr(line, " - "), *type, *options;
    size_t length;

    if (rest == NULL)
        return false;
    type = word_at(rest + 3, 0, &length);
    if (unified)
        return is_word(type, length, "cgroup2");
    options = word_at(rest + 3, 2, &length);
    return is_word(type, strcspn(type, " "), "cgroup") && lists(options, options + length, "memory");
}

/* Appends a word of mountinfo, in which blanks are written as "\040". False: no room. */
static bool append_word(char *out, size_t *at, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = word[i];

        if (c == '\\' && i + 3 < length) {
            c = (char)((word[i + 1] - '0') << 6 | (word[i + 2] - '0') << 3 | (word[i + 3] - '0'));
            i += 3;
        }
        if (*at + 1 >= WM_CGROUP_PATH)
            return false;
        out[(*at)++] = c;
    }
    out[*at] = '\0';
    return true;
}

/* What is left of path below root; "" if it is root itself or lies elsewhere. */
static const char *below(const char *path, const char *root, size_t length)
{
    if (length == 1)
        return strcmp(path, "/") == 0 ? "" : path;
    if (strncmp(path, root, length) != 0 || path[length] != '/')
        return "";
    return path + length;
}

bool wm_cgroup_folder(const char *line, bool unified, const char *path, char folder[WM_CGROUP_PATH],
                      size_t *top)
{
    size_t root_length, mount_length, at = 0;
    const char *root = word_at(line, 3, &root_length), *mount = word_at(line, 4, &mount_length), *rest;

    if (!mounts_memory(line, unified) || !append_word(folder, &at, mount, mount_length))
        return false;
    *top = at;
    rest = below(path, root, root_length);
    return append_word(folder, &at, rest, strlen(rest));
}

static bool find_folder(bool unified, const char *path, char folder[WM_CGROUP_PATH], size_t *top)
{
    int fd = wm_fd_open("/proc/thread-self/mountinfo", O_RDONLY);
    struct wm_text text;
    const char *line;
    bool found = false;

    if (fd < 0)
        return false;
    wm_text_open(&text, fd);
    while (!found && (line = wm_text_line(&text)) != NULL)
        found = wm_cgroup_folder(line, unified, path, folder, top);
    wm_kern_close(fd);
    return found;
}

/* --- what they say --- */

/* What each version calls its files. Version 1 counts swap together with memory. */
static const struct names {
    const char *limit, *used, *stat, *cache, *swap_limit, *swap_used;
} versions[] = {
    {"/memory.limit_in_bytes", "/memory.usage_in_bytes", "/memory.stat", "total_inactive_file",
     "/memory.memsw.limit_in_bytes", "/memory.memsw.usage_in_bytes"},
    {"/memory.max", "/memory.current", "/memory.stat", "inactive_file", "/memory.swap.max",
     "/memory.swap.current"},
};

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

/* Version 1 says "no limit" by the largest number of pages that it can count. */
#define NO_LIMIT ((uint64_t)1 << 62)

/* folder + name, until folder[length] is '\0' again. False: too long. */
static bool append(char *folder, size_t length, const char *name)
{
    size_t bytes = strlen(name) + 1;

    if (length + bytes > WM_CGROUP_PATH)
        return false;
    memcpy(folder + length, name, bytes);
    return true;
}

/* A file of the group at folder; the name is appended while it is opened. Only "max" is no number. */
static uint64_t number_in(char *folder, size_t length, const char *name, uint64_t other)
{
    struct wm_text text;
    const char *line;

    if (!append(folder, length, name))
        return other;
    line = wm_text_file_line(folder, &text);
    folder[length] = '\0';
    return line == NULL || *line < '0' || *line > '9' ? other : wm_text_decimal(&line);
}

static uint64_t cache_in(char *folder, size_t length, const struct names *names)
{
    uint64_t cache = 0;
    const struct wm_text_field field = {names->cache, &cache};

    if (!append(folder, length, names->stat))
        return 0;
    wm_text_file_fields(folder, &field, 1);
    folder[length] = '\0';
    return cache;
}

static void limit_swap(char *folder, size_t length, const struct names *names, struct wm_cgroup_memory *out,
                       uint64_t limit, uint64_t used)
{
    uint64_t swap = number_in(folder, length, names->swap_limit, UINT64_MAX);
    uint64_t swap_used = number_in(folder, length, names->swap_used, 0);

    if (swap >= NO_LIMIT)
        return;
    if (names == &versions[0]) {
        swap = less(swap, limit);
        swap_used = less(swap_used, used);
    }
    out->swap_limit = least(out->swap_limit, swap);
    out->swap_left = least(out->swap_left, less(swap, swap_used));
}

static void limit_by(char *folder, size_t length, const struct names *names, struct wm_cgroup_memory *out)
{
    uint64_t limit = number_in(folder, length, names->limit, UINT64_MAX), used, kept;

    if (limit >= NO_LIMIT)
        return;
    used = number_in(folder, length, names->used, 0);
    kept = less(used, cache_in(folder, length, names));
    out->limit = least(out->limit, limit);
    out->left = least(out->left, less(limit, kept));
    limit_swap(folder, length, names, out, limit, used);
}

static size_t parent_of(const char *folder, size_t length)
{
    while (length > 0 && folder[length - 1] != '/')
        length--;
    return length > 0 ? length - 1 : 0;
}

static void limit_by_all(const char *path, bool unified, struct wm_cgroup_memory *out)
{
    char folder[WM_CGROUP_PATH];
    size_t top, length;

    if (!find_folder(unified, path, folder, &top))
        return;
    for (length = strlen(folder); length >= top && length > 0; length = parent_of(folder, length)) {
        folder[length] = '\0';
        limit_by(folder, length, &versions[unified], out);
    }
}

void wm_kern_cgroup_memory(struct wm_cgroup_memory *out)
{
    int fd = wm_fd_open("/proc/thread-self/cgroup", O_RDONLY);
    struct wm_text text;
    const char *line, *path;
    bool unified;

    *out = (struct wm_cgroup_memory){UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    if (fd < 0)
        return;
    wm_text_open(&text, fd);
    while ((line = wm_text_line(&text)) != NULL)
        if ((path = wm_cgroup_of_line(line, &unified)) != NULL)
            limit_by_all(path, unified, out);
    wm_kern_close(fd);
}
