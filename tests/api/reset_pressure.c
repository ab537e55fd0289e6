/*
 * MEM_RESET, MEM_RESET_UNDO and offered memory while the kernel takes pages away all the time: never may the
 * library say that contents are intact which are not. A verdict the other way round costs the program work, and
 * is only counted.
 *
 * Where the machine allows it the worker lives in a memory cgroup that another process empties; else a second
 * thread pages the range out. PRESSURE_SECONDS=10 in the environment looks longer than ctest does.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { PAGES = 2048, PART = 16, PAGEOUT = 21, ADVISED_PAGES = 64 };

#define BYTES (PAGES * PAGE)

static double duration(void)
{
    const char *text = getenv("PRESSURE_SECONDS");

    return text != NULL ? strtod(text, NULL) : 0.3;
}

/* --- a cgroup of our own --- */

static char cgroup[200]; /* its directory, or empty */
static const char *empties;

static int write_file(const char *directory, const char *name, const char *text)
{
    char path[300];
    int fd, ok;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return ok;
}

static int has_file(const char *name)
{
    char path[300];

    snprintf(path, sizeof path, "%s/%s", cgroup, name);
    return access(path, W_OK) == 0;
}

/* Version 1 has force_empty, version 2 reclaim. */
static int make_cgroup(void)
{
    static const char *const roots[] = {"/sys/fs/cgroup/memory", "/sys/fs/cgroup"};
    static const char *const files[] = {"memory.force_empty", "memory.reclaim"};
    int i;

    for (i = 0; i < 2; i++) {
        snprintf(cgroup, sizeof cgroup, "%s/winmem-test-%d", roots[i], (int)getpid());
        if (mkdir(cgroup, 0755) != 0)
            continue;
        empties = files[i];
        if (has_file(empties))
            return 1;
        rmdir(cgroup);
    }
    cgroup[0] = '\0';
    return 0;
}

static void remove_cgroup(void)
{
    int tries;

    for (tries = 0; tries < 100 && cgroup[0] != '\0' && rmdir(cgroup) != 0; tries++)
        check_sleep(10);
}

static void empty_it_for_ever(void)
{
    for (;;)
        if (!write_file(cgroup, empties, strcmp(empties, "memory.reclaim") == 0 ? "16M" : "0"))
            check_sleep(0);
}

/* --- the worker --- */

static BYTE *memory;
static int stop_pushing;

/* Away from whole parts at a time, in an order that differs from the worker's. */
static void push_out(void *arg)
{
    unsigned at = 0;

    (void)arg;
    while (!ATOMIC_GET(stop_pushing)) {
        at = (at + 5 * ADVISED_PAGES + 7) % (PAGES - ADVISED_PAGES);
        madvise(memory + at * PAGE, ADVISED_PAGES * PAGE, PAGEOUT);
    }
}

static ULONG64 dice = 88172645463325252u;

static unsigned roll(unsigned limit)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (unsigned)(dice >> 33) % limit;
}

static ULONG64 value_of(unsigned page, unsigned round)
{
    return ((ULONG64)round << 32) + page + 1;
}

/* First and last word, so that no half of a page is taken for the whole. */
static void fill(unsigned round)
{
    unsigned page;

    protect(memory, BYTES, PAGE_READWRITE);
    for (page = 0; page < PAGES; page++) {
        ULONG64 *words = (ULONG64 *)(memory + page * PAGE);

        words[0] = words[511] = value_of(page, round);
    }
}

static unsigned damaged(unsigned first, unsigned count, unsigned round)
{
    unsigned page, bad = 0;

    for (page = first; page < first + count; page++) {
        const volatile ULONG64 *words = (const volatile ULONG64 *)(memory + page * PAGE);

        bad += words[0] != value_of(page, round) || words[511] != value_of(page, round);
    }
    return bad;
}

struct way {
    void (*give)(void);
    int (*take)(BYTE *p, SIZE_T size); /* says: intact */
};

/* Shared by the processes. */
struct tally {
    unsigned rounds, losses, wrong, alarms, late;
};

static void delay(void)
{
    double until = check_seconds() + roll(300) * 1e-6;

    while (check_seconds() < until)
        ;
}

/* In one piece, or part by part; what was called intact must be so now, and stay so. */
static void one_round(const struct way *way, struct tally *tally, unsigned round)
{
    static int intact[PAGES];
    unsigned part = roll(2) ? PART : PAGES, first;
    int lost = 0;

    fill(round);
    way->give();
    delay();
    for (first = 0; first < PAGES; first += part)
        intact[first] = way->take(memory + first * PAGE, part * PAGE);
    for (first = 0; first < PAGES; first += part) {
        unsigned bad = damaged(first, part, round);

        tally->wrong += intact[first] ? bad : 0;
        tally->alarms += !intact[first] && bad == 0;
        lost |= bad != 0;
    }
    delay();
    for (first = 0; first < PAGES; first += part)
        tally->late += intact[first] ? damaged(first, part, round) : 0;
    tally->losses += (unsigned)lost;
    tally->rounds++;
}

static void work(const struct way *way, struct tally *tally)
{
    double end = check_seconds() + duration();
    struct check_thread pusher;
    int pushes = cgroup[0] == '\0';

    memory = commit(BYTES, PAGE_READWRITE);
    if (pushes)
        thread_start(&pusher, push_out, NULL);
    while (check_seconds() < end)
        one_round(way, tally, tally->rounds + 1);
    ATOMIC_SET(stop_pushing, 1);
    if (pushes)
        thread_join(&pusher);
}

/* --- putting them together --- */

static pid_t start(void)
{
    pid_t child = fork();

    MUST(child >= 0);
    if (child == 0)
        alarm(60);
    return child;
}

static pid_t start_worker(const struct way *way, struct tally *tally)
{
    pid_t worker = start();

    if (worker == 0) {
        if (cgroup[0] != '\0' && !write_file(cgroup, "cgroup.procs", "0"))
            _exit(CHECK_SKIPPED);
        work(way, tally);
        _exit(check_failures != 0);
    }
    return worker;
}

static pid_t start_emptying(void)
{
    pid_t other = start();

    if (other == 0)
        empty_it_for_ever();
    return other;
}

static int run(const struct way *way, struct tally *tally)
{
    pid_t worker = start_worker(way, tally), other = cgroup[0] != '\0' ? start_emptying() : 0;
    int status = -1;

    waitpid(worker, &status, 0);
    if (other > 0) {
        kill(other, SIGKILL);
        waitpid(other, NULL, 0);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void under_pressure(const char *name, int want_cgroup, const struct way *way, struct tally *out)
{
    struct tally *tally =
        mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int code;

    MUST(tally != MAP_FAILED);
    if (want_cgroup && !make_cgroup())
        SKIP("no memory cgroup can be made here");
    code = run(way, tally);
    remove_cgroup();
    if (code == CHECK_SKIPPED)
        SKIP("the memory cgroup does not take this process");
    EXPECT_EQ(code, 0);
    printf("%s: %u rounds, %u with losses, %u wrong verdicts, %u pages lost later, %u false alarms\n", name,
           tally->rounds, tally->losses, tally->wrong, tally->late, tally->alarms);
    *out = *tally;
}

static void expect_the_truth(const char *name, int want_cgroup, const struct way *way)
{
    struct tally tally;

    under_pressure(name, want_cgroup, way, &tally);
    EXPECT_EQ(tally.wrong, 0);
    EXPECT_EQ(tally.late, 0);
    if (tally.losses == 0)
        SKIP("the kernel dropped nothing: no pressure");
}

/* --- ways of giving and taking back --- */

static void reset(void)
{
    MUST(VirtualAlloc(memory, BYTES, MEM_RESET, PAGE_READWRITE) == memory);
}

static void reset_read_only(void)
{
    protect(memory, BYTES, PAGE_READONLY);
    reset();
}

static int undo(BYTE *p, SIZE_T size)
{
    if (VirtualAlloc(p, size, MEM_RESET_UNDO, PAGE_READWRITE) == p)
        return 1;
    EXPECT_EQ(GetLastError(), ERROR_BUSY);
    return 0;
}

static void offer(void)
{
    MUST(OfferVirtualMemory(memory, BYTES, VmOfferPriorityNormal) == ERROR_SUCCESS);
}

static int reclaim(BYTE *p, SIZE_T size)
{
    DWORD code = ReclaimVirtualMemory(p, size);

    EXPECT(code == ERROR_SUCCESS || code == ERROR_BUSY);
    return code == ERROR_SUCCESS;
}

/* What seems to do: look what is there, and touch it. */
static void free_lazily(void)
{
    MUST(madvise(memory, BYTES, MADV_FREE) == 0);
}

static int look_and_touch(BYTE *p, SIZE_T size)
{
    unsigned char there[PAGES];
    SIZE_T i;

    MUST(mincore(p, size, there) == 0);
    for (i = 0; i < size / PAGE; i++)
        if (!(there[i] & 1))
            return 0;
    for (i = 0; i < size / PAGE; i++)
        __atomic_fetch_or((volatile BYTE *)(p + i * PAGE), 0, __ATOMIC_SEQ_CST);
    return 1;
}

static const struct way resetting = {reset, undo}, resetting_read_only = {reset_read_only, undo},
                        offering = {offer, reclaim}, naive = {free_lazily, look_and_touch};

TEST(reset_pressure, undoing_tells_the_truth_while_a_cgroup_is_emptied, "L29 S40 S41")
{
    expect_the_truth("MEM_RESET, cgroup", 1, &resetting);
}

TEST(reset_pressure, undoing_tells_the_truth_while_pages_are_pushed_out, "L29 S40 S41")
{
    expect_the_truth("MEM_RESET, pageout", 0, &resetting);
}

TEST(reset_pressure, undoing_tells_the_truth_of_read_only_pages, "L29 S40 S41")
{
    if (make_cgroup())
        remove_cgroup();
    expect_the_truth("MEM_RESET, read-only", cgroup[0] != '\0', &resetting_read_only);
}

TEST(reset_pressure, reclaiming_tells_the_truth_while_a_cgroup_is_emptied, "L29 D9.3d")
{
    expect_the_truth("offer, cgroup", 1, &offering);
}

TEST(reset_pressure, reclaiming_tells_the_truth_while_pages_are_pushed_out, "L29 D9.3d")
{
    expect_the_truth("offer, pageout", 0, &offering);
}

/* The tests above are worth something: they catch what only looks right. */
TEST(reset_pressure, looking_and_touching_is_caught, "S40")
{
    struct tally tally;

    if (make_cgroup())
        remove_cgroup();
    under_pressure("naive", cgroup[0] != '\0', &naive, &tally);
    if (tally.wrong == 0)
        SKIP("too little pressure to catch even this");
}

#endif
