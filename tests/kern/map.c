/* map.c: mapping, promising, and the list of mappings (src/kern/map). */
#include "looking.h"
#include "touch.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static long overcommit(void)
{
    FILE *file = fopen("/proc/sys/vm/overcommit_memory", "re");
    long mode = 0;

    if (file != NULL) {
        MUST(fscanf(file, "%ld", &mode) == 1);
        fclose(file);
    }
    return mode;
}

static size_t all_memory(void)
{
    FILE *file = fopen("/proc/meminfo", "re");
    char line[200];
    size_t kib, sum = 0;

    MUST(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "MemTotal: %zu", &kib) == 1 || sscanf(line, "SwapTotal: %zu", &kib) == 1)
            sum += kib * 1024;
    fclose(file);
    return sum;
}

/* --- promises --- */

/* Seen on 6.18: inaccessible memory is promised to nobody, MAP_NORESERVE or not; making it writable promises it. */
PIN(reserving_promises_nothing, "map.c arena.c")
{
    size_t bytes = (size_t)1 << 40;
    char *p = mmap(NULL, bytes, NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    SKIP_IF(p == MAP_FAILED && errno == ENOMEM, "addresses are limited (RLIMIT_AS)");
    MUST(p != MAP_FAILED);
    EXPECT(!has_flag(p, "ac"));
    EXPECT_ANSWER(0, CALL(mprotect, p, PAGE, BOTH));
    EXPECT(has_flag(p, "ac"));
    EXPECT(!has_flag(p + PAGE, "ac"));
}

/* Seen on 6.18: with MAP_NORESERVE writable memory is not promised: the error that Windows promises would be lost. */
PIN(without_a_reservation_nothing_is_promised, "map.c")
{
    char *p = map_with(2 * PAGE, NONE, MAP_PRIVATE | MAP_NORESERVE);

    SKIP_IF(overcommit() == 2, "vm.overcommit_memory is 2: everything is promised");
    EXPECT_ANSWER(0, CALL(mprotect, p, PAGE, BOTH));
    EXPECT(!has_flag(p, "ac"));
}

/*
 * Seen on 6.18: neither mprotect nor MADV_DONTNEED takes the promise back once a page was touched; a mapping over it
 * does, in one step, so decommitting is one.
 */
PIN(only_a_new_mapping_gives_a_promise_back, "map.c")
{
    char *p = map_pages(4, BOTH);

    fill_pages(p, 4, 1);
    EXPECT_ANSWER(0, CALL(madvise, p, 4 * PAGE, MADV_DONTNEED));
    EXPECT(has_flag(p, "ac"));
    fill_pages(p, 4, 1);
    EXPECT_ANSWER(0, CALL(mprotect, p, 4 * PAGE, NONE));
    EXPECT(has_flag(p, "ac"));
    EXPECT(mmap(p, 4 * PAGE, NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
    EXPECT(!has_flag(p, "ac"));
}

/* Seen on 6.18: what was never writable is not promised, so protecting it later can be refused for want of memory. */
PIN(read_only_memory_is_not_promised, "errno_status.c")
{
    char *p = map_pages(1, NONE);

    EXPECT_ANSWER(0, CALL(mprotect, p, PAGE, READ));
    EXPECT(!has_flag(p, "ac"));
}

/*
 * Seen on 6.18, vm.overcommit_memory 0: more than all memory and swap is refused when it becomes writable, not later.
 */
PIN(more_than_there_is_is_refused_at_once, "errno_status.c memory.c")
{
    size_t bytes = (all_memory() + 1024 * MIB) / LARGE * LARGE;
    char *p = mmap(NULL, bytes, NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    SKIP_IF(overcommit() == 1, "vm.overcommit_memory is 1: nothing is refused");
    SKIP_IF(p == MAP_FAILED && errno == ENOMEM, "addresses are limited (RLIMIT_AS)");
    MUST(p != MAP_FAILED);
    EXPECT_ANSWER(-ENOMEM, CALL(mprotect, p, bytes, BOTH));
    EXPECT(!has_flag(p, "ac"));
}

/* Seen on 6.18: RLIMIT_DATA counts private writable memory, so making memory writable can be refused for it. */
PIN(data_limit_counts_what_becomes_writable, "errno_status.c limits.c")
{
    char *p = map_pages(256, NONE);

    limit(RLIMIT_DATA, 64 * PAGE);
    EXPECT_ANSWER(-ENOMEM, CALL(mprotect, p, 256 * PAGE, BOTH));
}

/* Seen on 6.18: RLIMIT_AS counts what is only reserved, too. */
PIN(address_limit_counts_reservations, "limits.c place.c")
{
    limit(RLIMIT_AS, (rlim_t)1 << 30);
    EXPECT_ANSWER(-ENOMEM, CALL(mmap, 0, (size_t)1 << 31, NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

/* --- places --- */

/* Since 4.17: -EEXIST, and what is there stays. Older kernels take it for a hint, so the answer is compared. */
PIN(noreplace_replaces_nothing, "map.c search.c")
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    char *p = map_pages(2, BOTH);

    p[PAGE] = 7;
    EXPECT_ANSWER(-EEXIST, CALL(mmap, p + PAGE, PAGE, BOTH, flags, -1, 0));
    EXPECT(p[PAGE] == 7);
    EXPECT_ANSWER(0, CALL(munmap, p, 2 * PAGE));
    EXPECT_ANSWER(p, CALL(mmap, p, PAGE, BOTH, flags, -1, 0));
}

/* Seen on 6.18: below vm.mmap_min_addr a user gets -EPERM, which is no policy but an address that is taken. */
PIN(lowest_addresses_are_refused_with_eperm, "errno_status.c policy.c")
{
    long flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;

    be_a_user();
    EXPECT_ANSWER(-EPERM, CALL(mmap, 0, PAGE, NONE, flags, -1, 0));
}

/* Seen on 6.18: behind the last page that a program can have, -ENOMEM; so "want of addresses", not of memory. */
PIN(beyond_the_last_address_is_enomem, "errno_status.c place.c")
{
    long flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;

    EXPECT_ANSWER(-ENOMEM, CALL(mmap, 0x7ffffffff000, PAGE, NONE, flags, -1, 0));
    EXPECT_ANSWER(-ENOMEM, CALL(mmap, (size_t)1 << 62, PAGE, NONE, flags, -1, 0));
}

/* Seen on 6.18: one mapping where two of the same kind meet, whoever made them: its ends are not ours. */
PIN(equal_neighbours_are_one_mapping, "land.c marks.h map.c")
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    char *p = map_with(4 * PAGE, READ, MAP_PRIVATE);

    MUST(mmap(p + PAGE, PAGE, NONE, flags, -1, 0) == p + PAGE);
    EXPECT(mappings_in(p, 4 * PAGE) == 3);
    MUST(mmap(p + PAGE, PAGE, READ, flags, -1, 0) == p + PAGE);
    EXPECT(mappings_in(p, 4 * PAGE) == 1);
}

/* --- forks --- */

static bool is_zero_page(const char *p)
{
    return p[0] == 0 && memcmp(p, p + 1, PAGE - 1) == 0;
}

/*
 * Since 4.14: a child of a fork finds zeros from its first instruction on; one that shares our memory changes
 * nothing.
 */
PIN(a_fork_wipes_what_it_is_told_to, "map.c forks.c wire.h")
{
    char *p = map_pages(1, BOTH);
    int status;
    pid_t child;

    fill_pages(p, 1, 7);
    EXPECT_ANSWER(0, CALL(madvise, p, PAGE, MADV_WIPEONFORK));
    IN_CHILD(status)
    EXPECT(is_zero_page(p));
    EXPECT(is_fine(status));
    child = vfork();
    if (child == 0)
        _exit(p[5] != 7);
    MUST(waitpid(child, &status, 0) == child);
    EXPECT(is_fine(status));
    EXPECT(p[0] == 7);
}

/* Seen on 6.18: shared memory cannot be wiped. */
PIN(shared_memory_is_not_wiped, "map.c publish.c")
{
    char *p = map_with(PAGE, BOTH, MAP_SHARED);

    EXPECT_ANSWER(-EINVAL, CALL(madvise, p, PAGE, MADV_WIPEONFORK));
}

/* Seen on 6.18: a child has not got what is marked so, and gets it again after MADV_DOFORK. */
PIN(a_fork_leaves_out_what_it_is_told_to, "map.c physical.c")
{
    char *p = map_pages(1, BOTH);
    int status;

    EXPECT_ANSWER(0, CALL(madvise, p, PAGE, MADV_DONTFORK));
    IN_CHILD(status)
    EXPECT(!works(p, LOOK));
    EXPECT(is_fine(status));
    EXPECT_ANSWER(0, CALL(madvise, p, PAGE, MADV_DOFORK));
    IN_CHILD(status)
    EXPECT(works(p, LOOK));
    EXPECT(is_fine(status));
}

/* --- the list --- */

static int open_maps(void)
{
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    struct map_query q;

    MUST(fd >= 0);
    SKIP_IF(query_map(fd, 0, COVERING_OR_NEXT, &q, NULL, 0) == -ENOTTY,
            "there is no PROCMAP_QUERY (Linux 6.11)");
    return fd;
}

/* Since 6.11: the mapping that holds the address, or the next one above; -ENOENT behind the last. */
PIN(a_query_finds_this_mapping_or_the_next, "maps.c")
{
    int fd = open_maps();
    char *p = map_pages(3, READ);
    struct map_query q;

    MUST(munmap(p + PAGE, PAGE) == 0);
    EXPECT_ANSWER(0, query_map(fd, (uintptr_t)p + PAGE, COVERING_OR_NEXT, &q, NULL, 0));
    EXPECT(q.start == (uintptr_t)p + 2 * PAGE && q.access == PROT_READ && q.inode == 0);
    EXPECT_ANSWER(-ENOENT, query_map(fd, UINTPTR_MAX - PAGE, COVERING_OR_NEXT, &q, NULL, 0));
}

/* Since 6.11: on other files it fails, which is how a number that is somebody else's by now is noticed. */
PIN(a_query_of_another_file_fails, "maps.c kept.h")
{
    int other = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    struct map_query q;
    long answer;

    open_maps();
    MUST(other >= 0);
    answer = query_map(other, 0, COVERING_OR_NEXT, &q, NULL, 0);
    EXPECT(answer == -ENOTTY || answer == -EINVAL);
}

/* Seen on 6.18: the file shows who opened it, in a child of a fork as well: that one has to open its own. */
PIN(a_list_shows_who_opened_it, "maps.c kept.h renew.def")
{
    int fd = open_maps(), status;
    char *p = map_pages(1, READ);
    struct map_query q;

    IN_CHILD(status)
    {
        MUST(munmap(p, PAGE) == 0);
        EXPECT_ANSWER(0, query_map(fd, (uintptr_t)p, 0, &q, NULL, 0));
    }
    EXPECT(is_fine(status));
}

/* Seen on 6.18: the text writes a newline in a file's name as \012, the query does not. */
PIN(only_the_text_escapes_newlines, "maps.c")
{
    int fd = open_maps(), file = (int)CALL(memfd_create, "a\nb", 0);
    char *p = mmap(NULL, PAGE, READ, MAP_SHARED, file, 0), name[64];
    struct map_query q;
    struct mapping m;

    MUST(file >= 0 && p != MAP_FAILED);
    EXPECT_ANSWER(0, query_map(fd, (uintptr_t)p, 0, &q, name, sizeof name));
    EXPECT(strcmp(name, "/memfd:a\nb (deleted)") == 0);
    EXPECT(mapping_of(p, &m) && strcmp(m.name, "/memfd:a\\012b (deleted)") == 0);
}

/* --- calls that ask for nothing --- */

/*
 * Seen on 6.18: what these say, although they have nothing to do, tells whether a seccomp filter answered instead:
 * its -EPERM can mean something else for a real request.
 */
PIN(requests_for_nothing_have_known_answers, "policy.c")
{
    EXPECT_ANSWER(-EINVAL, CALL(mmap, 0, 0, NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_ANSWER(-EINVAL, CALL(mmap, 0, 0, BOTH | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_ANSWER(-EINVAL, CALL(munmap, 0, 0));
    EXPECT_ANSWER(0, CALL(mprotect, 0, 0, NONE));
    EXPECT_ANSWER(0, CALL(mprotect, 0, 0, BOTH | PROT_EXEC));
    EXPECT_ANSWER(0, CALL(madvise, 0, 0, MADV_NORMAL));
    EXPECT_ANSWER(-EFAULT, CALL(memfd_create, 0, 0));
}
