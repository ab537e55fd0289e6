/*
 * faults.c: what tests have the kernel answer (faults.h). It is empty in a build without WM_FAULT_SCRIPT.
 *
 * Three ways: the n-th call that could fail fails, with one error; calls of one name answer by a script;
 * the process dies before or after its n-th call. Only what a kernel could really say is said, or tests
 * would find leaks and states that are none: a call that never fails on what is ours does not fail here.
 */
#include "kern/faults.h"

#ifdef WM_FAULT_SCRIPT

#include <errno.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "kern/arch/machine.h"
#include "kern/numbers.h"

enum { SCRIPT_LENGTH = 64 };

static unsigned fail_at, asked;
static int fail_with;

static struct {
    unsigned at, asked;
    bool after;
    pid_t pid; /* 0: this process */
} death;

static struct {
    long number;
    int answer[SCRIPT_LENGTH];
    unsigned length, next;
} script;

static const struct name {
    const char *name;
    long value;
} calls[] = {{"mmap", SYS_mmap},           {"munmap", SYS_munmap}, {"mprotect", SYS_mprotect},
             {"madvise", SYS_madvise},     {"mremap", SYS_mremap}, {"memfd_create", SYS_memfd_create},
             {"ftruncate", SYS_ftruncate}, {"openat", SYS_openat}, {"ioctl", SYS_ioctl},
             {"fstat", SYS_fstat}},
  answers[] = {{"ok", 0},          {"ENOMEM", ENOMEM}, {"EACCES", EACCES},
               {"EPERM", EPERM},   {"EMFILE", EMFILE}, {"EEXIST", EEXIST},
               {"EINVAL", EINVAL}, {"EAGAIN", EAGAIN}, {"EFAULT", EFAULT}};

void wm_fault_nth(unsigned n, int error)
{
    fail_at = n;
    fail_with = error;
    asked = 0;
}

void wm_fault_kill_at(unsigned n, bool after, int pid)
{
    death.at = n;
    death.after = after;
    death.asked = 0;
    death.pid = pid;
}

void wm_fault_die_at(unsigned n, bool after)
{
    wm_fault_kill_at(n, after, 0);
}

static void die(void)
{
    kill(death.pid != 0 ? death.pid : getpid(), SIGKILL);
}

static void may_die_before(void)
{
    if (death.at != 0 && ++death.asked == death.at && !death.after)
        die();
}

void wm_fault_passed(void)
{
    if (death.at != 0 && death.asked == death.at && death.after)
        die();
}

unsigned wm_fault_count(void)
{
    return asked;
}

static long scripted(long number)
{
    if (script.length == 0 || number != script.number || script.next >= script.length)
        return 0;
    return -script.answer[script.next++];
}

/* A thread that we hold can be gone; it does not refuse to be let go. */
static bool can_fail_to_trace(long request)
{
    return request == PTRACE_SEIZE || request == PTRACE_GETSIGINFO || request == WM_TRACE_GET_REGISTERS ||
           request == PTRACE_GETSIGMASK || request == WM_TRACE_SET_REGISTERS;
}

/*
 * The kernel never fails close, fstat, lseek and futex on what is ours: a test would only show leaks that are
 * none. Only calls that make a descriptor find that there is none left; asking about mappings needs no right.
 */
static bool can_fail(long number, long a, long b)
{
    if (fail_with == EMFILE || fail_with == ENFILE)
        return number == SYS_openat || number == SYS_memfd_create || number == SYS_userfaultfd ||
               number == SYS_pidfd_getfd;
    if (fail_with == EBUSY)
        return number == SYS_ioctl;
    if (fail_with == EACCES && number == SYS_ioctl)
        return false;
    if (number == SYS_ptrace)
        return can_fail_to_trace(a);
    if (number == SYS_flock)
        return b != LOCK_UN;
    return number != SYS_close && number != SYS_fstat && number != SYS_lseek && number != SYS_futex &&
           number != SYS_rt_sigprocmask;
}

long wm_fault_for(long number, long a, long b)
{
    may_die_before();
    if (fail_at != 0 && can_fail(number, a, b) && __atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED) == fail_at)
        return -fail_with;
    return scripted(number);
}

static bool look_up(const struct name *table, size_t count, const char *word, size_t length, long *out)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(table[i].name) == length && strncmp(table[i].name, word, length) == 0) {
            *out = table[i].value;
            return true;
        }
    return false;
}

void wm_fault_script(const char *text)
{
    size_t length = text == NULL ? 0 : strcspn(text, ":");
    long value;

    script.length = script.next = 0;
    if (text == NULL || !look_up(calls, sizeof calls / sizeof calls[0], text, length, &script.number))
        return;
    while (text[length] != '\0' && script.length < SCRIPT_LENGTH) {
        text += length + 1;
        length = strcspn(text, ",");
        if (look_up(answers, sizeof answers / sizeof answers[0], text, length, &value))
            script.answer[script.length++] = (int)value;
    }
}

#else

typedef int wm_no_fault_script; /* a translation unit is not empty */

#endif
