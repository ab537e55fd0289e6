/*
 * pin.h: what Linux does that this library relies on or works around, one small test each.
 *
 *   // Seen on 6.18: what happens. Why the library cares.
 *   PIN(a_sentence_about_linux, "filethatrelies.c other.h")
 *   {
 *       MUST(there_is_memory());
 *       EXPECT(CALL(munmap, p, 0) == -EINVAL);
 *   }
 *
 * Nothing of the library runs here: a pin asks the kernel, by system calls. One that fails says that this kernel does
 * something else, and names the files of src/ that have to be looked at then. One that cannot ask, because the kernel
 * lacks the feature or forbids it, is skipped with its reason (exit 77). docs/design/kernel.md is the list of them.
 *
 * A program runs the pin that its argument names, or all of them, each in a process of its own; --list names them;
 * with --user in front nobody is root.
 */
#ifndef PIN_H
#define PIN_H

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
#define MIB ((size_t)1 << 20)
#define LARGE (2 * MIB)

enum { PIN_SKIPPED = 77, PIN_SECONDS = 20, PIN_NOBODY = 65534 };

struct pin {
    const char *name, *relied_on_by, *file;
    int line;
    void (*run)(void);
    struct pin *next;
};

static struct pin *pin_all;
static const struct pin pin_none = {.name = "the program", .relied_on_by = "", .file = __FILE__};
static const struct pin *pin_now = &pin_none;
static int pin_failures;

static inline void pin_add(struct pin *pin)
{
    struct pin **at = &pin_all;

    while (*at != NULL && (*at)->line < pin->line)
        at = &(*at)->next;
    pin->next = *at;
    *at = pin;
}

#define PIN(name_, relied_on_by_)                                                                            \
    static void pin_run_##name_(void);                                                                       \
    static struct pin pin_##name_ = {#name_, relied_on_by_, __FILE__, __LINE__, pin_run_##name_, NULL};      \
    __attribute__((constructor)) static void pin_add_##name_(void)                                           \
    {                                                                                                        \
        pin_add(&pin_##name_);                                                                               \
    }                                                                                                        \
    static void pin_run_##name_(void)

/* --- what a pin says --- */

__attribute__((noreturn)) static inline void pin_end(int code)
{
    fflush(NULL);
    _exit(code);
}

static inline void pin_fail(int line, const char *what, long answer)
{
    printf("%s:%d: this kernel does something else: %s", pin_now->file, line, what);
    if (answer < 0 && answer > -4096)
        printf(" (%s)", strerror((int)-answer));
    printf("\n  %s is what these rely on: %s\n", pin_now->name, pin_now->relied_on_by);
    fflush(stdout);
    pin_failures++;
}

#define EXPECT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            pin_fail(__LINE__, #condition, 0);                                                               \
    } while (0)

/* The call answers exactly this: 0, a number, or a negative errno. */
#define EXPECT_ANSWER(want, call)                                                                            \
    do {                                                                                                     \
        long pin_answer_ = (call);                                                                           \
        if (pin_answer_ != (long)(want))                                                                     \
            pin_fail(__LINE__, #call " is not " #want, pin_answer_);                                         \
    } while (0)

/* What the pin stands on, and is no statement about Linux. */
#define MUST(condition)                                                                                      \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            printf("%s:%d: the pin stands on this: %s (%s)\n", __FILE__, __LINE__, #condition,               \
                   strerror(errno));                                                                         \
            pin_end(1);                                                                                      \
        }                                                                                                    \
    } while (0)

#define SKIP(why)                                                                                            \
    do {                                                                                                     \
        printf("skip %s: %s\n", pin_now->name, why);                                                         \
        pin_end(pin_failures ? 1 : PIN_SKIPPED);                                                             \
    } while (0)

#define SKIP_IF(condition, why)                                                                              \
    do {                                                                                                     \
        if (condition)                                                                                       \
            SKIP(why);                                                                                       \
    } while (0)

/* --- asking the kernel --- */

static inline long pin_answer(long result)
{
    return result == -1 ? -errno : result;
}

/* CALL(madvise, p, bytes, MADV_FREE): the kernel's answer, or a negative errno. */
#define CALL(name, ...) pin_answer(syscall(SYS_##name, __VA_ARGS__))

enum { NONE = PROT_NONE, READ = PROT_READ, BOTH = PROT_READ | PROT_WRITE };

static inline char *map_with(size_t bytes, int access, int flags)
{
    void *p = mmap(NULL, bytes, access, MAP_ANONYMOUS | flags, -1, 0);

    MUST(p != MAP_FAILED);
    return p;
}

/* Private memory without large pages, which may come unasked. */
static inline char *map_pages(size_t count, int access)
{
    char *p = map_with(count * PAGE, access, MAP_PRIVATE);

    (void)CALL(madvise, p, count * PAGE, MADV_NOHUGEPAGE);
    return p;
}

static inline void fill_pages(char *p, size_t count, int byte)
{
    memset(p, byte, count * PAGE);
}

/* --- other processes, other rights --- */

/* The statement that follows runs in a child of a fork; status is how that ended (waitpid). */
#define IN_CHILD(status)                                                                                     \
    for (pid_t pin_child_ = pin_fork(&(status)); pin_child_ == 0; pin_child_ = pin_leave())

static inline pid_t pin_leave(void)
{
    pin_end(pin_failures != 0);
    return 1;
}

static inline pid_t pin_fork(int *status)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    MUST(child >= 0);
    if (child > 0)
        MUST(waitpid(child, status, 0) == child);
    return child;
}

static inline bool is_fine(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static inline bool is_killed_by(int status, int signal)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

/* From here on without root's rights. A process that changed its user is not to be looked into: made up for. */
static inline void be_a_user(void)
{
    if (geteuid() != 0)
        return;
    MUST(setgroups(0, NULL) == 0 && setresgid(PIN_NOBODY, PIN_NOBODY, PIN_NOBODY) == 0);
    MUST(setresuid(PIN_NOBODY, PIN_NOBODY, PIN_NOBODY) == 0);
    MUST(prctl(PR_SET_DUMPABLE, 1) == 0);
}

static inline void limit(int resource, rlim_t value)
{
    struct rlimit l;

    MUST(getrlimit(resource, &l) == 0);
    l.rlim_cur = value < l.rlim_max ? value : l.rlim_max;
    MUST(setrlimit(resource, &l) == 0);
}

/* --- the runner --- */

static inline int pin_run(const struct pin *pin)
{
    pin_now = pin;
    alarm(PIN_SECONDS);
    pin->run();
    fflush(NULL);
    return pin_failures ? 1 : 0;
}

static inline int pin_run_apart(const struct pin *pin)
{
    int status = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0)
        _exit(pin_run(pin));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status))
        printf("%s: ended by signal %d\n", pin->name, WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* What child.h begins by exec. */
static inline int pin_hold(void)
{
    char word;

    if (write(1, "b", 1) == 1)
        while (read(0, &word, 1) == 1)
            ;
    return 0;
}

int main(int argc, char **argv)
{
    int passed = 0, skipped = 0, failed = 0;
    bool as_user = argc > 1 && strcmp(argv[1], "--user") == 0;
    const char *name = argc > 1 + as_user ? argv[1 + as_user] : NULL;

    if (argc > 1 && strcmp(argv[1], "--hold") == 0)
        return pin_hold();
    if (as_user && geteuid() != 0) {
        printf("skip: we are a user anyway\n");
        return PIN_SKIPPED;
    }
    if (as_user)
        be_a_user();
    for (const struct pin *pin = pin_all; pin != NULL; pin = pin->next) {
        int code;

        if (name != NULL && strcmp(name, "--list") == 0) {
            printf("%s  %s\n", pin->name, pin->relied_on_by);
            continue;
        }
        if (name != NULL && strcmp(name, pin->name) != 0)
            continue;
        code = pin_run_apart(pin);
        passed += code == 0;
        skipped += code == PIN_SKIPPED;
        failed += code != 0 && code != PIN_SKIPPED;
        if (code != 0 && code != PIN_SKIPPED)
            printf("FAILED %s (%d)\n", pin->name, code);
    }
    if (name != NULL)
        return failed ? 1 : skipped ? PIN_SKIPPED : passed || strcmp(name, "--list") == 0 ? 0 : 2;
    printf("%d as expected, %d otherwise, %d skipped\n", passed, failed, skipped);
    return failed ? 1 : 0;
}

#endif
