/*
 * Names of sections when processes are killed between any two steps, when each system call fails once, and where
 * others have been before: afterwards no name is left that nobody holds, and none is lost that somebody holds.
 */
#include "support/apart.h"
#include "support/dying.h"
#include "support/footprint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <windows.h>
#include <winmem.h>

#include "kern/faults.h"
#include "support/large_pool.h"

enum { BYTES = 0x10000, STEPS_MAX = 200, ANOTHER_USER = 65534 };

#define MINE "/dev/shm/winmem-0"

static char name[64];

static void choose_name(void)
{
    snprintf(name, sizeof name, "winmem-test-%d", getpid());
}

/* Where the bytes of the section are: with its name, or elsewhere. */
enum kind { IN_MEMORY, IN_PIECES, IN_A_FILE, IN_LARGE_PAGES, KINDS };

static enum kind kind;

enum { LARGE_BYTES = 0x200000 };

/* Of a file without a path: only who has it can be asked for it. */
static HANDLE create_of_file(void)
{
    static int fd;
    HANDLE file, section;

    if (fd == 0)
        fd = memfd_create("winmem-test", MFD_CLOEXEC);
    file = WinmemHandleFromFd(fd, GENERIC_READ | GENERIC_WRITE);
    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, BYTES, name);
    CloseHandle(file);
    return section;
}

static HANDLE create(void)
{
    SetLastError(0xdead);
    switch (kind) {
    case IN_A_FILE: return create_of_file();
    case IN_LARGE_PAGES:
        return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT | SEC_LARGE_PAGES,
                                  0, LARGE_BYTES, name);
    case IN_PIECES:
        return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0, BYTES, name);
    default: return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, BYTES, name);
    }
}

static bool has_kind(enum kind which)
{
    kind = which;
    return which != IN_LARGE_PAGES || pool_set(4, 0);
}

static HANDLE open_it(void)
{
    SetLastError(0xdead);
    return OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, name);
}

/* Can its first page be touched now? */
static bool is_committed(BYTE *p)
{
    return kind != IN_PIECES || VirtualAlloc(p, 1, MEM_COMMIT, PAGE_READWRITE) != NULL;
}

static BYTE *show(HANDLE handle)
{
    BYTE *p = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);

    assert_non_null(p);
    assert_true(is_committed(p));
    return p;
}

static void is_gone(void)
{
    assert_null(open_it());
    assert_int_equal(GetLastError(), ERROR_FILE_NOT_FOUND);
}

/* How many files of the directory have this one's name in theirs, or none that an object can have. */
static int files_left(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    int count = 0;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        count += strstr(entry->d_name, name) != NULL || strncmp(entry->d_name, "t-", 2) == 0;
    if (dir != NULL)
        closedir(dir);
    return count;
}

static void directory_of_user(char path[64])
{
    snprintf(path, 64, "/dev/shm/winmem-%u", geteuid());
}

static void nothing_is_left(void)
{
    char path[64];

    directory_of_user(path);
    is_gone();
    assert_int_equal(files_left(path), 0);
}

/* --- killed --- */

/* What a process may be doing when it dies: each ends what it began. */
static void life_of_a_maker(void)
{
    HANDLE handle = create();
    BYTE *p = handle != NULL ? MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0) : NULL;

    if (p != NULL && is_committed(p))
        p[0] = 1;
    CloseHandle(handle);
}

static void life_of_a_finder(void)
{
    HANDLE first = open_it(), second = open_it();

    CloseHandle(first);
    CloseHandle(second);
}

/* Processes of their own, of which one has the name until their pipe closes: the one that made it, or a child of it. */
struct holder {
    pid_t maker;
    int stop, stopped;
};

static void hold_it(bool by_child, int ready, int stop)
{
    char c = 0;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    show(create())[1] = 77;
    if (by_child && fork() != 0)
        _exit(0);
    c = (char)(write(ready, "x", 1) != 1);
    _exit(read(stop, &c, 1) != 0);
}

static struct holder hold(bool by_child)
{
    int ready[2], stop[2];
    struct holder holder;
    char c = 0;

    assert_true(pipe(ready) == 0 && pipe(stop) == 0);
    holder.maker = fork();
    if (holder.maker == 0) {
        close(stop[1]);
        hold_it(by_child, ready[1], stop[0]);
    }
    close(ready[1]), close(stop[0]);
    assert_int_equal(read(ready[0], &c, 1), 1);
    holder.stop = stop[1];
    holder.stopped = ready[0];
    return holder;
}

static void end_holder(const struct holder *holder)
{
    char c;

    close(holder->stop);
    assert_int_equal(read(holder->stopped, &c, 1), 0); /* the last of them has ended */
    close(holder->stopped);
    assert_int_equal(waitpid(holder->maker, NULL, 0), holder->maker);
}

static unsigned kills;

/* Each step of a life is its last one, before the kernel has done it and after. */
static void killed_at_each_step(void (*live)(void), void (*look)(void))
{
    for (int after = 0; after < 2; after++)
        for (unsigned step = 1; step < STEPS_MAX && dies_at(live, step, after); step++) {
            kills++;
            look();
        }
}

static void killed_without_a_holder(void **state)
{
    (void)state;
    choose_name();
    is_gone();
    for (int i = 0; i < KINDS; i++)
        if (has_kind(i))
            killed_at_each_step(life_of_a_maker, nothing_is_left);
    assert_in_range(kills, 200, KINDS * 2 * STEPS_MAX);
}

static void is_held_still(void)
{
    HANDLE handle = open_it();
    BYTE *p;

    assert_non_null(handle);
    p = show(handle);
    assert_int_equal(p[1], 77);
    assert_true(UnmapViewOfFile(p) && CloseHandle(handle));
}

static void killed_beside(bool child)
{
    struct holder holder = hold(child);

    killed_at_each_step(life_of_a_maker, is_held_still);
    killed_at_each_step(life_of_a_finder, is_held_still);
    end_holder(&holder);
    nothing_is_left();
}

static void killed_beside_a_holder(void **state)
{
    (void)state;
    choose_name();
    for (int i = 0; i < KINDS; i++)
        if (has_kind(i))
            killed_beside(false);
    assert_in_range(kills, 200, KINDS * 4 * STEPS_MAX);
}

/*
 * The one that the name's file tells of has ended: whoever comes looks for another who has the bytes, is killed at it, or
 * when he has just told of himself.
 */
static void killed_while_looking_for_the_holder(void **state)
{
    (void)state;
    choose_name();
    (void)has_kind(IN_A_FILE);
    for (int after = 0; after < 2; after++)
        for (unsigned step = 1; step < STEPS_MAX; step++) {
            struct holder holder = hold(true);
            bool died = dies_at(life_of_a_finder, step, after);

            kills++;
            is_held_still();
            end_holder(&holder);
            nothing_is_left();
            if (!died)
                break;
        }
    assert_in_range(kills, 40, 2 * STEPS_MAX);
}

/* Two that make and close it in turn are killed at one step each: whatever they leave together is found to be nothing. */
static void killed_while_another_dies(void **state)
{
    (void)state;
    choose_name();
    for (unsigned step = 1; step < 120; step++) {
        pid_t first = begin_life(life_of_a_maker, step, true), second;

        (void)has_kind(step % 2 ? IN_MEMORY : IN_A_FILE); /* two kinds of one name meet as well */
        second = begin_life(life_of_a_maker, 1 + step * 7 % 59, false);

        assert_int_equal(waitpid(first, NULL, 0), first);
        assert_int_equal(waitpid(second, NULL, 0), second);
        nothing_is_left();
    }
}

/* --- a system call fails --- */

static void fails_once(unsigned n, int error)
{
    HANDLE first, second;
    DWORD why;

    wm_fault_nth(n, error);
    first = create();
    why = GetLastError();
    second = open_it();
    if (first == NULL)
        assert_true(why != 0 && why != 0xdead);
    if (first != NULL)
        assert_true(CloseHandle(first));
    if (second != NULL)
        assert_true(CloseHandle(second));
    wm_fault_nth(0, 0);
    nothing_is_left();
}

static void each_call_fails_once(void **state)
{
    static const int errors[] = {ENOMEM, EACCES, ENOSPC, EMFILE, EINTR, ENOSYS, EOPNOTSUPP};
    int before;

    (void)state;
    choose_name();
    for (int which = 0; which < KINDS; which++) {
        if (!has_kind(which))
            continue;
        fails_once(0, 0);
        before = descriptors();
        for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
            for (unsigned n = 1; n < 80; n++) {
                fails_once(n, errors[i]);
                assert_int_equal(descriptors(), before);
            }
    }
}

/* Below this number so many descriptors are free that may be the library's. */
static rlim_t limit_of(unsigned left)
{
    rlim_t fd = 3;

    for (unsigned count = 0; count < left || fcntl((int)fd, F_GETFD) >= 0; fd++)
        count += fcntl((int)fd, F_GETFD) < 0;
    return fd;
}

static void few_are_left(HANDLE (*get)(void))
{
    int before = descriptors();
    struct rlimit limit, few;
    HANDLE handle = NULL;
    unsigned left;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    few = limit;
    for (left = 0; left < 8 && handle == NULL; left++) {
        few.rlim_cur = limit_of(left);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        handle = get();
        assert_true(handle != NULL || GetLastError() == ERROR_TOO_MANY_OPEN_FILES);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_in_range(left, 2, 7); /* none did not suffice */
    assert_true(CloseHandle(handle));
    assert_int_equal(descriptors(), before);
}

static void no_descriptor_is_left(void **state)
{
    HANDLE handle;

    (void)state;
    choose_name();
    for (int i = 0; i < KINDS; i++) {
        if (!has_kind(i))
            continue;
        assert_true(CloseHandle(create()));
        few_are_left(create);
        handle = create();
        few_are_left(open_it);
        assert_true(CloseHandle(handle));
        nothing_is_left();
    }
}

/* --- where others have been before --- */

/* A /dev/shm of our own, in a mount namespace of our own. */
static void new_shm(const char *options)
{
    choose_name();
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, options) != 0)
        skip();
    assert_int_equal(mount("run", "/run", "tmpfs", 0, "mode=755"), 0);
    unsetenv("XDG_RUNTIME_DIR");
}

static void is_denied(void)
{
    assert_null(create());
    assert_int_equal(GetLastError(), ERROR_ACCESS_DENIED);
    assert_null(open_it());
    assert_int_equal(GetLastError(), ERROR_ACCESS_DENIED);
}

static void works_in(const char *directory)
{
    HANDLE handle = create();

    assert_non_null(handle);
    assert_int_equal(files_left(directory), 1);
    assert_true(CloseHandle(handle));
    is_gone();
}

static void a_squatted_directory_is_not_used(void **state)
{
    (void)state;
    new_shm("mode=1777");
    assert_true(mkdir(MINE, 0700) == 0 && chown(MINE, ANOTHER_USER, ANOTHER_USER) == 0);
    is_denied();
    assert_true(mkdir("/run/user", 0755) == 0 && mkdir("/run/user/0", 0700) == 0);
    works_in("/run/user/0/winmem");
}

static void a_directory_that_others_may_enter_is_not_used(void **state)
{
    (void)state;
    new_shm("mode=1777");
    assert_true(mkdir(MINE, 0700) == 0 && chmod(MINE, 0755) == 0);
    is_denied();
    assert_int_equal(chmod(MINE, 0700), 0);
    works_in(MINE);
    assert_int_equal(chmod(MINE, 0770), 0); /* it is looked at each time */
    is_denied();
}

static void a_symlink_is_not_followed(void **state)
{
    char path[160];
    struct stat st;

    (void)state;
    new_shm("mode=1777");
    assert_true(mkdir("/run/elsewhere", 0700) == 0 && symlink("/run/elsewhere", MINE) == 0);
    is_denied();
    assert_int_equal(unlink(MINE), 0);
    works_in(MINE);
    snprintf(path, sizeof path, MINE "/l-%s", name);
    assert_int_equal(symlink("/run/target", path), 0);
    is_denied();
    assert_true(stat("/run/target", &st) != 0 && unlink(path) == 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    is_denied();
    assert_int_equal(unlink(path), 0);
    works_in(MINE);
}

static void without_dev_shm(void **state)
{
    (void)state;
    new_shm("mode=1777");
    assert_int_equal(mount("dev", "/dev", "tmpfs", 0, "mode=755"), 0);
    is_denied();
    assert_true(mkdir("/run/mine", 0700) == 0 && setenv("XDG_RUNTIME_DIR", "/run/mine", 1) == 0);
    works_in("/run/mine/winmem");
}

static void a_full_file_system_is_an_error_and_no_signal(void **state)
{
    HANDLE handle;

    (void)state;
    new_shm("mode=1777,size=1m");
    assert_null(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x200000, name));
    assert_int_equal(GetLastError(), ERROR_COMMITMENT_LIMIT);
    nothing_is_left();
    handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0xc0000, name);
    assert_non_null(handle);
    memset(show(handle), 1, 0xc0000);
    assert_true(CloseHandle(handle));
    nothing_is_left();
}

/* Held, and with the head of something that this library does not know. */
static void a_name_of_another_kind(void **state)
{
    static const char zeroes[0x2000];
    char path[160];
    int fd;

    (void)state;
    new_shm("mode=1777");
    works_in(MINE);
    snprintf(path, sizeof path, MINE "/l-%s", name);
    fd = open(path, O_RDWR | O_CREAT, 0600);
    assert_true(fd >= 0 && write(fd, zeroes, sizeof zeroes) == sizeof zeroes && flock(fd, LOCK_SH) == 0);
    assert_null(create());
    assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
    assert_null(open_it());
    assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
    close(fd);
    works_in(MINE);
}

static void two_users_do_not_meet(void **state)
{
    HANDLE mine;
    BYTE *p;
    int status = 1;
    pid_t pid;

    (void)state;
    new_shm("mode=1777");
    mine = create();
    p = show(mine);
    p[0] = 1;
    pid = fork();
    if (pid == 0) {
        HANDLE theirs;

        assert_int_equal(setresuid(ANOTHER_USER, ANOTHER_USER, ANOTHER_USER), 0);
        assert_null(open_it());
        assert_int_equal(GetLastError(), ERROR_FILE_NOT_FOUND);
        theirs = create();
        assert_int_equal(GetLastError(), 0);
        _exit(show(theirs)[0] != 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(p[0], 1);
    assert_true(CloseHandle(mine));
    is_gone();
}

/* What is left behind by those who were killed goes when others make names. */
static void others_sweep(void **state)
{
    char own[64];

    (void)state;
    new_shm("mode=1777");
    memcpy(own, name, sizeof own);
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "%.40s-%d", own, i);
        assert_true(dies_at(life_of_a_maker, 24, false));
    }
    memcpy(name, own, sizeof own);
    for (int i = 0; i < 100; i++)
        assert_true(CloseHandle(create()));
    assert_int_equal(files_left(MINE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_without_a_holder),
        cmocka_unit_test(killed_beside_a_holder),
        cmocka_unit_test(killed_while_looking_for_the_holder),
        cmocka_unit_test(killed_while_another_dies),
        cmocka_unit_test(each_call_fails_once),
        cmocka_unit_test(no_descriptor_is_left),
        cmocka_unit_test(a_squatted_directory_is_not_used),
        cmocka_unit_test(a_directory_that_others_may_enter_is_not_used),
        cmocka_unit_test(a_symlink_is_not_followed),
        cmocka_unit_test(without_dev_shm),
        cmocka_unit_test(a_full_file_system_is_an_error_and_no_signal),
        cmocka_unit_test(a_name_of_another_kind),
        cmocka_unit_test(two_users_do_not_meet),
        cmocka_unit_test(others_sweep),
    };

    return RUN_APART(tests);
}
