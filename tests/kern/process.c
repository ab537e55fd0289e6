/* process.c: another process, as /proc and a pidfd show it (src/kern/process, src/remote). */
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/uio.h>

#include "child.h"
#include "touch.h"
#include "uffd.h"

/* --- the files of one program --- */

/*
 * Seen on 6.18: what was opened before an exec shows the old program, of which nothing is left: reading is 0 bytes.
 */
PIN(after_exec_an_open_mem_is_empty, "peerlook.c peermemory.c")
{
    struct child c = child_of(NULL);
    int memory = child_file(&c, "mem", O_RDONLY);
    char byte;

    EXPECT_ANSWER(1, CALL(pread64, memory, &byte, 1, &met));
    child_execs(&c);
    EXPECT_ANSWER(0, CALL(pread64, memory, &byte, 1, &met));
    child_ends(&c);
}

/* Since 6.11: and a query of its list of mappings is -ESRCH. */
PIN(after_exec_an_open_list_is_esrch, "maps.c peermaps.c")
{
    struct child c = child_of(NULL);
    int maps = child_file(&c, "maps", O_RDONLY);
    struct map_query q;
    long answer = query_map(maps, 0, COVERING_OR_NEXT, &q, NULL, 0);

    SKIP_IF(answer == -ENOTTY, "there is no PROCMAP_QUERY (Linux 6.11)");
    EXPECT_ANSWER(0, answer);
    child_execs(&c);
    EXPECT_ANSWER(-ESRCH, query_map(maps, 0, COVERING_OR_NEXT, &q, NULL, 0));
    child_ends(&c);
}

/* Seen on 6.18: the same for an open pagemap: 0 bytes. */
PIN(after_exec_an_open_pagemap_is_empty, "pagemap.c")
{
    struct child c = child_of(NULL);
    int pagemap = child_file(&c, "pagemap", O_RDONLY);
    uint64_t entry;
    off_t at = (off_t)((uintptr_t)&met / PAGE * sizeof entry);

    EXPECT_ANSWER(sizeof entry, CALL(pread64, pagemap, &entry, sizeof entry, at));
    child_execs(&c);
    EXPECT_ANSWER(0, CALL(pread64, pagemap, &entry, sizeof entry, at));
    child_ends(&c);
}

static bool has_named_mapping(pid_t pid, const char *name)
{
    char path[40];
    struct mapping m;
    bool found = false;
    FILE *maps;

    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    maps = fopen(path, "re");
    MUST(maps != NULL);
    while (!found && next_mapping(maps, &m))
        found = strcmp(m.name, name) == 0;
    fclose(maps);
    return found;
}

/*
 * Seen on 6.18: a private mapping of a memfd keeps its name in the list without a descriptor; a child has it, the
 * program that exec begins has not. By that others find the book.
 */
PIN(a_mapping_keeps_the_name_of_its_memfd, "publish.c anchor.c")
{
    int fd = (int)CALL(memfd_create, "pin-name", MFD_CLOEXEC);
    struct child c;
    char *p;

    MUST(fd >= 0 && ftruncate(fd, (off_t)PAGE) == 0);
    p = mmap(NULL, PAGE, BOTH, MAP_PRIVATE, fd, 0);
    MUST(p != MAP_FAILED && close(fd) == 0);
    EXPECT(has_named_mapping(getpid(), "/memfd:pin-name (deleted)"));
    c = child_of(NULL);
    EXPECT(has_named_mapping(c.pid, "/memfd:pin-name (deleted)"));
    child_execs(&c);
    EXPECT(!has_named_mapping(c.pid, "/memfd:pin-name (deleted)"));
    child_ends(&c);
}

/*
 * Seen on 6.18: a write through /proc/PID/mem to the kernel's own library gives that process a copy, and nobody else.
 */
PIN(the_vdso_is_copied_by_writing_through_the_file, "cave.c")
{
    char *vdso = (char *)getauxval(AT_SYSINFO_EHDR), byte = 'x';
    int status;

    SKIP_IF(vdso == NULL, "there is no vDSO");
    IN_CHILD(status)
    {
        int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

        MUST(memory >= 0);
        EXPECT_ANSWER(1, CALL(pwrite64, memory, &byte, 1, vdso + 9)); /* of the header's unused bytes */
        EXPECT(vdso[9] == byte);
    }
    EXPECT(is_fine(status) && vdso[9] != byte);
}

/* Seen on 6.18: flock on /proc/PID/mem is one lock a process, and goes with the descriptor of whoever holds it. */
PIN(a_processs_memory_file_can_be_locked, "line.c")
{
    struct child c = child_of(NULL);
    int one = child_file(&c, "mem", O_RDWR), other = child_file(&c, "mem", O_RDWR);

    EXPECT_ANSWER(0, CALL(flock, one, LOCK_EX | LOCK_NB));
    EXPECT_ANSWER(-EWOULDBLOCK, CALL(flock, other, LOCK_EX | LOCK_NB));
    MUST(close(one) == 0);
    EXPECT_ANSWER(0, CALL(flock, other, LOCK_EX | LOCK_NB));
    child_ends(&c);
}

/* Seen on 6.18: who forbids it (PR_SET_DUMPABLE 0) cannot be looked into by his own user. */
static void forbid_looks(void)
{
    MUST(prctl(PR_SET_DUMPABLE, 0) == 0);
}

PIN(who_is_not_dumpable_is_not_looked_into, "peer.c errno_status.c")
{
    struct child c;
    char path[40];

    be_a_user();
    c = child_of(forbid_looks);
    snprintf(path, sizeof path, "/proc/%d/mem", c.pid);
    EXPECT_ANSWER(-EACCES, CALL(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC));
    child_ends(&c);
}

/* --- a page that nobody supplies --- */

static char *unsupplied;

/* Without SIGBUS_INSTEAD and for the kernel's faults, too: whoever touches it waits for an answer. */
static void supply_nothing(void)
{
    uint64_t api[3] = {0xaa, 0, 0};
    int fd = (int)CALL(userfaultfd, O_CLOEXEC | O_NONBLOCK);

    if (fd < 0 || CALL(ioctl, fd, _IOWR(0xaa, 0x3f, uint64_t[3]), api) != 0 ||
        uffd_register(fd, unsupplied, PAGE, MISSING) != 0)
        _exit(PIN_SKIPPED);
}

/*
 * Seen on 6.18: process_vm_readv waits for whoever is to supply a page, and only SIGKILL ends that; /proc/PID/mem
 * does not wait: -EIO.
 */
PIN(only_the_call_waits_for_a_page, "peerlook.c")
{
    char byte;
    struct iovec local = {&byte, 1}, remote;
    struct child c;
    int memory, status;
    pid_t reader;

    unsupplied = map_pages(1, BOTH);
    c = child_of(supply_nothing);
    SKIP_IF(c.pid < 0, "userfaultfd for the kernel's own faults is forbidden (vm.unprivileged_userfaultfd)");
    memory = child_file(&c, "mem", O_RDONLY);
    EXPECT_ANSWER(-EIO, CALL(pread64, memory, &byte, 1, unsupplied));
    reader = fork();
    if (reader == 0) {
        remote = (struct iovec){unsupplied, 1};
        signal(SIGUSR1, fine_end);
        CALL(process_vm_readv, c.pid, &local, 1, &remote, 1, 0);
        _exit(1);
    }
    usleep(50000);
    kill(reader, SIGUSR1);
    usleep(20000);
    EXPECT(waitpid(reader, &status, WNOHANG) == 0);
    kill(reader, SIGKILL);
    MUST(waitpid(reader, &status, 0) == reader);
    child_ends(&c);
}
