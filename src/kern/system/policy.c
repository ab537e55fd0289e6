/*
 * policy.c: which system calls somebody has forbidden this process.
 *
 * A seccomp filter answers for the kernel, with an error that the kernel may mean otherwise: EPERM of mmap
 * is an address too low, of mprotect a sealed mapping. So each call is made once more in a form that asks
 * for nothing, and of which we know what the kernel says to it. A filter that looks at arguments is only
 * known where it looks at the right to execute, as those do that forbid code to be made. What the kernel
 * answers to nothing is pinned (map.requests_for_nothing_have_known_answers).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>

#include "kern/descriptor.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

enum { CODE = PROT_READ | PROT_WRITE | PROT_EXEC, PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS };

static long map_nothing(int access)
{
    return wm_sys6(SYS_mmap, 0, 0, access, PRIVATE, -1, 0);
}

/* Without a name. EACCES: vm.memfd_noexec wants another flag. */
static bool name_nothing(void)
{
    int error = wm_fd_memory(NULL, 0);

    return error != -EFAULT && error != -EACCES;
}

static bool is_forbidden(long number)
{
    switch (number) {
    case SYS_mmap: return map_nothing(PROT_NONE) != -EINVAL;
    case SYS_munmap: return wm_sys3(SYS_munmap, 0, 0, 0) != -EINVAL;
    case SYS_mprotect: return wm_sys3(SYS_mprotect, 0, 0, PROT_NONE) != 0;
    case SYS_madvise: return wm_sys3(SYS_madvise, 0, 0, MADV_NORMAL) != 0;
    default: return name_nothing();
    }
}

static const struct {
    long number;
    const char *name;
} calls[] = {{SYS_mmap, "mmap"},
             {SYS_munmap, "munmap"},
             {SYS_mprotect, "mprotect"},
             {SYS_madvise, "madvise"},
             {SYS_memfd_create, "memfd_create"}};

bool wm_kern_forbidden(char *names)
{
    bool any = false;

    *names = '\0';
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (is_forbidden(calls[i].number)) {
            names = wm_text_put(any ? wm_text_put(names, ", ") : names, calls[i].name);
            any = true;
        }
    return any;
}

/* Nobody has the number 0. */
bool wm_kern_forbids_tracing(void)
{
    return wm_sys4(SYS_ptrace, PTRACE_DETACH, 0, 0, 0) != -ESRCH;
}

static bool opens(const char *path)
{
    int fd = wm_fd_open(path, O_RDONLY);

    if (fd >= 0)
        wm_kern_close(fd);
    return fd >= 0;
}

const char *wm_kern_unreadable(void)
{
    static const char *const files[] = {"/proc/self/maps", "/proc/self/pagemap"};

    if (!opens(files[0]) && !opens("/proc/self/stat"))
        return "/proc";
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (!opens(files[i]))
            return files[i];
    return "a file of /proc";
}

bool wm_kern_forbids_code(void)
{
    return map_nothing(CODE) != -EINVAL || wm_sys3(SYS_mprotect, 0, 0, CODE) != 0;
}
