/* sections.c: memory descriptors, views, and large pages (src/kern/map/memfd.c, alias.c, hugetlb.c). */
#include <sys/file.h>
#include <sys/stat.h>

#include "looking.h"
#include "touch.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8u
#define MFD_EXEC 16u
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static int section(size_t bytes)
{
    int fd = (int)CALL(memfd_create, "pin", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    MUST(fd >= 0 && ftruncate(fd, (off_t)bytes) == 0);
    return fd;
}

static char *view(int fd, size_t bytes, int access, int kind)
{
    char *p = mmap(NULL, bytes, access, kind, fd, 0);

    MUST(p != MAP_FAILED);
    return p;
}

/* --- memory descriptors --- */

/*
 * Seen on 6.18: sealed so, nobody can change the size, through whatever descriptor; memory can be taken and given
 * back.
 */
PIN(seals_keep_the_size_and_nothing_else, "memfd.c")
{
    int fd = section(2 * PAGE), again;
    char path[40], *p = view(fd, 2 * PAGE, BOTH, MAP_SHARED);

    EXPECT_ANSWER(0, CALL(fcntl, fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    again = open(path, O_RDWR | O_CLOEXEC);
    EXPECT(again >= 0);
    EXPECT_ANSWER(-EPERM, CALL(ftruncate, again, 0));
    EXPECT_ANSWER(-EPERM, CALL(ftruncate, again, 4 * PAGE));
    p[0] = 1;
    EXPECT_ANSWER(0, CALL(madvise, p, PAGE, MADV_REMOVE));
    EXPECT(p[0] == 0);
}

/* Seen on 6.18: a descriptor opened for reading only makes views that can never be written. */
PIN(a_reading_descriptor_makes_reading_views, "memfd.c view.c")
{
    int fd = section(PAGE), reading;
    char path[40], *p;

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    reading = open(path, O_RDONLY | O_CLOEXEC);
    MUST(reading >= 0);
    EXPECT_ANSWER(-EACCES, CALL(mmap, 0, PAGE, BOTH, MAP_SHARED, reading, 0));
    p = view(reading, PAGE, READ, MAP_SHARED);
    EXPECT_ANSWER(-EACCES, CALL(mprotect, p, PAGE, BOTH));
}

/*
 * Seen on 5.10 and 6.18: what is sealed against writing can be mapped for oneself, to be read. To share it, even for
 * reading, is EPERM on 5.10 if the descriptor could write before it was sealed; 6.7 and later allow it.
 */
PIN(what_is_sealed_can_be_mapped_for_oneself, "map.c inherited.c")
{
    int fd = section(PAGE);
    long shared;

    MUST(pwrite(fd, "x", 1, 0) == 1);
    EXPECT_ANSWER(0, CALL(fcntl, fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL));
    EXPECT(view(fd, PAGE, READ, MAP_PRIVATE)[0] == 'x');
    shared = CALL(mmap, 0, PAGE, READ, MAP_SHARED, fd, 0);
    EXPECT(shared == -EPERM || shared > 0);
}

/* Seen on 6.18: nothing is promised for it, whatever its size: each page is charged when it is touched. */
PIN(a_memory_descriptor_promises_nothing, "section.c memfd.c")
{
    size_t bytes = (size_t)1 << 40;
    char *p = mmap(NULL, bytes, BOTH, MAP_SHARED, section(bytes), 0);

    SKIP_IF(p == MAP_FAILED && errno == ENOMEM, "addresses are limited (RLIMIT_AS)");
    MUST(p != MAP_FAILED);
    EXPECT(!has_flag(p, "ac"));
    p[bytes - 1] = 1;
}

/* Seen on 6.18: they are files without a name, each with an inode of its own, all of one device. */
PIN(memory_descriptors_are_nameless_files_of_one_device, "memfd.c peerlook.c")
{
    struct stat a, b;

    MUST(fstat(section(PAGE), &a) == 0 && fstat(section(PAGE), &b) == 0);
    EXPECT(S_ISREG(a.st_mode) && a.st_nlink == 0 && a.st_dev == b.st_dev && a.st_ino != b.st_ino);
}

/*
 * Seen on 6.18: a memory descriptor may stand far behind its end, where no file of a disk does. Duplicates stand there too;
 * who opens it again stands at its beginning.
 */
PIN(a_memory_descriptor_stands_where_no_file_has_bytes, "fileid.c memfd.c")
{
    int fd = section(PAGE), again;
    long far = 1L << 62 | 12345;
    char path[40];

    EXPECT_ANSWER(far, CALL(lseek, fd, far, SEEK_SET));
    EXPECT_ANSWER(far, CALL(lseek, fd, 0, SEEK_CUR));
    EXPECT_ANSWER(far, CALL(lseek, dup(fd), 0, SEEK_CUR));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    again = open(path, O_RDWR | O_CLOEXEC);
    MUST(again >= 0);
    EXPECT_ANSWER(0, CALL(lseek, again, 0, SEEK_CUR));
}

/* Since 6.3: that a file can never be run does not keep its views from being executable. */
PIN(what_cannot_be_run_can_be_mapped_as_code, "memfd.c")
{
    int fd = (int)CALL(memfd_create, "pin", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
    char *p;

    SKIP_IF(fd == -EINVAL, "there is no MFD_NOEXEC_SEAL (Linux 6.3)");
    MUST(fd >= 0 && pwrite(fd, "\xc3", 1, 0) == 1);
    p = mmap(NULL, PAGE, READ | PROT_EXEC, MAP_SHARED, fd, 0);
    EXPECT(p != MAP_FAILED);
    if (p != MAP_FAILED)
        EXPECT(works(p, EXECUTE));
}

/* Seen on 6.18: a page of a copying view shows the section until somebody writes to it there, then never again. */
PIN(unwritten_copies_follow_the_section, "view_pages.c")
{
    int fd = section(2 * PAGE);
    char *all = view(fd, 2 * PAGE, BOTH, MAP_SHARED), *copy = view(fd, 2 * PAGE, BOTH, MAP_PRIVATE);

    EXPECT(copy[0] == 0 && copy[PAGE] == 0);
    copy[PAGE] = 9;
    all[0] = all[PAGE] = 5;
    EXPECT(copy[0] == 5 && copy[PAGE] == 9 && all[PAGE] == 5);
    EXPECT((entry_of(copy) & ENTRY_FILE) && !(entry_of(copy + PAGE) & ENTRY_FILE));
}

/*
 * Seen on 6.18: behind its end the last page is zero and can be used; a page further is SIGBUS, for the kernel
 * -EFAULT.
 */
PIN(behind_a_files_end_is_sigbus, "trap.c reach.c hugetlb.c")
{
    int fd = section(1);
    char *p = view(fd, 2 * PAGE, BOTH, MAP_SHARED);

    EXPECT(p[PAGE - 1] == 0 && works(p + PAGE - 1, STORE));
    EXPECT(touch(p + PAGE, LOOK).signal == SIGBUS && met.code == BUS_ADRERR);
    EXPECT_ANSWER(-EFAULT, kernel_reads(p + PAGE));
    EXPECT_ANSWER(-EFAULT, kernel_writes(p + PAGE));
    SKIP_IF(CALL(madvise, p, PAGE, MADV_POPULATE_WRITE) == -EINVAL,
            "there is no MADV_POPULATE_WRITE (Linux 5.14)");
    EXPECT_ANSWER(-EFAULT, CALL(madvise, p + PAGE, PAGE, MADV_POPULATE_WRITE));
}

/*
 * Seen on 6.18: an old size of 0 makes another mapping of the same shared pages; of private ones there is none to be
 * had.
 */
PIN(shared_memory_has_aliases, "alias.c")
{
    char *p = map_with(PAGE, BOTH, MAP_SHARED), *q;

    p[0] = 4;
    q = (char *)CALL(mremap, p, 0, PAGE, MREMAP_MAYMOVE, 0);
    EXPECT((long)q > 0 && q != p);
    if ((long)q > 0) {
        q[0] = 6;
        EXPECT(p[0] == 6);
    }
    EXPECT_ANSWER(-EINVAL, CALL(mremap, map_pages(1, BOTH), 0, PAGE, MREMAP_MAYMOVE, 0));
}

/* --- large pages: the pool is everybody's, so tests take turns (support/large_pool.h) --- */

#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"

static long pool(const char *what)
{
    char path[100];
    FILE *file;
    long number = 0;

    snprintf(path, sizeof path, POOL "%s", what);
    file = fopen(path, "re");
    SKIP_IF(file == NULL, "there are no large pages (CONFIG_HUGETLBFS)");
    MUST(fscanf(file, "%ld", &number) == 1);
    fclose(file);
    return number;
}

static void take_turn(void)
{
    int fd = open(POOL "nr_hugepages", O_RDONLY | O_CLOEXEC);

    SKIP_IF(fd < 0, "there are no large pages (CONFIG_HUGETLBFS)");
    MUST(flock(fd, LOCK_EX) == 0);
}

/* More than there can be. */
static size_t too_much(void)
{
    return (size_t)(pool("nr_hugepages") + pool("nr_overcommit_hugepages") + 1) * LARGE;
}

static char *large_page(void)
{
    char *p = mmap(NULL, LARGE, BOTH, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

    SKIP_IF(p == MAP_FAILED, "there is no large page free");
    return p;
}

/* Aligned ground for it. */
static char *ground(size_t bytes)
{
    char *p = map_with(bytes + LARGE, NONE, MAP_PRIVATE);

    return (char *)(((uintptr_t)p + LARGE - 1) / LARGE * LARGE);
}

/* Seen on 6.18: a mapping over others that the pool refuses has taken them away already, and leaves a hole. */
PIN(a_refused_large_mapping_leaves_a_hole, "hugetlb.c large.c")
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_FIXED;
    char *p;

    take_turn();
    p = ground(too_much());
    EXPECT_ANSWER(-ENOMEM, CALL(mmap, p, too_much(), BOTH, flags, -1, 0));
    EXPECT(mappings_in(p, too_much()) == 0);
}

/* Seen on 6.18 (since 5.16): mremap puts large pages over other mappings, with what is in them, and needs no pool. */
PIN(large_pages_move, "hugetlb.c large.c")
{
    char *p, *to;
    long answer;

    take_turn();
    p = large_page();
    to = ground(LARGE);
    p[0] = 6;
    answer = CALL(mremap, p, LARGE, LARGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
    SKIP_IF(answer == -EINVAL, "large pages do not move (Linux 5.16)");
    EXPECT_ANSWER(to, answer);
    EXPECT(works(to, LOOK) && to[0] == 6 && mappings_in(p, LARGE) == 0);
}

/*
 * Seen on 6.18: a part of one cannot be protected or unmapped, and MADV_DONTNEED of a part says yes and does nothing. On
 * 5.10 it says -EINVAL.
 */
PIN(parts_of_large_pages_cannot_be_changed, "large.c large.h")
{
    char *p;
    long answer;

    take_turn();
    p = large_page();
    p[0] = 6;
    EXPECT_ANSWER(-EINVAL, CALL(mprotect, p, PAGE, READ));
    EXPECT_ANSWER(-EINVAL, CALL(munmap, p, PAGE));
    answer = CALL(madvise, p, PAGE, MADV_DONTNEED);
    EXPECT(answer == 0 || answer == -EINVAL);
    EXPECT(p[0] == 6);
}

/*
 * Seen on 6.18: without a reservation a touch can be SIGBUS when the pool is used up; bringing pages in by the
 * kernel, either way, is -EFAULT. So that is how they are taken.
 */
PIN(a_touch_beyond_the_pool_is_sigbus, "hugetlb.c map.c")
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE;
    size_t bytes, at = 0;
    long answer = 0;
    char *p;

    take_turn();
    SKIP_IF(pool("nr_overcommit_hugepages") != 0 || pool("nr_hugepages") > 64,
            "this pool is too large to be used up");
    bytes = too_much();
    p = mmap(NULL, bytes, BOTH, flags, -1, 0);
    MUST(p != MAP_FAILED);
    for (; at < bytes && answer == 0; at += LARGE)
        answer = CALL(madvise, p + at, LARGE, MADV_POPULATE_WRITE);
    SKIP_IF(answer == -EINVAL, "there is no MADV_POPULATE_WRITE (Linux 5.14)");
    EXPECT_ANSWER(-EFAULT, answer);
    EXPECT_ANSWER(-EFAULT, kernel_writes(p + at - LARGE));
    EXPECT(touch(p + at - LARGE, STORE).signal == SIGBUS);
}
