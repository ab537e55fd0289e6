/* memlock.c: keeping pages in memory. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "kern/descriptor.h"
#include "kern/kern.h"
#include "kern/sys.h"
#include "kern/text.h"

int wm_kern_lock_pages(struct wm_range r)
{
    return (int)wm_sys3(SYS_mlock, (long)r.start, (long)wm_range_bytes(r), 0);
}

int wm_kern_unlock_pages(struct wm_range r)
{
    return (int)wm_sys3(SYS_munlock, (long)r.start, (long)wm_range_bytes(r), 0);
}

/* "VmFlags: rd wr mr lo ..." */
static bool flags_say_locked(const char *line)
{
    return strstr(line, " lo ") != NULL;
}

/* "5500-5600 rw-p ...": the first line of each mapping; the others have a colon behind their first word. */
static bool starts_mapping(const char *line, struct wm_range *out)
{
    const char *p = line;

    out->start = wm_text_hex(&p);
    if (p == line || *p++ != '-')
        return false;
    out->end = wm_text_hex(&p);
    return true;
}

/* Reads the text up to the range: there is no call that tells. */
static bool read_locked(struct wm_text *text, struct wm_range r)
{
    struct wm_range vma = {0, 0};
    const char *line;

    while (r.start < r.end && (line = wm_text_line(text)) != NULL) {
        if (starts_mapping(line, &vma) || strncmp(line, "VmFlags:", 8) != 0 || vma.end <= r.start)
            continue;
        if (vma.start > r.start || !flags_say_locked(line))
            return false;
        r.start = vma.end;
    }
    return r.start >= r.end;
}

bool wm_kern_are_locked(struct wm_range r)
{
    int fd = wm_fd_open("/proc/self/smaps", O_RDONLY);
    struct wm_text text;
    bool locked;

    if (fd < 0)
        return false;
    wm_text_open(&text, fd);
    locked = read_locked(&text, r);
    wm_kern_close(fd);
    return locked;
}
