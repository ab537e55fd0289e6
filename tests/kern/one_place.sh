#!/bin/sh
# one_place.sh <src>: descriptors are made in kern/descriptor.c and nowhere else, the environment is only read where
# a set-user-id program may, the book is changed by WM_SPACE_CHANGES, and its lock held by WM_AT_HOME, which no
# return leaves open.
set -u
cd "$1" || exit 1
status=0

# refuse <what> <pattern> <except>: no line of code, comments aside, has it
refuse()
{
    found=$(grep -rnE --include='*.c' --include='*.h' --include='*.S' "$2" . |
        grep -vE "^\./($3):" | grep -vE '^[^:]*:[0-9]*: *(/?\*|//)')
    [ -z "$found" ] && return
    echo "$1:"
    echo "$found"
    status=1
}

calls='open|openat|openat2|creat|open_by_handle_at|open_tree|memfd_create|memfd_secret|userfaultfd|pidfd_open|pidfd_getfd'
calls="$calls|dup|dup2|dup3|pipe|pipe2|socket|socketpair|accept|accept4|eventfd|eventfd2|epoll_create|epoll_create1"
calls="$calls|timerfd_create|signalfd|signalfd4|inotify_init|inotify_init1|fanotify_init|perf_event_open|io_uring_setup"
calls="$calls|fsopen|fsmount|fspick|mq_open|bpf|seccomp"

refuse 'a system call that makes a descriptor' "wm_sys[0-9]\((SYS_|__NR_)($calls)\b" 'kern/descriptor\.c'
refuse 'a system call that duplicates a descriptor' '\bF_DUPFD|\bUFFD_NEW\b|PTRACE_SECCOMP_GET|SCM_RIGHTS' 'kern/descriptor\.c'
refuse 'a function of libc that makes a descriptor' \
    "(^|[^_a-zA-Z0-9>.])($calls|fopen|fdopen|freopen|opendir|popen|tmpfile|mkstemp|shm_open|syscall)\(" \
    'win32/crt/crt(files|handles)\.c' # the program's own descriptors
refuse 'the environment, also of a set-user-id program' '(^|[^_])getenv\(|\benviron\b' \
    'win32/(crt/crtenvironment|program/environment|processes/(createprocess|findprogram))\.c' # a program asks for its own, and gives it on
refuse 'a change to the book that may be left open: WM_SPACE_CHANGES ends by itself' \
    'wm_(space|change)_(begin|end)\(' 'core/space\.[ch]'
refuse 'a lock that may be left taken or dropped: WM_AT_HOME and WM_HOME_CLAIM end by themselves' \
    'wm_(home_(enter|leave|take|claim|unclaim)|(stay|claimed)_(begin|end))\(' 'vm/book/(home|claims)\.[ch]'
exit $status
