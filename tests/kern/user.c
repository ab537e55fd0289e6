/* user.c: memory that a caller names, and memory that is locked (src/kern/map/user.c, memlock.c). */
#include <sys/uio.h>

#include "looking.h"
#include "touch.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif

/* --- asking the kernel to touch --- */

/* Seen on 6.18: the mask is copied in before `how` is looked at, so a call that is refused tells what can be read. */
PIN(sigprocmask_reads_the_mask_before_it_refuses, "user.c")
{
    char *p = map_pages(2, READ);
    sigset_t before = {{0}}, after = {{0}};

    MUST(mprotect(p + PAGE, PAGE, NONE) == 0);
    sigprocmask(SIG_SETMASK, NULL, &before);
    EXPECT_ANSWER(-EINVAL, kernel_reads(p + PAGE - 8));
    EXPECT_ANSWER(-EFAULT, kernel_reads(p + PAGE));
    EXPECT_ANSWER(0, CALL(rt_sigprocmask, -1, NULL, NULL, 8)); /* address 0 is no address */
    sigprocmask(SIG_SETMASK, NULL, &after);
    EXPECT(memcmp(&before, &after, sizeof before) == 0);
}

/* Seen on 6.18: the store is made, then the comparison that does not exist is refused; nobody gets in between. */
PIN(a_futex_call_stores_before_it_refuses, "user.c hugetlb.c")
{
    char *p = map_pages(2, BOTH);

    memset(p, 0x5a, 8);
    MUST(mprotect(p + PAGE, PAGE, READ) == 0);
    EXPECT_ANSWER(-ENOSYS, kernel_writes(p));
    EXPECT(memcmp(p, "\x5a\x5a\x5a\x5a\x5a\x5a\x5a\x5a", 8) == 0);
    EXPECT_ANSWER(-EFAULT, kernel_writes(p + PAGE));
    EXPECT(entry_of(p) & ENTRY_PRESENT);
}

/* Seen on 6.18: four bytes, whatever their address; -EFAULT where they cannot be written. */
PIN(getcpu_writes_four_bytes, "user.c")
{
    char *p = map_pages(2, BOTH);

    memset(p, 0x5a, 16);
    MUST(mprotect(p + PAGE, PAGE, READ) == 0);
    EXPECT_ANSWER(0, CALL(getcpu, p + 5, NULL, NULL));
    EXPECT(p[4] == 0x5a && p[9] == 0x5a && memcmp(p + 5, "\x5a\x5a\x5a\x5a", 4) != 0);
    EXPECT_ANSWER(-EFAULT, CALL(getcpu, p + PAGE - 2, NULL, NULL));
}

/*
 * Seen on 6.18: what was copied before a page that cannot be read is told; the rest is an error only if there is no
 * such.
 */
PIN(process_vm_readv_stops_where_a_fault_would_be, "user.c peermemory.c")
{
    char *p = map_pages(2, BOTH), here[2 * PAGE];
    struct iovec local = {here, sizeof here}, remote = {p + PAGE / 2, sizeof here};
    long done;

    fill_pages(p, 2, 3);
    MUST(mprotect(p + PAGE, PAGE, NONE) == 0);
    done = CALL(process_vm_readv, getpid(), &local, 1, &remote, 1, 0);
    SKIP_IF(done == -EPERM || done == -ENOSYS, "process_vm_readv is forbidden");
    EXPECT(done == PAGE / 2 && here[PAGE / 2 - 1] == 3);
    remote.iov_base = p + PAGE;
    EXPECT_ANSWER(-EFAULT, CALL(process_vm_readv, getpid(), &local, 1, &remote, 1, 0));
}

/* Seen on 6.18: it heeds protections, /proc/self/mem does not, not even PROT_NONE. */
PIN(only_the_file_writes_through_protections, "lazyfree.c peermemory.c")
{
    char *p = map_pages(1, BOTH), byte = 9;
    struct iovec local = {&byte, 1}, remote = {p, 1};
    int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
    long done;

    SKIP_IF(memory < 0, "there is no /proc/self/mem");
    fill_pages(p, 1, 3);
    MUST(mprotect(p, PAGE, NONE) == 0);
    done = CALL(process_vm_writev, getpid(), &local, 1, &remote, 1, 0);
    EXPECT(done == -EFAULT || done == -EPERM || done == -ENOSYS);
    EXPECT_ANSWER(1, CALL(pwrite64, memory, &byte, 1, p));
    MUST(mprotect(p, PAGE, READ) == 0);
    EXPECT(p[0] == 9 && p[1] == 3);
    EXPECT_ANSWER(1, CALL(pwrite64, memory, "\x08", 1, p));
    EXPECT(p[0] == 8);
}

static void note_signal(int signal)
{
    met.signal = signal;
}

/*
 * Seen on 6.18: a system call that meets a page without access answers -EFAULT; no handler runs, a guard stays armed.
 */
PIN(a_call_that_meets_a_guard_sends_no_signal, "guard.h")
{
    char *p = map_pages(1, NONE);
    int ends[2];

    MUST(pipe(ends) == 0 && write(ends[1], "abc", 3) == 3);
    signal(SIGSEGV, note_signal);
    met.signal = 0;
    EXPECT_ANSWER(-EFAULT, CALL(read, ends[0], p, 3));
    EXPECT_ANSWER(-EFAULT, CALL(write, ends[1], p, 3));
    EXPECT(met.signal == 0);
}

/*
 * Seen on 6.18: a store by the kernel below the main thread's stack makes it grow, as one by the program does: so
 * what lies there is looked up before it is asked about.
 */
PIN(the_kernels_stores_grow_the_stack, "reach.c peerlook.c")
{
    char here = 0, *below;
    struct mapping stack;

    MUST(mapping_of(&here, &stack));
    SKIP_IF(strcmp(stack.name, "[stack]") != 0, "this is not the main stack");
    below = (char *)stack.start - PAGE;
    EXPECT_ANSWER(0, CALL(getcpu, below, NULL, NULL));
    EXPECT(mapping_of(below, &stack) && strcmp(stack.name, "[stack]") == 0);
}

/* --- locking --- */

/* Seen on 6.18: -EBUSY for locked memory; without a file there is nothing else to do, and nothing is done. */
PIN(msync_tells_what_is_locked, "memlock.c markers.c")
{
    char *p = map_pages(2, BOTH);

    fill_pages(p, 2, 5);
    SKIP_IF(CALL(mlock, p, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT_ANSWER(-EBUSY, CALL(msync, p, PAGE, MS_ASYNC | MS_INVALIDATE));
    EXPECT_ANSWER(-EBUSY, CALL(msync, p, 2 * PAGE, MS_ASYNC | MS_INVALIDATE));
    EXPECT_ANSWER(0, CALL(msync, p + PAGE, PAGE, MS_ASYNC | MS_INVALIDATE));
    EXPECT(p[PAGE] == 5);
}

static char *map_copying(void)
{
    int fd = (int)CALL(memfd_create, "pin", MFD_CLOEXEC);
    char *p;

    MUST(fd >= 0 && ftruncate(fd, 2 * (off_t)PAGE) == 0 && pwrite(fd, "x", 1, 0) == 1);
    p = mmap(NULL, 2 * PAGE, BOTH, MAP_PRIVATE, fd, 0);
    MUST(p != MAP_FAILED && close(fd) == 0);
    return p;
}

/*
 * Seen on 6.18: mlock writes to each page of a writable private mapping, so each is copied; what is locked as it
 * comes in and then brought in by reading is not.
 */
PIN(locking_copies_what_copies_on_write, "memlock.c view_pages.c")
{
    char *p = map_copying(), *q = map_copying();

    SKIP_IF(CALL(mlock, p, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT((entry_of(p) & (ENTRY_PRESENT | ENTRY_FILE)) == ENTRY_PRESENT);
    EXPECT_ANSWER(0, CALL(mlock2, q, PAGE, MLOCK_ONFAULT));
    EXPECT((entry_of(q) & ENTRY_PRESENT) == 0);
    SKIP_IF(CALL(madvise, q, PAGE, MADV_POPULATE_READ) == -EINVAL,
            "there is no MADV_POPULATE_READ (Linux 5.14)");
    EXPECT((entry_of(q) & (ENTRY_PRESENT | ENTRY_FILE)) == (ENTRY_PRESENT | ENTRY_FILE));
}

/* Seen on 6.18: inaccessible memory can be locked as it comes in; mlock tells -ENOMEM, having locked it. */
PIN(inaccessible_memory_is_locked_all_the_same, "memlock.c lazyfree.c")
{
    char *p = map_pages(2, NONE);

    SKIP_IF(CALL(mlock2, p, PAGE, MLOCK_ONFAULT) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT(has_flag(p, "lo"));
    EXPECT_ANSWER(-ENOMEM, CALL(mlock, p + PAGE, PAGE));
    EXPECT(has_flag(p + PAGE, "lo"));
}

/* Seen on 6.18: a limit of nothing is -EPERM, any other -ENOMEM. */
PIN(lock_limits_have_two_errors, "errno_status.c lazyfree.c")
{
    char *p = map_pages(32, BOTH);

    be_a_user();
    limit(RLIMIT_MEMLOCK, 0);
    EXPECT_ANSWER(-EPERM, CALL(mlock, p, PAGE));
    EXPECT_ANSWER(-EPERM, CALL(mlock2, p, PAGE, MLOCK_ONFAULT));
}

PIN(a_lock_limit_that_is_reached_is_enomem, "errno_status.c rescue.c")
{
    char *p = map_pages(32, BOTH);

    be_a_user();
    limit(RLIMIT_MEMLOCK, 16 * PAGE);
    SKIP_IF(CALL(mlock, p, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT_ANSWER(-ENOMEM, CALL(mlock, p, 32 * PAGE));
    EXPECT(!has_flag(p + PAGE, "lo"));
}

/* Seen on 6.18: after mlockall(MCL_FUTURE) a mapping that would go over the limit is -EAGAIN. */
PIN(mapping_over_the_lock_limit_is_eagain, "errno_status.c")
{
    be_a_user();
    limit(RLIMIT_MEMLOCK, 64 * PAGE);
    SKIP_IF(CALL(mlockall, MCL_FUTURE) != 0, "mlockall is not allowed");
    EXPECT_ANSWER(-EAGAIN, CALL(mmap, 0, 128 * PAGE, BOTH, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

/* Since 5.18: MADV_DONTNEED is refused for locked memory, which has a name of its own for that. */
PIN(locked_memory_is_emptied_by_another_name, "map.c")
{
    char *p = map_pages(1, BOTH);

    fill_pages(p, 1, 4);
    SKIP_IF(CALL(mlock, p, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT_ANSWER(-EINVAL, CALL(madvise, p, PAGE, MADV_DONTNEED));
    EXPECT(p[0] == 4);
    EXPECT_ANSWER(0, CALL(madvise, p, PAGE, MADV_DONTNEED_LOCKED));
    EXPECT(p[0] == 0);
}

/* Seen on 6.18: shared memory under a lock cannot be punched; unlocked it can. */
PIN(locked_memory_is_not_punched, "alias.c")
{
    char *p = map_with(PAGE, BOTH, MAP_SHARED);

    p[0] = 4;
    SKIP_IF(CALL(mlock, p, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT_ANSWER(-EINVAL, CALL(madvise, p, PAGE, MADV_REMOVE));
    MUST(munlock(p, PAGE) == 0);
    EXPECT_ANSWER(0, CALL(madvise, p, PAGE, MADV_REMOVE));
    EXPECT(p[0] == 0);
}
