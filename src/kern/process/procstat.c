/*
 * procstat.c: the line that /proc/PID/stat has of a process or a thread.
 *
 * The name in it is the program's and may hold blanks, brackets and newlines: so fields are counted from
 * its last bracket, and a line that is cut off says that the process has gone. A process is dead when its
 * last thread is: a first thread that ended alone has state Z and leaves the others alive (pinned:
 * ends.a_first_thread_can_be_dead_alone).
 */
#include "kern/process/procstat.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

#include "kern/descriptor.h"
#include "kern/kern.h"
#include "kern/sys.h"
#include "kern/text.h"

/* By the numbers that proc(5) gives them. */
enum {
    FIELD_NAME = 2,
    FIELD_STATE = 3,
    FIELD_PARENT = 4,
    FIELD_FLAGS = 9,
    FIELD_USER = 14,
    FIELD_SYSTEM = 15,
    FIELD_THREADS = 20,
    FIELD_BORN = 22,
    FIELD_EXITED = 52
};

/* Of the flags; not among those that proc(5) explains, but they never change. */
enum { KERNEL_THREAD = 0x200000 };

struct wm_proc_path wm_proc_path(int32_t pid, const char *name)
{
    struct wm_proc_path path = {{0}};
    char *at = wm_text_put_decimal(wm_text_put(path.text, "/proc/"), (uint64_t)pid);

    wm_text_put(wm_text_put(at, "/"), name);
    return path;
}

/* p is behind the name, which may hold anything, blanks and brackets too. */
static const char *field(const char *p, int number)
{
    for (int at = FIELD_NAME; at < number; at++)
        p = wm_text_after(p, ' ');
    return p;
}

static uint64_t number_in(const char *p, int number)
{
    p = field(p, number);
    return wm_text_decimal(&p);
}

static int parse(const char *line, struct wm_procstat *out)
{
    const char *name_end = line == NULL ? NULL : strrchr(line, ')');

    if (name_end == NULL)
        return -ENOENT; /* it ended between opening and reading */
    out->state = *field(name_end, FIELD_STATE);
    out->parent = number_in(name_end, FIELD_PARENT);
    out->threads = number_in(name_end, FIELD_THREADS);
    out->born = number_in(name_end, FIELD_BORN);
    out->user = number_in(name_end, FIELD_USER);
    out->system = number_in(name_end, FIELD_SYSTEM);
    out->exited = number_in(name_end, FIELD_EXITED);
    out->kernel = (number_in(name_end, FIELD_FLAGS) & KERNEL_THREAD) != 0;
    return 0;
}

static int read_file(const char *path, struct wm_procstat *out)
{
    struct wm_text text;
    int fd, result;

    fd = wm_fd_open(path, O_RDONLY);
    if (fd < 0)
        return fd;
    wm_text_open(&text, fd);
    result = parse(wm_text_line(&text), out);
    wm_kern_close(fd);
    return text.error != 0 && text.error != -ESRCH ? text.error : result;
}

/* Oneself is found under another name, whatever numbers mean here. Who asks is there: it can only be the file that is not. */
static int read_ours(const char *path, struct wm_procstat *out)
{
    int result = read_file(path, out);

    return result == -ENOENT ? -ENODEV : result;
}

int wm_procstat_read(int32_t pid, struct wm_procstat *out)
{
    struct wm_proc_path path = wm_proc_path(pid, "stat");
    int foreign;

    if (pid == wm_sys_pid())
        return read_ours("/proc/self/stat", out);
    foreign = wm_proc_is_ours();
    return foreign == -EXDEV || foreign == -ENODEV ? foreign : read_file(path.text, out);
}

int wm_procstat_read_own(uint32_t thread, struct wm_procstat *out)
{
    struct wm_proc_path path = {{0}};
    int foreign;

    if (thread == (uint32_t)wm_sys3(SYS_gettid, 0, 0, 0))
        return read_ours("/proc/thread-self/stat", out);
    foreign = wm_proc_is_ours();
    if (foreign == -EXDEV || foreign == -ENODEV)
        return foreign;
    wm_text_put(wm_text_put_decimal(wm_text_put(path.text, "/proc/self/task/"), thread), "/stat");
    return read_file(path.text, out);
}

int wm_proc_is_ours(void)
{
    char name[16] = "";
    const char *p = name;
    long length = wm_sys4(SYS_readlinkat, AT_FDCWD, (long)"/proc/self", (long)name, sizeof name - 1);
    long pid = wm_sys3(SYS_getpid, 0, 0, 0);

    if (length == -ENOENT || length == -EACCES || length == -EPERM)
        return -ENODEV;
    if (length < 0 || pid < 0)
        return (int)(length < 0 ? length : pid);
    return wm_text_decimal(&p) == (uint64_t)pid ? 0 : -EXDEV;
}

bool wm_procstat_dead(const struct wm_procstat *stat)
{
    return (stat->state == 'Z' || stat->state == 'X' || stat->state == 'x') && stat->threads <= 1;
}
