/* lies.c: books that make no sense, by accident or on purpose, do no harm to whoever reads them. */
#include "remote.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "core/hints.h"
#include "remote/call.h"
#include "remote/target.h"
#include "vm/agent/wire.h"
#include "vm/agent/layout.h"

enum { LIES = 10000, LIES_OF_A_PROCESS = 400, QUESTIONS = 20, EXTENTS = 300 };

static void fill_book(void)
{
    for (int i = 0; i < EXTENTS; i++) {
        uintptr_t base = reserve(16 * GRAIN);

        for (int page = 0; page < i % 5; page++)
            commit(base + 2 * (uintptr_t)page * PAGE, PAGE, page % 2 ? WM_READWRITE : WM_READONLY);
    }
}

/* A pool's records, or both pools one after the other, with a few words of them made up. */
static void corrupt(struct dice *dice, void *records, size_t bytes)
{
    uint64_t *words = records;

    for (unsigned i = 1 + below(dice, 4); i > 0; i--) {
        uint64_t *word = &words[roll(dice) % (bytes / sizeof *words)];

        switch (below(dice, 4)) {
        case 0: *word = roll(dice); break;
        case 1: *word = words[roll(dice) % (bytes / sizeof *words)]; break;
        case 2: *word ^= (uint64_t)1 << below(dice, 64); break;
        default: *word += below(dice, 2) ? 1 : UINT64_MAX; break;
        }
    }
}

static uintptr_t somewhere(struct dice *dice, const struct wm_snapshot *s)
{
    struct wm_extent e = wm_extent_load(&s->cells[below(dice, s->cell_count)]);

    switch (below(dice, 3)) {
    case 0: return roll(dice);
    case 1: return wm_down(roll(dice) % WM_SPACE_END, PAGE);
    default: return e.start + below(dice, GRAIN);
    }
}

static void ask(struct dice *dice, struct wm_snapshot *s)
{
    struct wm_peek peek;

    for (int i = 0; i < QUESTIONS; i++) {
        uintptr_t addr = somewhere(dice, s);

        wm_snapshot_peek(s, addr, &peek);
        if (peek.found)
            assert_true(peek.extent.start <= addr && addr < wm_extent_ground(&peek.extent).end);
        if (peek.found && addr < wm_extent_range(&peek.extent).end)
            assert_true(peek.run.start <= addr && addr < peek.run.end &&
                        peek.run.end <= wm_extent_range(&peek.extent).end);
    }
}

static size_t pool_bytes(const struct wm_pool *pool)
{
    return (size_t)pool->used * pool->item_bytes;
}

static void a_copy_of_a_corrupt_book(void **state)
{
    struct wm_pool *extents = &wm_home.space.extents, *nodes = &wm_home.space.nodes;
    struct dice dice = {1};
    struct wm_snapshot s = {0};
    int believed = 0;
    char *records;

    (void)state;
    fill_book();
    records = malloc(pool_bytes(extents) + pool_bytes(nodes)); /* a sanitizer sees who leaves it */
    s.cell_count = extents->used;
    s.node_count = nodes->used;
    s.cells = (void *)records;
    s.nodes = (void *)(records + pool_bytes(extents));
    s.map = malloc(wm_snapshot_extents(&s) * sizeof *s.map);
    s.runs = malloc(wm_snapshot_runs(&s) * sizeof *s.runs);
    assert_true(records && s.map && s.runs);
    for (int i = 0; i < LIES; i++) {
        struct wm_space head = wm_home.space;

        memcpy(records, extents->items, pool_bytes(extents));
        memcpy(records + pool_bytes(extents), nodes->items, pool_bytes(nodes));
        if (i > 0 && below(&dice, 8) == 0)
            corrupt(&dice, &head.map, 2 * sizeof head.map);
        else if (i > 0)
            corrupt(&dice, records, pool_bytes(extents) + pool_bytes(nodes));
        if (wm_snapshot_check(&s, &head)) {
            believed++;
            ask(&dice, &s);
        }
        if (i == 0)
            assert_int_equal(believed, 1);
    }
    assert_true(believed < LIES);
    free(records);
    free(s.map);
    free(s.runs);
}

/* --- a process that lies --- */

static void lies_all_the_time(void *context)
{
    struct dice dice = {5};
    struct wm_space *space = &wm_home.space, truth = *space;

    (void)context;
    for (;;) {
        *space = truth;
        corrupt(&dice, space, offsetof(struct wm_space, bins));
        corrupt(&dice, truth.nodes.items, pool_bytes(&truth.nodes));
        corrupt(&dice, truth.extents.items, pool_bytes(&truth.extents));
        usleep(200);
    }
}

static void a_process_that_lies(void **state)
{
    struct dice dice = {2};
    struct wm_target target;
    struct wm_region region;
    double start = seconds();
    size_t bytes;
    pid_t pid;

    (void)state;
    fill_book();
    target = child_that(lies_all_the_time, NULL, &pid);
    for (int i = 0; i < LIES_OF_A_PROCESS; i++) {
        uintptr_t addr = below(&dice, 2) ? roll(&dice) % WM_SPACE_END : (uintptr_t)lies_all_the_time;
        wm_status st = wm_remote_query(&target, addr, &region);

        if (wm_ok(st)) {
            assert_true(region.range.start == wm_down(addr, PAGE) && region.range.end > region.range.start);
            if (region.state != WM_REGION_FREE && wm_range_bytes(region.allocation) < MiB)
                wm_remote_committed(&target, &region, &bytes);
        }
    }
    assert_true(seconds() - start < 60);
    end_child(pid);
    wm_target_drop(&target);
}

/* An anchor that somebody else made, with anything in it. */
static void false_anchors(void **state)
{
    struct wm_anchor page = {.magic = WM_ANCHOR_MAGIC, .version = WM_WIRE_VERSION, .space = 0x10000};
    struct wm_anchor wrong[4] = {page, page, page, page};
    uintptr_t base = allocate(GRAIN);

    (void)state;
    wrong[1].space = 1;
    wrong[2].version++;
    wrong[3].space = (uintptr_t)&page;
    for (int i = 0; i < 4; i++) {
        pid_t pid = fork();
        uintptr_t handle;
        struct wm_target target;
        struct wm_region region;

        if (pid == 0) {
            int fd = memfd_create(WM_ANCHOR_FILE, 0);

            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (ftruncate(fd, PAGE) == 0)
                *(struct wm_anchor *)mmap((void *)0x10000000, PAGE, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_FIXED, fd, 0) = wrong[i];
            for (;;)
                pause();
        }
        usleep(10000);
        MUST(wm_op_open_other(pid, EVERY_ACCESS, &handle));
        MUST(wm_target_of(handle, 0, &target));
        MUST(wm_remote_query(&target, base, &region));
        assert_int_equal(region.state, WM_REGION_COMMITTED);
        wm_target_drop(&target);
        end_child(pid);
    }
}

/* --- memory that nobody serves --- */

enum { AREA = 16 * MiB, FRONT = 8 * MiB }; /* in front of it: ordinary memory */

struct trap {
    unsigned char *area;
    int where, set;
};

/* Whoever touches it waits for a page that never comes. The descriptor stays open. */
static bool leave_unserved(void *area)
{
    struct uffdio_api api = {.api = UFFD_API};
    struct uffdio_register range = {.range = {(uintptr_t)area, AREA}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    int fd = (int)syscall(__NR_userfaultfd, O_CLOEXEC);

    return fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0 && ioctl(fd, UFFDIO_REGISTER, &range) == 0;
}

static void leave_anchor(const struct wm_anchor *anchor)
{
    int fd = memfd_create(WM_ANCHOR_FILE, 0);

    if (ftruncate(fd, PAGE) == 0)
        *(struct wm_anchor *)mmap((void *)0x10000000, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
                                  fd, 0) = *anchor;
}

/* Hints that begin in front of the area, so many that the word for the area's own address lies in it. */
static void lead_hints_into(unsigned char *area)
{
    struct wm_space *space = &wm_home.space;

    space->hints = (uint32_t *)(area - FRONT);
    space->hint_mask = FRONT / sizeof(uint32_t) - 1;
    space->hints += (uint32_t *)area - wm_hints_slot(space, (uintptr_t)area);
}

static void leads_into_a_trap(void *context)
{
    struct trap *trap = context;
    struct wm_space *space = &wm_home.space;
    struct wm_anchor anchor = {
        .magic = WM_ANCHOR_MAGIC, .version = WM_WIRE_VERSION, .cookie = 1, .space = (uintptr_t)space};

    if (!leave_unserved(trap->area)) {
        WM_STORE(trap->set, -1);
        return;
    }
    switch (trap->where) {
    case 0: anchor.space = (uintptr_t)trap->area; break;
    case 1: space->extents.items = trap->area; break;
    case 2: space->nodes.items = trap->area; break;
    case 3: space->hints = (uint32_t *)trap->area; break;
    case 4: anchor.agent = (uintptr_t)trap->area; break;
    case 5: lead_hints_into(trap->area); break;
    }
    leave_anchor(&anchor);
    WM_STORE(trap->set, 1);
}

/* Where kernel and rights allow it: a page of a userfaultfd that nobody reads. */
static void memory_that_nobody_serves(void **state)
{
    struct trap *trap = shared(sizeof *trap);

    (void)state;
    trap->area = (unsigned char *)mmap(NULL, FRONT + AREA, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) +
                 FRONT;
    for (int i = 0; i < 6; i++) {
        struct wm_target target;
        struct wm_region region;
        double start;
        pid_t pid;

        trap->where = i;
        trap->set = 0;
        target = child_that(leads_into_a_trap, trap, &pid);
        while (WM_LOAD(trap->set) == 0)
            usleep(100);
        start = seconds();
        for (int round = 0; round < 50 && trap->set > 0; round++) {
            wm_notes_stale(target.other);
            MUST(wm_remote_query(&target, (uintptr_t)trap->area, &region));
            assert_int_equal(region.state, WM_REGION_COMMITTED);
        }
        assert_true(seconds() - start < 5);
        end_child(pid);
        wm_target_drop(&target);
        if (trap->set < 0)
            skip();
    }
}

static void leads_into_a_file(void *context)
{
    struct trap *trap = context;
    struct wm_anchor anchor = {.magic = WM_ANCHOR_MAGIC,
                               .version = WM_WIRE_VERSION,
                               .cookie = 1,
                               .space = (uintptr_t)&wm_home.space};
    char name[] = "/tmp/winmem-lies-XXXXXX";
    int fd = mkstemp(name);

    unlink(name);
    if (ftruncate(fd, AREA) != 0 ||
        mmap(trap->area, AREA, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) != trap->area)
        _exit(1);
    lead_hints_into(trap->area);
    leave_anchor(&anchor);
    WM_STORE(trap->set, 1);
}

/* A table of hints that begins in ordinary memory: all of it is asked about, or a file of some other program is read. */
static void hints_that_go_on_in_a_file(void **state)
{
    struct trap *trap = shared(sizeof *trap);
    struct wm_peer_files files;
    struct wm_target target;
    struct wm_region region;
    struct wm_peer peer;
    pid_t pid;

    (void)state;
    trap->area = (unsigned char *)mmap(NULL, FRONT + AREA, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) +
                 FRONT;
    target = child_that(leads_into_a_file, trap, &pid);
    while (WM_LOAD(trap->set) == 0)
        usleep(100);
    MUST(wm_remote_query(&target, (uintptr_t)trap->area, &region));
    assert_int_equal(region.state, WM_REGION_COMMITTED);
    assert_int_equal(wm_peer_open(pid, &peer), 0);
    wm_peer_files_init(&files, &peer);
    assert_int_equal(wm_peer_filled(&files, (uintptr_t)trap->area, PAGE), 0);
    wm_peer_files_drop(&files);
    wm_peer_close(&peer);
    end_child(pid);
    wm_target_drop(&target);
}

/* What could only come from some other program is not looked at. */
static void files_of_others(void **state)
{
    struct wm_peer_files files;
    struct wm_peer peer;
    char name[] = "/tmp/winmem-lies-XXXXXX";
    int fd = mkstemp(name), mem = memfd_create("x", 0);
    char *file, *memory, *kernel;

    (void)state;
    assert_true(fd >= 0 && ftruncate(fd, 4 * PAGE) == 0 && ftruncate(mem, 4 * PAGE) == 0);
    unlink(name);
    file = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    memory = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, mem, 0);
    kernel = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_int_equal(wm_peer_open(getpid(), &peer), 0);
    wm_peer_files_init(&files, &peer);
    assert_true(wm_peer_can_look(&files, (uintptr_t)kernel, 4 * PAGE));
    assert_true(wm_peer_can_look(&files, (uintptr_t)memory, 4 * PAGE));
    assert_false(wm_peer_can_look(&files, (uintptr_t)file, 4 * PAGE));
    memset(file, 1, 4 * PAGE);
    assert_true(wm_peer_can_look(&files, (uintptr_t)file, 4 * PAGE));
    assert_true(wm_peer_can_look(&files, (uintptr_t)file + 1, 4 * PAGE - 1));
    assert_false(wm_peer_can_look(&files, 0, PAGE));
    assert_false(wm_peer_can_look(&files, UINTPTR_MAX - 8, PAGE));
    wm_peer_files_drop(&files);
    wm_peer_close(&peer);
}

/* --- a book that claims to be large --- */

#define CLAIMED ((size_t)512 << 20)

struct claim {
    int made;
    uintptr_t cells, nodes;
};

static void claims(void *context)
{
    struct claim *claim = context;
    struct wm_space *space = &wm_home.space;

    memcpy((void *)claim->cells, space->extents.items, pool_bytes(&space->extents));
    memcpy((void *)claim->nodes, space->nodes.items, pool_bytes(&space->nodes));
    WM_SPACE_CHANGES(space) {
        space->extents.items = (void *)claim->cells;
        space->extents.used = space->extents.ready = (uint32_t)(CLAIMED / space->extents.item_bytes);
        space->nodes.items = (void *)claim->nodes;
        space->nodes.used = space->nodes.ready = (uint32_t)(CLAIMED / space->nodes.item_bytes);
    }
    WM_STORE(claim->made, 1);
}

static uintptr_t map_sparse(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    assert_true(p != MAP_FAILED);
    return (uintptr_t)p;
}

static void a_book_that_claims_to_be_large(void **state)
{
    struct claim *claim = shared(sizeof *claim);
    uintptr_t base = allocate(GRAIN);
    struct wm_target target;
    struct wm_region region;
    struct wm_notes *notes;
    pid_t pid;

    (void)state;
    claim->cells = map_sparse(CLAIMED);
    claim->nodes = map_sparse(CLAIMED);
    target = child_that(claims, claim, &pid);
    while (WM_LOAD(claim->made) == 0)
        usleep(100);
    for (int i = 0; i < 2000; i++) { /* until single answers have cost as much as a copy */
        wm_notes_stale(target.other);
        MUST(wm_remote_query(&target, base + GRAIN, &region));
    }
    notes = wm_notes_of(target.other);
    assert_true(wm_range_bytes(notes->copy) <= (size_t)128 << 20);
    end_child(pid);
    wm_target_drop(&target);
}

/* --- agents that lie --- */

/* The thread that is borrowed may be inside the sanitizer. */
#define NOT_UNDER_TSAN                                                                                       \
    do {                                                                                                     \
        if (THREAD_SANITIZED)                                                                                \
            skip();                                                                                          \
    } while (0)

static void sleeps(uint64_t number, unsigned char *agent)
{
    (void)number;
    (void)agent;
    for (;;)
        pause();
}

static void begins_and_sleeps(uint64_t number, unsigned char *agent)
{
    WM_STORE(*(uint64_t *)(agent + WM_AGENT_RUNNING), number);
    for (;;)
        pause();
}

struct liar {
    void (*entry)(uint64_t number, unsigned char *agent);
    struct wm_agent *agent;
    int set;
};

static void lies_with_its_agent(void *context)
{
    struct liar *liar = context;

    leave_anchor(&(struct wm_anchor){.magic = WM_ANCHOR_MAGIC,
                                     .version = WM_WIRE_VERSION,
                                     .cookie = 1,
                                     .space = (uintptr_t)&wm_home.space,
                                     .agent = (uintptr_t)liar->agent,
                                     .entry = (uintptr_t)liar->entry});
    WM_STORE(liar->set, 1);
}

static volatile int alarms;
static double last_alarm, longest_silence;

static void count_alarm(int number)
{
    double now = seconds();

    (void)number;
    if (alarms++ > 0 && now - last_alarm > longest_silence)
        longest_silence = now - last_alarm;
    last_alarm = now;
}

static struct wm_target target_that_lies(struct liar *liar, pid_t *pid)
{
    struct wm_target target;

    liar->set = 0;
    liar->agent = mmap(NULL, wm_up(sizeof *liar->agent, PAGE), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    target = child_that(lies_with_its_agent, liar, pid);
    while (WM_LOAD(liar->set) == 0)
        usleep(100);
    return target;
}

/* It says that it is at work, or nothing: we wait for a second or so, and our own handlers run meanwhile. */
static void an_agent_that_does_not_answer(void **state)
{
    void (*const entries[])(uint64_t, unsigned char *) = {sleeps, begins_and_sleeps};
    struct liar *liar = shared(sizeof *liar);
    const struct itimerval each = {{0, 5000}, {0, 5000}}, never = {{0, 0}, {0, 0}};

    (void)state;
    NOT_UNDER_TSAN;
    signal(SIGALRM, count_alarm);
    reserve(GRAIN);
    for (int i = 0; i < 4; i++) {
        struct wm_bare_req hello = {0};
        struct wm_target target;
        double began;
        pid_t pid;

        liar->entry = entries[i / 2];
        target = target_that_lies(liar, &pid);
        if (i % 2 != 0) {
            kill(pid, SIGSTOP);
            usleep(20000);
        }
        alarms = 0;
        began = seconds();
        setitimer(ITIMER_REAL, &each, NULL);
        assert_int_not_equal(wm_remote_call(target.other, WM_CALL_HELLO, &hello), WM_OK);
        setitimer(ITIMER_REAL, &never, NULL);
        assert_true(seconds() - began < 20);
        assert_true(alarms > 20);
        end_child(pid);
        wm_target_drop(&target);
    }
}

static int32_t *held;

static void *holds_the_lock(void *unused)
{
    (void)unused;
    wm_lock_take_back(&wm_home.lock);
    WM_STORE(*held, 1);
    usleep(2500000);
    wm_lock_drop(&wm_home.lock);
    return NULL;
}

static void is_busy(void *context)
{
    pthread_t thread;

    (void)context;
    reserve(GRAIN);
    pthread_create(&thread, NULL, holds_the_lock, NULL);
}

/* One that waits for the process's own lock is at work, however long that takes. */
static void an_honest_agent_has_time(void **state)
{
    struct wm_alloc_req request;
    struct wm_target target;
    pid_t pid;

    (void)state;
    NOT_UNDER_TSAN;
    held = shared(sizeof *held);
    reserve(GRAIN);
    target = child_that(is_busy, NULL, &pid);
    while (WM_LOAD(*held) == 0)
        usleep(100);
    request = (struct wm_alloc_req){.kind = WM_ALLOC_RESERVE, .at = {0, GRAIN}, .protect = WM_NOACCESS};
    MUST(wm_remote_call(target.other, WM_CALL_ALLOC, &request));
    end_child(pid);
    wm_target_drop(&target);
}

static void changes_its_words(uint64_t number, unsigned char *agent)
{
    struct dice dice = {number};

    for (;;) {
        uint64_t *words = (uint64_t *)(agent + WM_AGENT_RUNNING);
        unsigned at = below(&dice, 64);

        WM_STORE(words[at], below(&dice, 2) ? number : roll(&dice));
    }
}

/* It says now this and now that. */
static void an_agent_that_changes_its_words(void **state)
{
    struct liar *liar = shared(sizeof *liar);

    (void)state;
    NOT_UNDER_TSAN;
    reserve(GRAIN);
    for (int i = 0; i < 6; i++) {
        union wm_request_body request = {0};
        struct wm_target target;
        double began = seconds();
        pid_t pid;

        liar->entry = changes_its_words;
        target = target_that_lies(liar, &pid);
        if (i % 2 == 0)
            request.pages.count = WM_PAGES_AT_ONCE;
        wm_remote_call(target.other, i % 2 ? WM_CALL_ALLOC : WM_CALL_PAGES, &request);
        assert_true(seconds() - began < 20);
        end_child(pid);
        wm_target_drop(&target);
    }
}

/* Its answer: 0xff all over. */
static void answers_with_another_request(uint64_t number, unsigned char *agent)
{
    struct wm_words *words = &((struct wm_agent *)agent)->words;

    memset(&words->request.body, 0xff, sizeof words->request.body);
    words->request.status = WM_OK;
    WM_STORE(words->done, number);
    for (;;)
        pause();
}

/* From the first member that vm/operations.def calls the answer to the end is the other's; the rest stays the caller's. */
static void only_answers_are_taken(void **state)
{
    struct liar *liar = shared(sizeof *liar);
    struct wm_alloc_req alloc = {.kind = WM_ALLOC_RESERVE, .at = {0, GRAIN}, .protect = WM_NOACCESS},
                        asked = alloc;
    struct wm_pages_req pages = {.count = 3};
    struct wm_unmap_req unmap = {.addr = 7};
    struct wm_target target;
    pid_t pid;

    (void)state;
    NOT_UNDER_TSAN;
    reserve(GRAIN);
    liar->entry = answers_with_another_request;
    target = target_that_lies(liar, &pid);
    MUST(wm_in_alloc(&target, &alloc));
    assert_int_equal(alloc.result, UINTPTR_MAX);
    assert_memory_equal(&alloc, &asked, offsetof(struct wm_alloc_req, result));
    MUST(wm_in_pages(&target, &pages));
    assert_int_equal(pages.count, 3);
    assert_int_equal(pages.pages[2].addr, UINTPTR_MAX);
    MUST(wm_in_unmap_view(&target, &unmap));
    assert_true(unmap.addr == 7 && !unmap.preserve);
    end_child(pid);
    wm_target_drop(&target);
}

/* --- stacks that lie --- */

static void sleep_with_stack_at(uintptr_t rsp)
{
    __asm__ volatile("mov %0, %%rsp\n"
                     "1: mov %1, %%eax\n"
                     "syscall\n"
                     "jmp 1b" ::"r"(rsp),
                     "i"(__NR_pause));
}

/* Whoever is held in the kernel hears of nothing else; and what he traces dies with him. */
static pid_t end_us_later(void)
{
    pid_t caller = getpid(), guard = fork();

    if (guard == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sleep(15);
        kill(caller, SIGKILL);
        _exit(0);
    }
    return guard;
}

enum stack { UNSERVED, READ_ONLY, OF_A_FILE, OF_A_SHARED_FILE, NO_MEMORY, FILLED, GROWS, STACKS };

struct stacked {
    enum stack kind;
    bool foreign; /* it does not use the library */
    int set;
};

static void *file_of_others(int flags)
{
    char name[] = "/tmp/winmem-lies-XXXXXX";
    int fd = mkstemp(name);

    unlink(name);
    return ftruncate(fd, AREA) == 0 ? mmap(NULL, AREA, PROT_READ | PROT_WRITE, flags, fd, 0) : MAP_FAILED;
}

static unsigned char *stack_of(enum stack kind)
{
    unsigned char *area = kind == OF_A_FILE ? file_of_others(MAP_PRIVATE)
                          : kind == OF_A_SHARED_FILE
                              ? file_of_others(MAP_SHARED)
                              : mmap(NULL, AREA, kind == NO_MEMORY ? PROT_NONE : PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (area == MAP_FAILED || (kind == UNSERVED && !leave_unserved(area)))
        return NULL;
    if (kind == READ_ONLY || kind == OF_A_SHARED_FILE || kind == FILLED)
        memset(area, 1, AREA);
    if (kind == READ_ONLY)
        mprotect(area, AREA, PROT_READ);
    return area + AREA / 2;
}

/* So near to the lower end of the first thread's stack that it has to grow. */
static unsigned char *end_of_the_stack(void)
{
    struct wm_vma vma;
    unsigned char here;

    return wm_kern_vma((uintptr_t)&here, &vma) == 0 ? (unsigned char *)vma.range.start + 16 : NULL;
}

static void lies_with_its_stack(void *context)
{
    struct stacked *s = context;
    unsigned char *at = s->kind == GROWS ? end_of_the_stack() : stack_of(s->kind);

    WM_STORE(s->set, at == NULL ? -1 : 1);
    if (at != NULL)
        sleep_with_stack_at((uintptr_t)at);
}

/*
 * In a child without the library the anchor is that of its parent's: it is planted one once that is gone. The kernel reads,
 * because what is mapped here may be a sanitizer's.
 */
static void has_no_library(void *context)
{
    struct wm_anchor page;
    struct wm_vma vma;

    for (uintptr_t at = 0; wm_kern_vma(at, &vma) == 0 && vma.range.end > at; at = vma.range.end)
        if ((vma.access & WM_ACCESS_READ) && wm_range_bytes(vma.range) <= 4 * PAGE &&
            wm_kern_copy((uintptr_t)&page, vma.range.start, sizeof page) == (long)sizeof page &&
            page.magic == WM_ANCHOR_MAGIC)
            munmap((void *)vma.range.start, PAGE);
    lies_with_its_stack(context);
}

enum { CALLED = 10, BUSY, WRONG };

/* It takes as long as threads that will not do are tried, and not for ever. */
static int call_it(struct stacked *s)
{
    struct wm_bare_req hello = {0};
    struct wm_target target;
    double began;
    pid_t pid, guard;
    wm_status st;

    target = child_that(s->foreign ? has_no_library : lies_with_its_stack, s, &pid);
    began = seconds();
    while (WM_LOAD(s->set) == 0 && seconds() - began < 20)
        usleep(100);
    guard = end_us_later();
    began = seconds();
    st = s->set > 0 ? wm_remote_call(target.other, WM_CALL_HELLO, &hello) : WM_TARGET_BUSY;
    if (seconds() - began > 10 || waitpid(pid, NULL, WNOHANG) != 0)
        st = WM_KERNEL;
    end_child(guard);
    end_child(pid);
    return wm_ok(st) ? CALLED : st == WM_TARGET_BUSY ? BUSY : WRONG;
}

/* All at once: most of it is waiting. */
static void stacks_that_nobody_serves(void **state)
{
    struct stacked *s = shared(2 * STACKS * sizeof *s);
    pid_t callers[2 * STACKS];
    int status;

    (void)state;
    NOT_UNDER_TSAN;
    reserve(GRAIN);
    for (int i = 0; i < 2 * STACKS; i++) {
        s[i] = (struct stacked){.kind = (enum stack)(i / 2), .foreign = i % 2 != 0};
        callers[i] = fork();
        if (callers[i] == 0)
            _exit(call_it(&s[i]));
    }
    for (int i = 0; i < 2 * STACKS; i++) {
        assert_int_equal(waitpid(callers[i], &status, 0), callers[i]);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != (s[i].kind >= FILLED ? CALLED : BUSY))
            fail_msg("stack %d, foreign %d: %x", s[i].kind, s[i].foreign, (unsigned)status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_of_a_corrupt_book),
        cmocka_unit_test(a_process_that_lies),
        cmocka_unit_test(false_anchors),
        cmocka_unit_test(memory_that_nobody_serves),
        cmocka_unit_test(hints_that_go_on_in_a_file),
        cmocka_unit_test(files_of_others),
        cmocka_unit_test(an_agent_that_does_not_answer),
        cmocka_unit_test(stacks_that_nobody_serves),
        cmocka_unit_test(an_agent_that_changes_its_words),
        cmocka_unit_test(only_answers_are_taken),
        cmocka_unit_test(an_honest_agent_has_time),
        cmocka_unit_test(a_book_that_claims_to_be_large),
    };

    return RUN_APART(tests);
}
