/*
 * user.c: is the memory there that a caller names?
 *
 * The kernel is asked to read or write one word of it, by calls that do nothing else: it answers EFAULT
 * where the processor would fault, and no handler runs. About 0.1 us each. Each of these calls was made for
 * something else, and in which order it looks at its arguments no manual page promises: tests/kern/user.c
 * pins it.
 *
 *   what is asked about is not changed, or changed by adding nothing in one step, so that nothing is undone
 *   that another thread stores (L5); the one that does overwrite is asked of the caller's results alone
 *
 * The answer is about a moment. A program that unmaps its buffers while it passes them on faults, as
 * anywhere.
 */
#include <errno.h>
#include <sys/uio.h>

#include "kern/map/mapping.h"
#include "kern/probe.h"
#include "kern/sys.h"

enum { SIGSET_BYTES = 8, NO_SUCH_HOW = -1 };

/* rt_sigprocmask copies the new mask in before it looks at `how`; address 0 means that there is none, and is not read. */
static bool readable_at(uintptr_t addr)
{
    return addr >= SIGSET_BYTES && wm_sys4(SYS_rt_sigprocmask, NO_SUCH_HOW, (long)wm_down(addr, SIGSET_BYTES),
                                           0, SIGSET_BYTES) != -EFAULT;
}

/*
 * getcpu stores the processor's number, 4 bytes and no more (pinned: user.getcpu_writes_four_bytes): of use
 * where what is there will be overwritten anyway, and half the price of an exchange.
 */
static bool writable_at(uintptr_t addr)
{
    return wm_sys3(SYS_getcpu, (long)addr, 0, 0) != -EFAULT;
}

/*
 * FUTEX_WAKE_OP adds 0 to the word, in one step that no other thread can get between. The comparison that
 * should follow does not exist: the answer is ENOSYS, after the store, and nobody is woken. 0.2 us.
 */
enum { PRIVATE_WAKE_OP = 5 | 128, ADD = 1, NO_SUCH_COMPARISON = 15 };

static bool writable_in_place(uintptr_t addr)
{
    uint32_t unused = 0;

    return wm_sys6(SYS_futex, (long)&unused, PRIVATE_WAKE_OP, 0, 0, (long)wm_down(addr, sizeof unused),
                   ADD << 28 | NO_SUCH_COMPARISON << 24) != -EFAULT;
}

bool wm_kern_touches(uintptr_t addr, bool write)
{
    return write ? writable_in_place(addr) : readable_at(addr);
}

/*
 * Where addresses end the kernel knows. Windows' end 64 KiB earlier, and there lie the stack of the main thread, and what
 * main has on it, where addresses are not random (under a debugger).
 */
static bool wraps(uintptr_t addr, size_t bytes)
{
    return bytes > UINTPTR_MAX - addr;
}

/* Reads only: a word in each page. */
bool wm_kern_readable(const void *start, size_t bytes)
{
    uintptr_t addr = (uintptr_t)start;

    if (wraps(addr, bytes))
        return false;
    for (uintptr_t page = wm_down(addr, WM_PAGE) + WM_PAGE; page < addr + bytes; page += WM_PAGE)
        if (!readable_at(page))
            return false;
    return readable_at(addr);
}

/* The first word of a buffer no longer than a page, and the last if that is in the next; never a byte beside it. */
bool wm_kern_writable(void *start, size_t bytes)
{
    uintptr_t addr = (uintptr_t)start, last = addr + bytes - sizeof(uint32_t);

    if (wraps(addr, bytes))
        return false;
    if (bytes < sizeof(uint32_t))
        return writable_in_place(addr) && writable_in_place(addr + bytes - 1);
    if (!writable_at(addr))
        return false;
    return wm_down(addr, WM_PAGE) == wm_down(last + sizeof(uint32_t) - 1, WM_PAGE) || writable_at(last);
}

int wm_trial_process_vm(void)
{
    uint64_t word = 0, copy;
    long done = wm_kern_copy((uintptr_t)&copy, (uintptr_t)&word, sizeof word);

    return done == sizeof word ? 0 : done == -EPERM || done == -ENOSYS ? (int)done : -EAGAIN;
}

/* process_vm_readv of oneself: where the processor would fault it stops, and says how far it came. */
long wm_kern_copy(uintptr_t to, uintptr_t from, size_t bytes)
{
    struct iovec local = {(void *)to, bytes}, remote = {(void *)from, bytes};
    long pid = wm_sys3(SYS_getpid, 0, 0, 0), done;

    if (!wm_probe_has(WM_FEATURE_PROCESS_VM))
        return -ENOSYS;
    done = wm_sys6(SYS_process_vm_readv, pid, (long)&local, 1, (long)&remote, 1, 0);
    if (done == -EPERM || done == -ENOSYS)
        wm_probe_lacks(WM_FEATURE_PROCESS_VM);
    return done;
}
