/*
 * remote.h: other processes to work on, and what they say of themselves.
 *
 * A foreign target is a process in which nobody has called the library; a library target has. Both are forked, so
 * they must be begun before the test itself calls the library.
 */
#ifndef REMOTE_H
#define REMOTE_H

#include "api.h"
#include "support/unborn.h"
#include "../support/yama.h"

#include <linux/futex.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum kind { FOREIGN, LIBRARY, KINDS };

static const char *const kind_names[] = {"foreign", "library"};

/* --- what both sides see --- */

enum order { READABLE, PEEK, POKE, IS_ZERO, QUERY, RESERVE, RELEASE, LOCK, FORK, FAULTS, MAKE, SHOW, CLOSE };

/* One order at a time: `asked` counts those given, `done` those carried out. */
struct mailbox {
    uint32_t asked, done;
    enum order order;
    BYTE *at;
    uintptr_t value; /* a byte, a size; then the answer */
    MEMORY_BASIC_INFORMATION mbi;
};

struct witness {
    uint32_t ready, stop;
    uint64_t rounds; /* how far it has come */
    uint32_t faults; /* guard pages that were met */
    uint32_t wrong;  /* how often it was disturbed; what: the first time */
    char what[120];
    struct mailbox mailbox[2]; /* its own, and that of a child */
    uint64_t number[16];       /* for the test's own ends */
};

struct target {
    enum kind kind;
    pid_t pid;
    HANDLE handle;
    struct witness *w;
};

__attribute__((format(printf, 2, 3))) static inline void complain(struct witness *w, const char *format, ...)
{
    va_list args;

    if (__atomic_fetch_add(&w->wrong, 1, __ATOMIC_SEQ_CST) != 0)
        return;
    va_start(args, format);
    vsnprintf(w->what, sizeof w->what, format, args);
    va_end(args);
}

static inline struct witness *a_witness(void)
{
    void *p = mmap(NULL, sizeof(struct witness), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    MUST(p != MAP_FAILED);
    return p;
}

/* Until the condition holds, but not for longer than this. */
#define AWAIT(seconds_, condition)                                                                           \
    for (double until_ = check_seconds() + (seconds_); !(condition) && check_seconds() < until_;)            \
    check_sleep(1)

/* --- a target's life --- */

static inline void go_with_the_parent(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    alarm(check_limit());
}

static inline struct target start(enum kind kind, void (*live)(struct witness *))
{
    struct target t = {.kind = kind, .w = a_witness()};
    pid_t parent = getpid();

    need_to_look_into_children();
    fflush(NULL);
    t.pid = fork();
    MUST(t.pid >= 0);
    if (t.pid == 0) {
        go_with_the_parent(parent);
        let_others_look();
        if (kind == LIBRARY)
            MUST(VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS) != NULL);
        live(t.w);
        _exit(0);
    }
    return t;
}

static inline void must_be_ready(const struct target *t)
{
    AWAIT(10, ATOMIC_GET(t->w->ready) != 0);
    MUST(ATOMIC_GET(t->w->ready) != 0);
}

static inline void open_target(struct target *t)
{
    must_be_ready(t);
    t->handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t->pid);
    MUST(t->handle != NULL);
}

static inline void kill_target(struct target *t)
{
    if (t->handle != NULL)
        EXPECT_OK(CloseHandle(t->handle));
    kill(t->pid, SIGKILL);
    waitpid(t->pid, NULL, 0);
    munmap(t->w, sizeof *t->w);
}

/* --- orders --- */

static inline void futex(uint32_t *word, int op, uint32_t value)
{
    syscall(SYS_futex, word, op, value, NULL, NULL, 0);
}

static struct witness *own_witness;

static inline LONG WINAPI count_a_guard(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode != 0x80000001)
        return EXCEPTION_CONTINUE_SEARCH;
    ATOMIC_ADD(own_witness->faults, 1);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void obey_mailbox(struct witness *w, struct mailbox *m);

static inline uintptr_t fork_again(struct witness *w)
{
    pid_t parent = getpid(), child = fork();

    if (child == 0) {
        go_with_the_parent(parent);
        obey_mailbox(w, &w->mailbox[1]);
    }
    return (uintptr_t)child;
}

/* A handle to a section whose first byte is this. */
static inline uintptr_t make_section(BYTE value)
{
    HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, PAGE, NULL);
    BYTE *view = handle == NULL ? NULL : MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);

    if (view == NULL)
        return 0;
    *view = value;
    return UnmapViewOfFile(view) ? AT(handle) : 0;
}

/* That byte, or what the last error is, times 256. */
static inline uintptr_t show_section(HANDLE handle)
{
    BYTE *view = MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0);
    BYTE value = view == NULL ? 0 : *view;

    if (view == NULL)
        return (uintptr_t)GetLastError() << 8;
    UnmapViewOfFile(view);
    return value;
}

static inline uintptr_t carry_out(struct witness *w, struct mailbox *m)
{
    switch (m->order) {
    case READABLE: return (uintptr_t)readable(m->at);
    case PEEK: return *(volatile BYTE *)m->at;
    case POKE: return *(volatile BYTE *)m->at = (BYTE)m->value;
    case IS_ZERO: return (uintptr_t)all_zero(m->at, m->value);
    case QUERY: return VirtualQuery(m->at, &m->mbi, sizeof m->mbi);
    case RESERVE: return AT(VirtualAlloc(m->at, m->value, MEM_RESERVE, PAGE_READWRITE));
    case RELEASE: return (uintptr_t)VirtualFree(m->at, 0, MEM_RELEASE);
    case LOCK: return (uintptr_t)VirtualLock(m->at, m->value);
    case FORK: return fork_again(w);
    case MAKE: return make_section((BYTE)m->value);
    case SHOW: return show_section(m->at);
    case CLOSE: return (uintptr_t)CloseHandle(m->at);
    case FAULTS: return AddVectoredExceptionHandler(1, count_a_guard) != NULL;
    }
    return 0;
}

static void obey_mailbox(struct witness *w, struct mailbox *m)
{
    own_witness = w;
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        if (ATOMIC_GET(m->asked) == ATOMIC_GET(m->done)) {
            futex(&m->asked, FUTEX_WAIT, m->done);
            continue;
        }
        m->value = carry_out(w, m);
        ATOMIC_ADD(m->done, 1);
    }
}

static inline void obey(struct witness *w)
{
    obey_mailbox(w, &w->mailbox[0]);
}

static inline uintptr_t order(struct mailbox *m, enum order what, const void *at, uintptr_t value)
{
    m->order = what;
    m->at = (BYTE *)(uintptr_t)at;
    m->value = value;
    ATOMIC_ADD(m->asked, 1);
    futex(&m->asked, FUTEX_WAKE, 1);
    AWAIT(10, ATOMIC_GET(m->done) == m->asked);
    MUST(ATOMIC_GET(m->done) == m->asked);
    return m->value;
}

/* The target itself does this. */
static inline uintptr_t tell(const struct target *t, enum order what, const void *at, uintptr_t value)
{
    return order(&t->w->mailbox[0], what, at, value);
}

/* --- both kinds --- */

static inline void expect_alive(const struct target *t)
{
    int status = 0;

    if (waitpid(t->pid, &status, WNOHANG) == t->pid)
        check_fail(__FILE__, __LINE__, "the target has ended: status 0x%x", (unsigned)status);
}

static inline void check_on(struct target *t, void (*check)(struct target *))
{
    int before = check_failures;

    open_target(t);
    check(t);
    expect_alive(t);
    if (check_failures != before)
        printf("    (in a %s target)\n", kind_names[t->kind]);
    kill_target(t);
}

/* The check has a target of each kind that obeys. */
static inline void in_both_kinds(void (*check)(struct target *))
{
    struct target target[KINDS];

    for (int kind = 0; kind < KINDS; kind++)
        target[kind] = start((enum kind)kind, obey);
    for (int kind = 0; kind < KINDS; kind++)
        check_on(&target[kind], check);
}

/* --- what VirtualQueryEx says, and the target --- */

static inline MEMORY_BASIC_INFORMATION look_at(const struct target *t, const void *address)
{
    MEMORY_BASIC_INFORMATION mbi;

    memset(&mbi, 0xEE, sizeof mbi);
    EXPECT_RETURNS(sizeof mbi, VirtualQueryEx(t->handle, address, &mbi, sizeof mbi));
    return mbi;
}

static inline void check_there(int line, const struct target *t, const void *address,
                               struct check_region want)
{
    MEMORY_BASIC_INFORMATION mbi = look_at(t, address);

    check_region_is(__FILE__, line, "there", &mbi, want);
    if (t->kind != LIBRARY)
        return;
    if (tell(t, QUERY, address, 0) != sizeof mbi || t->w->mailbox[0].mbi.BaseAddress != mbi.BaseAddress ||
        t->w->mailbox[0].mbi.AllocationBase != mbi.AllocationBase ||
        t->w->mailbox[0].mbi.AllocationProtect != mbi.AllocationProtect ||
        t->w->mailbox[0].mbi.RegionSize != mbi.RegionSize || t->w->mailbox[0].mbi.State != mbi.State ||
        t->w->mailbox[0].mbi.Protect != mbi.Protect || t->w->mailbox[0].mbi.Type != mbi.Type)
        check_fail(__FILE__, line,
                   "%p: the target sees base %p size 0x%zx state 0x%x protect 0x%x; we size 0x%zx", address,
                   t->w->mailbox[0].mbi.AllocationBase, (size_t)t->w->mailbox[0].mbi.RegionSize,
                   (unsigned)t->w->mailbox[0].mbi.State, (unsigned)t->w->mailbox[0].mbi.Protect,
                   (size_t)mbi.RegionSize);
}

/* As EXPECT_REGION; a target that can says the same. */
#define EXPECT_THERE(target, address, ...)                                                                   \
    check_there(__LINE__, (target), (address), CHECK_REGION_AT(address, __VA_ARGS__))

/* --- what must succeed --- */

static inline BYTE *alloc_there(const struct target *t, SIZE_T size, DWORD type, DWORD protection)
{
    BYTE *p = VirtualAllocEx(t->handle, NULL, size, type, protection);

    if (p == NULL)
        expect_alive(t);
    MUST(p != NULL);
    return p;
}

static inline void commit_there(const struct target *t, BYTE *p, SIZE_T size)
{
    MUST(VirtualAllocEx(t->handle, p, size, MEM_COMMIT, PAGE_READWRITE) != NULL);
}

static inline void release_there(const struct target *t, BYTE *p)
{
    BOOL released = VirtualFreeEx(t->handle, p, 0, MEM_RELEASE);

    if (!released)
        expect_alive(t);
    MUST(released);
}

#endif
