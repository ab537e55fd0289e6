/*
 * filter.h: filters of system calls (seccomp) made from rows, and what container engines forbid. Linux only.
 *
 * A row says what a call is answered, always or if some bits of an argument have a value; the first row that fits
 * counts, what no row names is allowed. Engines list what they allow: here stands what that leaves out, as far as a
 * program could want it, from their documentation (Docker: "Significant syscalls blocked by the default profile").
 */
#ifndef FILTER_H
#define FILTER_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers of some distribution. The numbers are those of every architecture. */
enum {
    FILTER_OPENAT2 = 437,
    FILTER_PIDFD_GETFD = 438,
    FILTER_PROCESS_MADVISE = 440,
    FILTER_EPOLL_PWAIT2 = 441,
    FILTER_MOUNT_SETATTR = 442,
    FILTER_SET_HOME_NODE = 450,
    FILTER_CACHESTAT = 451,
    FILTER_MSEAL = 462,
    FILTER_OLDEST_UNKNOWN = 424,  /* pidfd_send_signal: an engine of 2018 knows no later one */
    FILTER_BEHIND_THE_LAST = 512, /* x32 begins */
};

enum { FILTER_ALWAYS = -1, FILTER_MOST_ROWS = 96, FILTER_ROW_STEPS = 8 };

struct filter_row {
    int from, to;    /* numbers of calls, both included */
    int argument;    /* FILTER_ALWAYS, or the one whose lower half is looked at */
    unsigned mask;   /* these bits of it */
    unsigned value;  /* are this, */
    bool other;      /* or are not */
    unsigned answer; /* an errno, 0: allowed, or FILTER_TELL */
};

enum { FILTER_TELL = 0xffff }; /* a supervisor decides */

#define FILTER_CALL(number, error)                                                                           \
    {                                                                                                        \
        .from = (number), .to = (number), .argument = FILTER_ALWAYS, .answer = (error)                       \
    }
#define FILTER_CALLS(first, last, error)                                                                     \
    {                                                                                                        \
        .from = (first), .to = (last), .argument = FILTER_ALWAYS, .answer = (error)                          \
    }
#define FILTER_IF(number, index, bits, is, error)                                                            \
    {                                                                                                        \
        .from = (number), .to = (number), .argument = (index), .mask = (bits), .value = (is),                \
        .answer = (error)                                                                                    \
    }
#define FILTER_UNLESS(number, index, bits, is, error)                                                        \
    {                                                                                                        \
        .from = (number), .to = (number), .argument = (index), .mask = (bits), .value = (is), .other = true, \
        .answer = (error)                                                                                    \
    }

#define FILTER_NAMESPACES                                                                                    \
    (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |               \
     CLONE_NEWCGROUP)

/* What every default profile keeps from a container that was given no more capabilities. */
/* clang-format off */
#define FILTER_OF_ENGINES                                                                                    \
    FILTER_CALL(SYS_userfaultfd, EPERM), FILTER_CALL(SYS_bpf, EPERM), FILTER_CALL(SYS_perf_event_open, EPERM), \
    FILTER_CALL(SYS_add_key, EPERM), FILTER_CALL(SYS_request_key, EPERM), FILTER_CALL(SYS_keyctl, EPERM),    \
    FILTER_CALL(SYS_mbind, EPERM), FILTER_CALL(SYS_set_mempolicy, EPERM), FILTER_CALL(SYS_get_mempolicy, EPERM), \
    FILTER_CALL(SYS_move_pages, EPERM), FILTER_CALL(SYS_migrate_pages, EPERM), FILTER_CALL(FILTER_SET_HOME_NODE, EPERM), \
    FILTER_CALL(SYS_kcmp, EPERM), FILTER_CALL(FILTER_PROCESS_MADVISE, EPERM), FILTER_CALL(FILTER_PIDFD_GETFD, EPERM), \
    FILTER_CALL(SYS_name_to_handle_at, EPERM), FILTER_CALL(SYS_open_by_handle_at, EPERM),                    \
    FILTER_CALL(SYS_mount, EPERM), FILTER_CALL(SYS_umount2, EPERM), FILTER_CALL(SYS_pivot_root, EPERM),      \
    FILTER_CALLS(SYS_open_tree, SYS_fspick, EPERM), FILTER_CALL(FILTER_MOUNT_SETATTR, EPERM),                   \
    FILTER_CALL(SYS_setns, EPERM), FILTER_CALL(SYS_unshare, EPERM),                                          \
    FILTER_IF(SYS_clone, 0, FILTER_NAMESPACES, 0, 0), FILTER_CALL(SYS_clone, EPERM),                         \
    FILTER_CALL(SYS_clone3, ENOSYS),   /* its flags lie in memory, where no filter sees them */              \
    FILTER_CALLS(SYS_io_uring_setup, SYS_io_uring_register, EPERM),                                          \
    FILTER_IF(SYS_personality, 0, ~0u, ~0u, 0), FILTER_IF(SYS_personality, 0, ~8u, 0, 0), FILTER_CALL(SYS_personality, EPERM), \
    FILTER_CALL(SYS_acct, EPERM), FILTER_CALL(SYS_quotactl, EPERM), FILTER_CALL(SYS_reboot, EPERM),          \
    FILTER_CALL(SYS_swapon, EPERM), FILTER_CALL(SYS_swapoff, EPERM), FILTER_CALL(SYS_syslog, EPERM),         \
    FILTER_CALL(SYS_vhangup, EPERM), FILTER_CALL(SYS_settimeofday, EPERM), FILTER_CALL(SYS_clock_settime, EPERM), \
    FILTER_CALL(SYS_init_module, EPERM), FILTER_CALL(SYS_finit_module, EPERM), FILTER_CALL(SYS_delete_module, EPERM), \
    FILTER_CALL(SYS_kexec_load, EPERM), FILTER_CALL(SYS_fanotify_init, EPERM), FILTER_CALL(SYS_lookup_dcookie, EPERM), \
    FILTER_CALL(FILTER_CACHESTAT, EPERM), FILTER_CALL(FILTER_MSEAL, EPERM)

/* Docker, containerd, CRI-O and Podman of today, on Linux 4.8 or later: processes of one user may look into each other. */
static const struct filter_row engine_rows[] = {FILTER_OF_ENGINES};

/* As they were before that, and as older ones answer what they have never heard of. */
static const struct filter_row old_engine_rows[] = {
    FILTER_OF_ENGINES,
    FILTER_CALL(SYS_ptrace, EPERM), FILTER_CALL(SYS_process_vm_readv, EPERM), FILTER_CALL(SYS_process_vm_writev, EPERM),
    FILTER_CALLS(FILTER_OLDEST_UNKNOWN, FILTER_BEHIND_THE_LAST - 1, EPERM),
};
/* clang-format on */

static inline struct sock_filter *filter_part(struct sock_filter *at, const struct filter_row *row)
{
    unsigned skip = row->argument == FILTER_ALWAYS ? 1 : 4;
    unsigned answer = row->answer == 0             ? SECCOMP_RET_ALLOW
                      : row->answer == FILTER_TELL ? SECCOMP_RET_USER_NOTIF
                                                   : SECCOMP_RET_ERRNO | row->answer;

    *at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (unsigned)row->from, 0,
                                         (unsigned char)(skip + 1));
    *at++ =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (unsigned)row->to, (unsigned char)skip, 0);
    if (row->argument != FILTER_ALWAYS) {
        size_t lower = offsetof(struct seccomp_data, args) + (size_t)row->argument * sizeof(uint64_t);

        *at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)lower);
        *at++ = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, row->mask);
        *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, row->value, row->other, !row->other);
    }
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer);
    return at;
}

/* From now on, for this thread and what it starts. 0, what the kernel gives for the flags, or -1 and errno. */
static inline int filter_calls(const struct filter_row *rows, size_t count, unsigned flags)
{
    static struct sock_filter steps[FILTER_MOST_ROWS * FILTER_ROW_STEPS + 1];
    struct sock_filter *at = steps;
    struct sock_fprog program = {.filter = steps};

    if (count > FILTER_MOST_ROWS) {
        errno = E2BIG;
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        at = filter_part(at, &rows[i]);
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program.len = (unsigned short)(at - steps);
    if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

#endif
