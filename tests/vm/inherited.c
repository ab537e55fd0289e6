/*
 * Handles that exec passes on, when each system call fails once on either side, when a process is killed between any two
 * steps, and when what is passed on is not what the library wrote: the program that finds it must not be harmed.
 */
#include "support/apart.h"
#include "support/footprint.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <windows.h>

#include "kern/faults.h"

#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#endif

extern char **environ;

enum { BYTES = 0x1000, MARK = 0x5a, STEPS_MAX = 400, GONE = 100, NOTHING = 101, WEIRD = 102, HANDLES = 4 };

static SECURITY_ATTRIBUTES inheriting = {sizeof inheriting, NULL, TRUE};

static char name[64];

/* The number of the descriptor that has this in its name, or -1. */
static int descriptor_of(const char *what)
{
    char path[64], target[200];

    for (int fd = 3; fd < 200; fd++) {
        ssize_t length;

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        if (strstr(target, what) != NULL)
            return fd;
    }
    return -1;
}

/* --- the program that exec starts --- */

/* What of a handle can be used is used. */
static int use(HANDLE handle)
{
    BYTE *p = MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0);
    DWORD flags = 0;
    BOOL state;
    int result = p != NULL && !IsBadReadPtr(p, 1) ? *p : NOTHING; /* it may be reserved, by what it says */

    if (p != NULL)
        UnmapViewOfFile(p);
    if (!GetHandleInformation(handle, &flags))
        return GetLastError() == ERROR_INVALID_HANDLE ? GONE : WEIRD;
    if (p == NULL) {
        WaitForSingleObject(handle, 0);
        GetProcessId(handle);
        QueryMemoryResourceNotification(handle, &state);
    }
    SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0);
    return result;
}

/* The first call of the library that needs its handles is one in which a system call fails. */
__attribute__((constructor)) static void be_the_child(void)
{
    const char *rest = getenv("INHERITED");
    unsigned long value[3 + HANDLES] = {0};
    int result = 0;
    DWORD flags;
    char *end;

    if (rest == NULL)
        return;
    alarm(20);
    for (int i = 0; i < 3 + HANDLES && *rest != '\0'; i++, rest = end)
        value[i] = strtoul(rest, &end, 16);
    wm_fault_nth((unsigned)value[0], (int)value[1]);
    GetHandleInformation((HANDLE)value[3], &flags);
    if (value[0] != 0 && wm_fault_count() < value[0])
        _exit(NOTHING);
    wm_fault_nth(0, 0);
    for (int i = 0; i < HANDLES && value[3 + i] != 0; i++)
        result = use((HANDLE)value[3 + i]);
    for (int i = 0; i < HANDLES && value[3 + i] != 0 && value[2] != 0; i++)
        CloseHandle((HANDLE)value[3 + i]);
    _exit(result);
}

static pid_t begin(unsigned step, int error, bool closes, const HANDLE *handles, int count)
{
    char text[200];
    char *const argv[] = {(char *)"inherited", NULL};
    int at = snprintf(text, sizeof text, "%x %x %x", step, error, closes);
    pid_t pid;

    for (int i = 0; i < count; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, " %lx", (unsigned long)(uintptr_t)handles[i]);
    setenv("INHERITED", text, 1);
    pid = vfork();
    if (pid == 0) {
        execve("/proc/self/exe", argv, environ);
        _exit(120);
    }
    unsetenv("INHERITED");
    assert_true(pid > 0);
    return pid;
}

/* What it said of the last handle; or minus the signal that ended it. */
static int end_of(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0)
        ;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int child_of(HANDLE handle)
{
    return end_of(begin(0, 0, false, &handle, 1));
}

/* --- what it is given --- */

static HANDLE named_section(SECURITY_ATTRIBUTES *security)
{
    HANDLE handle;
    BYTE *p;

    snprintf(name, sizeof name, "winmem-test-inherited-%d", getpid());
    handle = CreateFileMappingA(INVALID_HANDLE_VALUE, security, PAGE_READWRITE, 0, BYTES, name);
    p = handle == NULL ? NULL : MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);
    if (p != NULL) {
        *p = MARK;
        UnmapViewOfFile(p);
    }
    return handle;
}

static HANDLE must_make(void)
{
    HANDLE handle = named_section(NULL);

    assert_non_null(handle);
    return handle;
}

static bool inherits(HANDLE handle)
{
    DWORD flags = 0;

    assert_true(GetHandleInformation(handle, &flags));
    return flags == HANDLE_FLAG_INHERIT;
}

/* --- a system call fails --- */

static const int errors[] = {EMFILE, ENOMEM, EACCES};

static void nothing_or_all(HANDLE handle, bool expected)
{
    assert_int_equal(inherits(handle), expected);
    assert_int_equal(child_of(handle), expected ? MARK : GONE);
}

/* False: the call came to its end before that. */
static bool fails_at(HANDLE handle, BOOL wanted, unsigned step, int error)
{
    int before;
    BOOL done, reached;

    assert_true(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, wanted ? 0 : HANDLE_FLAG_INHERIT));
    before = descriptors();
    wm_fault_nth(step, error);
    done = SetHandleInformation(handle, HANDLE_FLAG_INHERIT, wanted ? HANDLE_FLAG_INHERIT : 0);
    reached = wm_fault_count() >= step;
    wm_fault_nth(0, 0);
    nothing_or_all(handle, done ? wanted : !wanted);
    if (!done)
        assert_int_equal(descriptors(), before);
    return reached;
}

static void each_call_fails_once(void **state)
{
    HANDLE handle = must_make(),
           another = CreateFileMappingA(INVALID_HANDLE_VALUE, &inheriting, PAGE_READWRITE, 0, BYTES, NULL);
    unsigned steps = 0;

    (void)state;
    assert_non_null(another);
    for (int i = 0; i < 3; i++)
        for (int wanted = 0; wanted < 2; wanted++)
            for (unsigned step = 1; step < STEPS_MAX && fails_at(handle, wanted, step, errors[i]); step++)
                steps++;
    assert_in_range(steps, 15, 3 * STEPS_MAX);
    assert_int_equal(child_of(another), 0);
}

/* However it is closed, no descriptor is left for a child. */
static void closing_fails_at_each_call(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        for (unsigned step = 1; step < 40; step++) {
            HANDLE handle = must_make();
            int before = descriptors();

            assert_true(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
            wm_fault_nth(step, errors[i]);
            assert_true(CloseHandle(handle));
            wm_fault_nth(0, 0);
            assert_int_equal(child_of(handle), GONE);
            handle = must_make(); /* and nothing here, once there is one more change */
            assert_true(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
            assert_true(CloseHandle(handle));
            assert_in_range(descriptors(), before - 2, before);
        }
}

static void a_child_fails_at_each_call(void **state)
{
    HANDLE handles[] = {must_make(), CreateMemoryResourceNotification(LowMemoryResourceNotification),
                        OpenProcess(PROCESS_ALL_ACCESS, TRUE, GetCurrentProcessId()), NULL};
    int result = 0;

    (void)state;
    handles[3] = handles[0];
    assert_true(SetHandleInformation(handles[0], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    assert_true(SetHandleInformation(handles[1], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    for (int i = 0; i < 3; i++)
        for (unsigned step = 1; step < STEPS_MAX && result != NOTHING; step++) {
            result = end_of(begin(step, errors[i], true, handles, 4));
            assert_true(result == MARK || result == GONE || result == NOTHING);
        }
    assert_int_equal(end_of(begin(0, 0, false, handles, 4)), MARK);
}

/* --- killed --- */

static void change_it(HANDLE handle)
{
    HANDLE more;

    SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    more = CreateFileMappingA(INVALID_HANDLE_VALUE, &inheriting, PAGE_READWRITE, 0, BYTES, NULL);
    SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0);
    CloseHandle(more);
}

static bool dies_at(HANDLE handle, unsigned step)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        wm_fault_die_at(step, true);
        change_it(handle);
        _exit(0);
    }
    return end_of(pid) == -SIGKILL;
}

/* Whoever dies leaves nothing in what he shares with others: his parent's testament is none of it. */
static void killed_at_each_step(void **state)
{
    HANDLE handle = must_make();
    unsigned step = 1;

    (void)state;
    assert_true(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    while (step < STEPS_MAX && dies_at(handle, step)) {
        assert_int_equal(child_of(handle), MARK);
        step++;
    }
    assert_in_range(step, 20, STEPS_MAX - 1);
    assert_true(CloseHandle(handle));
    assert_null(OpenFileMappingA(FILE_MAP_READ, FALSE, name));
}

/* --- what is passed on is something else --- */

struct will {
    unsigned char bytes[8192];
    size_t length;
};

static void leave(const struct will *will)
{
    int fd = memfd_create("winmem-inherited", MFD_ALLOW_SEALING), genuine = descriptor_of("memfd:winmem-inh");

    assert_true(fd >= 0 && genuine >= 0);
    assert_int_equal(write(fd, will->bytes, will->length), will->length);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, 15), 0);
    assert_int_equal(dup2(fd, genuine), genuine);
    close(fd);
}

static void a_child_survives(const HANDLE *handles, int count)
{
    int result = end_of(begin(0, 0, true, handles, count));

    if (result < 0 || result == WEIRD)
        fail_msg("it ended with %d", result);
}

static void a_testament_that_is_none(void **state)
{
    HANDLE handles[] = {must_make(), CreateMemoryResourceNotification(LowMemoryResourceNotification),
                        OpenProcess(PROCESS_ALL_ACCESS, TRUE, GetCurrentProcessId())};
    static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
    struct will genuine, will;
    int fd;

    (void)state;
    assert_true(SetHandleInformation(handles[0], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    assert_true(SetHandleInformation(handles[1], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    fd = descriptor_of("memfd:winmem-inh");
    genuine.length = (size_t)pread(fd, genuine.bytes, sizeof genuine.bytes, 0);
    assert_in_range(genuine.length, 100, sizeof genuine.bytes);
    for (size_t at = 0; at < genuine.length; at++) {
        will = genuine;
        will.bytes[at] = (unsigned char)(values[at % 5] == will.bytes[at] ? 0x55 : values[at % 5]);
        leave(&will);
        a_child_survives(handles, 3);
    }
    for (size_t length = 0; length < genuine.length; length += 29) {
        will = genuine;
        will.length = length;
        leave(&will);
        a_child_survives(handles, 3);
    }
    leave(&genuine);
    assert_int_equal(end_of(begin(0, 0, false, handles, 1)), MARK);
}

/* The same text in a file that somebody may still change is not looked at. */
static void a_testament_that_is_not_sealed(void **state)
{
    HANDLE handle = must_make();
    struct will genuine;
    int fd, genuine_fd;

    (void)state;
    assert_true(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    genuine_fd = descriptor_of("memfd:winmem-inh");
    genuine.length = (size_t)pread(genuine_fd, genuine.bytes, sizeof genuine.bytes, 0);
    fd = memfd_create("winmem-inherited", MFD_ALLOW_SEALING);
    assert_int_equal(write(fd, genuine.bytes, genuine.length), genuine.length);
    assert_int_equal(dup2(fd, genuine_fd), genuine_fd);
    close(fd);
    assert_int_equal(child_of(handle), GONE);
}

/* Of a parent that has gone on meanwhile; its descriptors are others. */
static void a_testament_that_is_stale(void **state)
{
    HANDLE handle = must_make(), next;
    struct will old;
    int fd;

    (void)state;
    assert_true(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    fd = descriptor_of("memfd:winmem-inh");
    old.length = (size_t)pread(fd, old.bytes, sizeof old.bytes, 0);
    assert_true(CloseHandle(handle));
    next = CreateFileMappingA(INVALID_HANDLE_VALUE, &inheriting, PAGE_READWRITE, 0, BYTES, NULL);
    assert_non_null(next);
    leave(&old);
    assert_int_equal(child_of(handle), GONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_fails_once),       cmocka_unit_test(closing_fails_at_each_call),
        cmocka_unit_test(a_child_fails_at_each_call), cmocka_unit_test(killed_at_each_step),
        cmocka_unit_test(a_testament_that_is_none),   cmocka_unit_test(a_testament_that_is_not_sealed),
        cmocka_unit_test(a_testament_that_is_stale),
    };

    return RUN_APART(tests);
}
