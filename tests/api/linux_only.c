/*
 * What only winmem can be asked: fork, limits of the kernel, mappings of the program's own,
 * closed descriptors, the cause of a failure and the trace.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "../support/child.h"
#include "../support/oldlibc.h"

/* ---- fork -------------------------------------------------------------------------------- */

static int child_changes_its_copy(void *arg)
{
    BYTE *p = arg;

    if (p[0] != 0x11)
        return 1;
    p[0] = 0x22;
    if (!VirtualFree(p + PAGE, PAGE, MEM_DECOMMIT) || check_state(p + PAGE) != MEM_RESERVE)
        return 2;
    if (VirtualAlloc(p + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE) != p + PAGE || p[PAGE] != 0)
        return 3;
    if (!VirtualFree(p, 0, MEM_RELEASE) || check_state(p) != MEM_FREE)
        return 4;
    p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    return p && all_zero(p, GRAIN) ? 0 : 5;
}

TEST(linux_only, a_forked_child_has_a_copy_of_its_own, "L138")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[0] = 0x11;
    p[PAGE] = 0x33;
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(end_of_child(child_changes_its_copy, p), 0));
    EXPECT(p[0] == 0x11 && p[PAGE] == 0x33);
}

static int child_reserves_a_lot(void *arg)
{
    int i;

    (void)arg;
    for (i = 0; i < 2000; i++) {
        BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        if (p == NULL || p[0] != 0)
            return 1;
        p[0] = 1;
        if (i % 2 && !VirtualFree(p, 0, MEM_RELEASE))
            return 2;
    }
    return 0;
}

TEST(linux_only, parent_and_child_allocate_without_meeting, "L138")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q;

    memset(p, 0x44, GRAIN);
    EXPECT_EQ(end_of_child(child_reserves_a_lot, NULL), 0);
    q = commit(GRAIN, PAGE_READWRITE);
    EXPECT(all_zero(q, GRAIN));
    EXPECT_EQ(p[GRAIN - 1], 0x44);
}

static int grandchild(void *arg)
{
    BYTE *p = arg;

    p[0]++;
    return end_of_child(child_changes_its_copy, arg);
}

TEST(linux_only, a_child_of_a_child_works_too, "L138")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[0] = 0x10;
    EXPECT_EQ(end_of_child(grandchild, p), 0);
    EXPECT_EQ(p[0], 0x10);
}

static int child_uses_views(void *arg)
{
    HANDLE handle = arg;
    BYTE *p = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);
    HANDLE own = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, NULL);
    BYTE *q = own ? MapViewOfFile(own, FILE_MAP_WRITE, 0, 0, 0) : NULL;

    if (p == NULL || q == NULL || p[0] != 0x55 || q[0] != 0)
        return 1;
    return UnmapViewOfFile(p) && UnmapViewOfFile(q) && CloseHandle(own) && CloseHandle(handle) ? 0 : 2;
}

TEST(linux_only, a_child_has_the_sections_of_its_parent, "L138")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE);

    p[0] = 0x55;
    EXPECT_EQ(end_of_child(child_uses_views, handle), 0);
    EXPECT_EQ(p[0], 0x55);
    EXPECT_OK(CloseHandle(handle));
}

static int stop;

static void allocates_all_the_time(void *arg)
{
    (void)arg;
    while (!ATOMIC_GET(stop))
        VirtualFree(VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), 0, MEM_RELEASE);
}

static int child_allocates(void *arg)
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    (void)arg;
    return p && VirtualFree(p, 0, MEM_RELEASE) ? 0 : 1;
}

static void forks_while_others_allocate(void)
{
    struct check_thread threads[2];
    int i;

    for (i = 0; i < 2; i++)
        thread_start(&threads[i], allocates_all_the_time, NULL);
    for (i = 0; i < 200 && !check_failures; i++)
        EXPECT_EQ(end_of_child(child_allocates, NULL), 0);
    ATOMIC_SET(stop, 1);
    for (i = 0; i < 2; i++)
        thread_join(&threads[i]);
}

TEST(linux_only, a_fork_in_the_middle_of_a_call_of_another_thread, "L139")
{
    reserve(GRAIN);
    forks_while_others_allocate();
}

/* Nothing of the library was used before: the child may find it half begun. */
TEST(linux_only, a_fork_in_the_middle_of_the_first_call_of_all, "L139")
{
    forks_while_others_allocate();
}

/* ---- limits of the kernel ------------------------------------------------------------------ */

/* A limit that lets the process grow by so much; column of /proc/self/statm: 0 all, 5 data. */
static void limit_growth(int resource, int column, rlim_t more)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages[6];
    struct rlimit limit;

    MUST(file && fscanf(file, "%lu %lu %lu %lu %lu %lu", &pages[0], &pages[1], &pages[2], &pages[3],
                        &pages[4], &pages[5]) == 6);
    fclose(file);
    MUST(getrlimit(resource, &limit) == 0);
    limit.rlim_cur = (rlim_t)pages[column] * PAGE + more;
    MUST(setrlimit(resource, &limit) == 0);
}

static void limit_address_space(rlim_t more)
{
#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread sanitizer needs address space of its own");
#endif
    limit_growth(RLIMIT_AS, 0, more);
}

/* Before a test ends: sanitizers want memory for their last words. */
static void limit_no_more(void)
{
    static const int resources[] = {RLIMIT_AS, RLIMIT_DATA};
    struct rlimit limit;
    int i;

    for (i = 0; i < 2; i++) {
        MUST(getrlimit(resources[i], &limit) == 0);
        limit.rlim_cur = limit.rlim_max;
        MUST(setrlimit(resources[i], &limit) == 0);
    }
}

TEST(linux_only, no_address_space_left_to_reserve, "O6 L145")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    int i;

    limit_address_space(512 * MiB); /* areas that are reserved already may still be used up */
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY,
                                 VirtualAlloc(NULL, (SIZE_T)1 << 40, MEM_RESERVE, PAGE_NOACCESS)));
    for (i = 0; i < 200000; i++)
        if (VirtualAlloc(NULL, 64 * MiB, MEM_RESERVE, PAGE_NOACCESS) == NULL)
            break;
    EXPECT(i < 200000);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, VirtualAlloc(NULL, 64 * MiB, MEM_RESERVE, PAGE_NOACCESS));
    p[0] = 1;
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    limit_no_more();
}

TEST(linux_only, no_address_space_left_for_a_view, "O6 L145")
{
    HANDLE handle = section(256 * MiB, PAGE_READWRITE);

    limit_address_space(64 * MiB);
    EXPECT_FAIL_EITHER(ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT,
                       MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0));
    EXPECT(readable(MapViewOfFile(handle, FILE_MAP_READ, 0, 0, PAGE)));
    limit_no_more();
}

TEST(linux_only, what_failed_for_lack_of_space_works_afterwards, "O6 L145")
{
    static BYTE *kept[200000];
    int i, count = 0;

    limit_address_space(512 * MiB);
    while (count < 200000 && (kept[count] = VirtualAlloc(NULL, 64 * MiB, MEM_RESERVE, PAGE_NOACCESS)))
        count++;
    MUST(count > 0 && count < 200000);
    for (i = 0; i < count; i++)
        EXPECT_OK(VirtualFree(kept[i], 0, MEM_RELEASE));
    EXPECT_OK(VirtualAlloc(NULL, 64 * MiB, MEM_RESERVE, PAGE_NOACCESS));
    limit_no_more();
}

/* RLIMIT_DATA counts private writable memory: what a commit that is refused looks like. */
TEST(linux_only, a_refused_commit_commits_nothing, "O6 S65 L145")
{
    BYTE *p = reserve(1024 * MiB);

    commit_part(p, PAGE, PAGE_READWRITE);
    p[0] = 1;
    limit_growth(RLIMIT_DATA, 5, 256 * MiB);
    EXPECT_NO_CHANGE(
        p, 1024 * MiB,
        EXPECT_FAIL(ERROR_COMMITMENT_LIMIT, VirtualAlloc(p, 1024 * MiB, MEM_COMMIT, PAGE_READWRITE)));
    EXPECT_EQ(p[0], 1);
    EXPECT_OK(VirtualAlloc(p + MiB, MiB, MEM_COMMIT, PAGE_READWRITE));
    EXPECT(strlen(WinmemLastCause()) > 10);
    limit_no_more();
}

/* Every other page another protection: either it is done, or it is refused and stays as it was. */
TEST(linux_only, more_protections_than_the_kernel_has_mappings, "O6 O55 L145")
{
    int pages = 140000, i, refused = 0;
    BYTE *p = commit((SIZE_T)pages * PAGE, PAGE_READWRITE);
    DWORD old;

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread sanitizer needs mappings of its own");
#endif
    for (i = 0; i < pages && !refused; i += 2)
        if (!VirtualProtect(p + (SIZE_T)i * PAGE, PAGE, PAGE_READONLY, &old))
            refused = i;
    if (refused) {
        DWORD error = GetLastError();

        EXPECT(error == ERROR_COMMITMENT_LIMIT || error == ERROR_NOT_ENOUGH_MEMORY ||
               error == ERROR_NO_SYSTEM_RESOURCES);
        EXPECT(strlen(WinmemLastCause()) > 10);
        EXPECT_EQ(check_protect(p + (SIZE_T)refused * PAGE), PAGE_READWRITE);
        EXPECT(writable(p + (SIZE_T)refused * PAGE));
    }
    EXPECT_EQ(check_protect(p), PAGE_READONLY);
    EXPECT(!writable(p) && writable(p + PAGE));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_OK(VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
}

/* ---- the program's own mappings ------------------------------------------------------------- */

static BYTE *foreign_map(SIZE_T size, int prot)
{
    BYTE *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(p != MAP_FAILED);
    return p;
}

TEST(linux_only, the_programs_mappings_are_seen, "L11 O77")
{
    BYTE *p = foreign_map(3 * PAGE, PROT_NONE);

    MUST(mprotect(p + PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE,
                  .type = MEM_PRIVATE);
    EXPECT_REGION(p, .size = PAGE, .state = MEM_RESERVE, .protect = 0, .type = MEM_PRIVATE);
    MUST(mprotect(p + PAGE, PAGE, PROT_READ | PROT_EXEC) == 0);
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_EXECUTE_READ);
    MUST(munmap(p + PAGE, PAGE) == 0);
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_FREE);
}

/* Of the program, which comes first: a page that lies between two segments, or 0. We are linked so that there is one. */
static int find_gap(struct dl_phdr_info *info, size_t size, void *gap)
{
    uintptr_t end = 0;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;

        if (info->dlpi_phdr[i].p_type != PT_LOAD)
            continue;
        if (end != 0 && start / PAGE > (end + PAGE - 1) / PAGE)
            *(uintptr_t *)gap = (end + PAGE - 1) / PAGE * PAGE;
        end = start + info->dlpi_phdr[i].p_memsz;
    }
    return 1;
}

/* What was mapped in a gap, or NULL, and why not. */
static BYTE *map_in_gap(const char **why)
{
    BYTE *gap = NULL, *p;

    *why = "the linker leaves no gaps";
    dl_iterate_phdr(find_gap, &gap);
    if (gap == NULL)
        return NULL;
    p = mmap(gap, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    *why = "the loader has filled the gap";
    return p == gap ? p : NULL;
}

TEST(linux_only, what_lies_between_segments_is_somebody_elses, "L661 L11")
{
    const char *why;
    BYTE *p = map_in_gap(&why);

    if (p == NULL)
        SKIP(why);
    EXPECT_REGION(p, .size = PAGE, .base = AT(p), .state = MEM_COMMIT, .protect = PAGE_READWRITE,
                  .type = MEM_PRIVATE, .alloc_protect = PAGE_READWRITE);
    EXPECT_REGION(p - PAGE, .type = MEM_IMAGE);
    MUST(munmap(p, PAGE) == 0);
    EXPECT_REGION(p, .state = MEM_FREE);
}

/* Before the constructors of any library, ours as well. */
static MEMORY_BASIC_INFORMATION seen_early;

static void look_early(void)
{
    const char *why;
    BYTE *p = map_in_gap(&why);

    if (p == NULL)
        return;
    VirtualQuery(p, &seen_early, sizeof seen_early);
    munmap(p, PAGE);
}

__attribute__((section(".preinit_array"), used)) static void (*early)(void) = look_early;

TEST(linux_only, before_the_library_has_begun_as_well, "L661")
{
    if (seen_early.BaseAddress == NULL)
        SKIP("nothing could be mapped between segments");
    EXPECT_EQ(seen_early.Type, MEM_PRIVATE);
    EXPECT(seen_early.AllocationBase == seen_early.BaseAddress);
}

TEST(linux_only, the_programs_file_mappings_are_mapped_memory, "L11 O71")
{
    int fd = open("/proc/self/exe", O_RDONLY);
    BYTE *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    MEMORY_BASIC_INFORMATION mbi = {0};

    MUST(p != MAP_FAILED);
    EXPECT_EQ(VirtualQuery(p, &mbi, sizeof mbi), sizeof mbi);
    EXPECT(mbi.State == MEM_COMMIT && (mbi.Type == MEM_MAPPED || mbi.Type == MEM_IMAGE));
    EXPECT(mbi.Protect == PAGE_READONLY || mbi.Protect == PAGE_WRITECOPY);
}

TEST(linux_only, the_programs_mappings_are_in_the_way, "L12 S62 S65 O185")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = foreign_map(4 * GRAIN, PROT_READ | PROT_WRITE);
    BYTE *q = (BYTE *)((AT(p) + 2 * GRAIN) & ~(uintptr_t)(GRAIN - 1));

    q[0] = 0x66;
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(q, GRAIN, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, MapViewOfFileEx(handle, FILE_MAP_READ, 0, 0, 0, q));
    EXPECT_EQ(q[0], 0x66);
    MUST(munmap(p, 4 * GRAIN) == 0);
    EXPECT_RETURNS(q, VirtualAlloc(q, GRAIN, MEM_RESERVE, PAGE_NOACCESS));
}

TEST(linux_only, the_programs_mappings_cannot_be_freed_by_us, "L12 O51")
{
    BYTE *p = foreign_map(GRAIN, PROT_READ | PROT_WRITE);

    p[0] = 1;
    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER, VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER, VirtualFree(p, PAGE, MEM_DECOMMIT));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(p));
    EXPECT_EQ(p[0], 1);
}

TEST(linux_only, mmap_does_not_land_in_our_reservations, "L13 S26")
{
    BYTE *p = reserve(1024 * MiB);
    int i;

    for (i = 0; i < 200; i++) {
        BYTE *q = foreign_map(MiB, PROT_READ);

        EXPECT(q + MiB <= p || q >= p + 1024 * MiB);
    }
    EXPECT_REGION(p, .size = 1024 * MiB, .state = MEM_RESERVE);
}

/* ---- descriptors, errno, causes, trace --------------------------------------------------------- */

TEST(linux_only, errno_is_left_alone, "L130")
{
    BYTE *p;

    errno = 4711;
    p = commit(GRAIN, PAGE_READWRITE);
    protect(p, PAGE, PAGE_READONLY);
    EXPECT_EQ(check_state(p), MEM_COMMIT);
    EXPECT_EQ(check_state(&p), MEM_COMMIT);
    anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    release(p);
    EXPECT_EQ(errno, 4711);
}

TEST(linux_only, everything_works_after_closefrom, "L143")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q;
    int local = 0;

    MUST(syscall(SYS_close_range, 3u, ~0u, 0) == 0);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT);
    EXPECT_REGION(&local, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    q = commit(GRAIN, PAGE_READWRITE);
    EXPECT(writable(q));
    protect(q, PAGE, PAGE_READONLY);
    q = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    EXPECT(writable(q));
    EXPECT_OK(UnmapViewOfFile(q));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
}

TEST(linux_only, a_section_after_closefrom_works_or_fails_honestly, "L143")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q;

    p[0] = 0x77;
    MUST(syscall(SYS_close_range, 3u, ~0u, 0) == 0);
    SetLastError(CHECK_SENTINEL);
    q = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);
    if (q)
        EXPECT_EQ(q[0], 0x77);
    else
        EXPECT(GetLastError() != CHECK_SENTINEL && strlen(WinmemLastCause()) > 10);
    EXPECT_EQ(p[0], 0x77);
    EXPECT(UnmapViewOfFile(p));
}

/* The numbers that we had belong to the program now: never map its file, never close it. */
TEST(linux_only, reused_descriptors_are_not_touched, "L143")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q;
    int fds[20], i, local = 0;

    p[0] = 0x77;
    MUST(syscall(SYS_close_range, 3u, ~0u, 0) == 0);
    for (i = 0; i < 20; i++)
        MUST((fds[i] = open("/proc/self/exe", O_RDONLY)) >= 0);
    q = MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0);
    EXPECT(q == NULL || q[0] == 0x77);
    EXPECT_REGION(&local, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    CloseHandle(handle);
    EXPECT(commit(GRAIN, PAGE_READWRITE) != NULL);
    for (i = 0; i < 20; i++)
        EXPECT(fcntl(fds[i], F_GETFD) >= 0);
}

/* Where a section's descriptor stands tells that it is ours; where somebody moved it, it is asked what it is. */
TEST(linux_only, descriptors_that_somebody_moved_are_ours_all_the_same, "L143")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q;
    int fd;

    p[0] = 0x77;
    for (fd = 3; fd < 100; fd++)
        lseek(fd, 5, SEEK_SET);
    q = view(handle, FILE_MAP_READ);
    EXPECT_EQ(q[0], 0x77);
}

TEST(linux_only, our_descriptors_are_not_inherited_by_programs, "L143")
{
    char path[40];
    int fd, flags;

    anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    section(GRAIN, PAGE_READWRITE);
    EXPECT_EQ(check_state(path), MEM_COMMIT);
    for (fd = 3; fd < 1024; fd++) {
        char target[200] = "";

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        flags = fcntl(fd, F_GETFD);
        if (flags >= 0 && readlink(path, target, sizeof target - 1) > 0 &&
            (strstr(target, "memfd") || strstr(target, "/maps")))
            EXPECT(flags & FD_CLOEXEC);
    }
}

TEST(linux_only, the_last_cause_is_a_sentence, "L132")
{
    const char *cause;

    EXPECT_EQ(strlen(WinmemLastCause()), 0);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_NOACCESS));
    cause = WinmemLastCause();
    MUST(cause != NULL);
    EXPECT(strlen(cause) > 10 && strchr(cause, ' ') && !strchr(cause, '\n'));
}

static void has_no_cause_yet(void *arg)
{
    *(size_t *)arg = strlen(WinmemLastCause());
}

TEST(linux_only, each_thread_has_its_own_cause, "L132")
{
    struct check_thread thread;
    size_t length = 1;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_NOACCESS));
    thread_start(&thread, has_no_cause_yet, &length);
    thread_join(&thread);
    EXPECT_EQ(length, 0);
    EXPECT(strlen(WinmemLastCause()) > 10);
}

TEST(linux_only, different_failures_have_different_causes, "L132")
{
    char first[400];

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_NOACCESS));
    snprintf(first, sizeof first, "%s", WinmemLastCause());
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(free_space(GRAIN), 0, MEM_RELEASE));
    EXPECT(strcmp(first, WinmemLastCause()) != 0);
}

/* Runs one test of this program again, with a variable set, and gives back what it wrote to fd 9. */
static int run_again(const char *name, const char *variable, const char *value, char *text, size_t size)
{
    int ends[2], status = 0;
    ssize_t got;
    size_t length = 0;
    pid_t pid;

    MUST(pipe(ends) == 0);
    fflush(NULL);
    pid = fork();
    MUST(pid >= 0);
    if (pid == 0) {
        char test_name[100];
        char *argv[3];

        snprintf(test_name, sizeof test_name, "linux_only.%s", name);
        argv[0] = test_name;
        argv[1] = test_name;
        argv[2] = NULL;
        dup2(ends[1], 9);
        setenv(variable, value, 1);
        execv("/proc/self/exe", argv);
        _exit(99);
    }
    close(ends[1]);
    while (length + 1 < size && (got = read(ends[0], text + length, size - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = 0;
    close(ends[0]);
    while (waitpid(pid, &status, 0) < 0)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(linux_only, a_small_program, "L133 L134")
{
    BYTE *p = VirtualAlloc(NULL, 0x12000, MEM_RESERVE, PAGE_NOACCESS);
    int local = 0;

    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT(writable(p) && all_zero(p + 1, PAGE - 1));
    protect(p, PAGE, PAGE_READONLY);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READONLY, .base = AT(p));
    EXPECT_REGION(p + PAGE, .size = 0x11000, .state = MEM_RESERVE);
    EXPECT_REGION(&local, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    MUST(VirtualFree(p, 0, MEM_DECOMMIT));
    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT(all_zero(p, PAGE));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + PAGE, 0, MEM_RELEASE));
    release(p);
    EXPECT(readable(anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE)));
    EXPECT(GetModuleHandleA("kernelbase.dll") != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalUnlock(NULL));
}

TEST(linux_only, the_trace_names_calls_arguments_and_results, "L133")
{
    static char text[200000];

    EXPECT_EQ(run_again("a_small_program", "WINMEM_TRACE", "9", text, sizeof text), 0);
    EXPECT(strstr(text, "VirtualAlloc") && strstr(text, "MEM_RESERVE"));
    EXPECT(strstr(text, "VirtualFree") && strstr(text, "MEM_RELEASE"));
    EXPECT(strstr(text, "VirtualProtect") && strstr(text, "PAGE_READONLY"));
    EXPECT(strstr(text, "(0x0) = failed, 6 "));
    EXPECT(strstr(text, ", 0x0, MEM_RELEASE) = failed, 487 "));
    EXPECT(strstr(text, ", 0x0, MEM_RELEASE) = TRUE\n"));
}

TEST(linux_only, a_wrong_trace_descriptor_does_no_harm, "L133")
{
    static char text[2000];

    EXPECT_EQ(run_again("a_small_program", "WINMEM_TRACE", "777", text, sizeof text), 0);
    EXPECT_EQ(run_again("a_small_program", "WINMEM_TRACE", "nonsense", text, sizeof text), 0);
    EXPECT_EQ(run_again("a_small_program", "WINMEM_TRACE", "ring", text, sizeof text), 0);
}

TEST(linux_only, every_mechanism_can_be_switched_off, "L134")
{
    static const char all[] =
        "procmap_query,guard_markers,arenas,wipe_on_fork,numa,pagemap_scan,zero_page,mlock,populate";
    static const char *const names[] = {"procmap_query",    "guard_markers", "arenas", "wipe_on_fork", "numa",
                                        "pagemap_scan",     "zero_page",     "mlock",  "populate",     all,
                                        "no_such_mechanism"};
    static char text[2000];
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (run_again("a_small_program", "WINMEM_DISABLE", names[i], text, sizeof text) != 0)
            check_fail(__FILE__, __LINE__, "WINMEM_DISABLE=%s does not work", names[i]);
}

TEST(linux_only, a_mechanism_that_is_switched_off_is_not_in_use, "L134")
{
    static const char *const names[] = {"procmap_query", "guard_markers", "arenas", "wipe_on_fork", "numa",
                                        "pagemap_scan",  "zero_page",     "mlock",  "populate"};
    const char *off = getenv("WINMEM_DISABLE"); /* this file runs with each of them */
    size_t i;

    for (i = 0; off != NULL && i < sizeof names / sizeof names[0]; i++)
        EXPECT(strstr(off, names[i]) == NULL || !WinmemFeature(names[i]));
    EXPECT(!WinmemFeature(NULL));
    EXPECT(!WinmemFeature("no_such_mechanism"));
    EXPECT(!WinmemFeature(""));
}

TEST(linux_only, the_library_tells_its_version, "L136")
{
    char version[40];

    snprintf(version, sizeof version, "%d.%d.%d", WINMEM_VERSION_MAJOR, WINMEM_VERSION_MINOR,
             WINMEM_VERSION_PATCH);
    EXPECT(strcmp(WinmemVersion(), version) == 0);
}

/* Where the main stack reaches to if addresses are not random; else it is mapped here. */
static BYTE *page_above_the_maximum(void)
{
    BYTE *page = (BYTE *)TOP + 1;
    int made = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;

    if (mmap(page, PAGE, PROT_READ | PROT_WRITE, made, -1, 0) == MAP_FAILED)
        MUST(errno == EEXIST && getauxval(AT_EXECFN) > TOP);
    return page;
}

TEST(linux_only, buffers_may_lie_above_the_maximum, "L103 O260")
{
    BYTE *above = page_above_the_maximum(), *p = commit(PAGE, PAGE_READWRITE);
    ULONG_PTR *numbers = (ULONG_PTR *)above, count = 1;
    DWORD *old = (DWORD *)above;

    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READONLY, old));
    EXPECT_EQ(*old, PAGE_READWRITE);
    EXPECT(!IsBadReadPtr(above, PAGE) && !IsBadWritePtr(above, PAGE));
    memset(above, 0, PAGE);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalFree(above + 64) != above + 64);
    p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    EXPECT_OK(AllocateUserPhysicalPages(GetCurrentProcess(), &count, numbers));
    EXPECT_OK(MapUserPhysicalPages(p, 1, numbers));
    p[0] = 1;
    EXPECT_OK(FreeUserPhysicalPages(GetCurrentProcess(), &count, numbers));
}

/* A handler that the program had before, and gets again: touching our memory changes nothing there. */
static volatile sig_atomic_t faults;

static void counts_faults(int number)
{
    (void)number;
    faults++;
    siglongjmp(check_jump, 1);
}

TEST(linux_only, the_programs_fault_handler_gets_the_faults, "L56")
{
    BYTE *p = reserve(GRAIN);

    MUST(signal(SIGSEGV, counts_faults) != SIG_ERR);
    if (sigsetjmp(check_jump, 1) == 0)
        *(volatile BYTE *)p = 1;
    EXPECT_EQ(faults, 1);
}

#endif
