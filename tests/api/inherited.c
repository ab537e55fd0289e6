/*
 * Handles that exec passes on. This program is its own child: begun again with a variable that names a part, and the
 * values of handles, it plays that part and says by its exit code how it went.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "names.h"

extern char **environ;

enum { HANDLES_MAX = 8, OFFSET = 17, OK = 0, WRONG = 1, TESTAMENT = 1, SECTIONS = 2, MARK = 0x5a };

static HANDLE const self = (HANDLE)(intptr_t)-1;

/* --- what the child sees --- */

/* Descriptors of this process whose file has this in its name. */
static int count_of(const char *name)
{
    DIR *all = opendir("/proc/self/fd");
    struct dirent *entry;
    char path[300], target[300];
    int count = 0;

    while (all != NULL && (entry = readdir(all)) != NULL) {
        ssize_t length;

        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        count += strstr(target, name) != NULL;
    }
    if (all != NULL)
        closedir(all);
    return count;
}

static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0x100;

    return GetHandleInformation(handle, &flags) ? flags : 0x80 | GetLastError();
}

/* Adds one to the byte that the section has, which is then what comes back. */
static int count_up(HANDLE handle)
{
    BYTE *p = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);

    return p == NULL ? 200 : ++p[OFFSET];
}

static int part_count_up(HANDLE *h)
{
    return count_up(h[0]);
}

static int part_flags(HANDLE *h)
{
    return (int)flags_of(h[0]);
}

static int part_descriptors(HANDLE *h)
{
    (void)h;
    return count_of("memfd:winmem-section") * 16 + count_of("memfd:winmem-inherited");
}

/* Which of them are open, a bit each. */
static int part_open(HANDLE *h)
{
    int open = 0;

    for (int i = 0; i < HANDLES_MAX && h[i] != NULL; i++)
        open |= flags_of(h[i]) <= 3 ? 1 << i : 0;
    return open;
}

static int part_compare(HANDLE *h)
{
    return (CompareObjectHandles(h[0], h[1]) ? 1 : 0) | (CompareObjectHandles(h[0], h[2]) ? 2 : 0);
}

/* New handles stand beside those that came. */
static int part_make_more(HANDLE *h)
{
    for (int i = 0; i < 100; i++) {
        HANDLE more = section(PAGE, PAGE_READWRITE);

        for (int j = 0; h[j] != NULL; j++)
            if (more == h[j])
                return WRONG;
    }
    return count_up(h[0]) == MARK + 1 ? OK : WRONG;
}

static int part_close(HANDLE *h)
{
    if (!CloseHandle(h[0]) || CloseHandle(h[0]))
        return WRONG;
    return part_descriptors(h);
}

static int part_parent(HANDLE *h)
{
    return GetProcessId(h[0]) == (DWORD)getppid() ? OK : WRONG;
}

static int part_ended(HANDLE *h)
{
    return WaitForSingleObject(h[0], 0) == WAIT_OBJECT_0 ? OK : WRONG;
}

static int part_notification(HANDLE *h)
{
    BOOL state;

    return QueryMemoryResourceNotification(h[0], &state) ? OK : WRONG;
}

static int part_rights(HANDLE *h)
{
    if (MapViewOfFile(h[0], FILE_MAP_READ, 0, 0, 0) == NULL)
        return WRONG;
    return MapViewOfFile(h[0], FILE_MAP_WRITE, 0, 0, 0) == NULL && GetLastError() == ERROR_ACCESS_DENIED
               ? OK
               : WRONG;
}

static int part_extend(HANDLE *h)
{
    BYTE *p = MapViewOfFile(h[0], FILE_MAP_WRITE, 0, 0, 0);

    if (p == NULL || memcmp(p, "text", 4) != 0)
        return WRONG;
    memcpy(p, "TEXT", 4);
    return OK;
}

static int part_not_found(HANDLE *h);
static int part_pass_on(HANDLE *h);
static int part_file(HANDLE *h);
static int part_whole(HANDLE *h);

struct part {
    const char *name;
    int (*play)(HANDLE *h);
};

#define PART(name)                                                                                           \
    {                                                                                                        \
#name, part_##name                                                                                   \
    }

static const struct part parts[] = {
    PART(count_up), PART(flags),   PART(descriptors), PART(open),         PART(compare), PART(make_more),
    PART(close),    PART(parent),  PART(ended),       PART(notification), PART(rights),  PART(not_found),
    PART(extend),   PART(pass_on), PART(file),        PART(whole),
};

/* --- being the child --- */

__attribute__((constructor)) static void play(void)
{
    const char *role = getenv("INHERITED_PART"), *rest = getenv("INHERITED_HANDLES");
    HANDLE handles[HANDLES_MAX + 1] = {NULL};
    char *end;
    size_t i;

    if (role == NULL || rest == NULL)
        return;
    alarm(20);
    for (i = 0; i < HANDLES_MAX && *rest != '\0'; i++, rest = end)
        handles[i] = (HANDLE)(uintptr_t)strtoull(rest, &end, 16);
    for (i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(parts[i].name, role) == 0)
            _exit(parts[i].play(handles));
    _exit(199);
}

static void set_part(const char *part, HANDLE a, HANDLE b, HANDLE c)
{
    char text[100];

    snprintf(text, sizeof text, "%llx %llx %llx", (unsigned long long)AT(a), (unsigned long long)AT(b),
             (unsigned long long)AT(c));
    setenv("INHERITED_PART", part, 1);
    setenv("INHERITED_HANDLES", text, 1);
}

static int end_of(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

enum how { FORK, VFORK, SPAWN, SHELL, HOWS };

/* Begins this program, or another one that begins it: neither of them uses the library before. */
static pid_t begin(enum how how)
{
    char *const itself[] = {(char *)"inherited", NULL};
    static char path[400];
    char *const by_shell[] = {(char *)"sh", (char *)"-c", (char *)"exec \"$0\"", path, NULL};
    pid_t pid = -1;

    fflush(NULL);
    if (how == SHELL) {
        ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

        MUST(length > 0);
        path[length] = '\0';
        MUST(posix_spawn(&pid, "/bin/sh", NULL, NULL, by_shell, environ) == 0);
    } else if (how == SPAWN) {
        MUST(posix_spawn(&pid, "/proc/self/exe", NULL, NULL, itself, environ) == 0);
    } else {
        pid = how == FORK ? fork() : vfork();
        if (pid == 0) {
            execve("/proc/self/exe", itself, environ);
            _exit(198);
        }
    }
    MUST(pid > 0);
    return pid;
}

static int child_by(enum how how, const char *part, HANDLE a, HANDLE b, HANDLE c)
{
    pid_t pid;

    set_part(part, a, b, c);
    pid = begin(how);
    unsetenv("INHERITED_PART");
    return end_of(pid);
}

static int child(const char *part, HANDLE handle)
{
    return child_by(FORK, part, handle, NULL, NULL);
}

static int part_not_found(HANDLE *h)
{
    (void)h;
    return OpenFileMappingA(FILE_MAP_READ, FALSE, getenv("INHERITED_NAME")) == NULL ? OK : WRONG;
}

/* It has used the handle, and begins one more. */
static int part_pass_on(HANDLE *h)
{
    return count_up(h[0]) == MARK + 1 && child("count_up", h[0]) == MARK + 2 ? OK : WRONG;
}

/* --- handles that are inherited --- */

static SECURITY_ATTRIBUTES inheriting = {sizeof inheriting, NULL, TRUE};

static BYTE *mark(HANDLE handle)
{
    BYTE *p = view(handle, FILE_MAP_WRITE);

    p[OFFSET] = MARK;
    return p;
}

static HANDLE inherited_section(void)
{
    HANDLE handle =
        CreateFileMappingA(INVALID_HANDLE_VALUE, &inheriting, PAGE_READWRITE, 0, (DWORD)GRAIN, NULL);

    MUST(handle != NULL);
    return handle;
}

TEST(inherited, a_child_finds_the_section_under_the_same_value, "L365")
{
    HANDLE handle = inherited_section();
    BYTE *p = mark(handle);

    EXPECT_EQ(child("count_up", handle), MARK + 1);
    EXPECT_EQ(p[OFFSET], MARK + 1);
    EXPECT_EQ(flags_of(handle), HANDLE_FLAG_INHERIT);
    EXPECT_EQ(child("flags", handle), HANDLE_FLAG_INHERIT);
}

TEST(inherited, by_every_way_to_begin_a_program, "L365")
{
    HANDLE handle = inherited_section();

    mark(handle);
    for (enum how how = FORK; how < HOWS; how++)
        EXPECT_EQ(child_by(how, "count_up", handle, NULL, NULL), MARK + 1 + (int)how);
}

TEST(inherited, a_child_passes_on_what_it_has, "L365")
{
    HANDLE handle = inherited_section();

    mark(handle);
    EXPECT_EQ(child("pass_on", handle), OK);
}

TEST(inherited, what_is_not_inheritable_does_not_survive, "L365 L143")
{
    HANDLE passed = inherited_section(), kept = section(GRAIN, PAGE_READWRITE);

    EXPECT_EQ(child_by(FORK, "open", passed, kept, NULL), 1);
    EXPECT_EQ(child("descriptors", passed), 16 + TESTAMENT);
    EXPECT_EQ(child("flags", kept), 0x80 | ERROR_INVALID_HANDLE);
}

TEST(inherited, the_flag_decides_at_the_moment_of_exec, "L365")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);

    EXPECT_EQ(child("descriptors", handle), 0);
    EXPECT_OK(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    EXPECT_EQ(child("flags", handle), HANDLE_FLAG_INHERIT);
    EXPECT_OK(SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    EXPECT_EQ(child("flags", handle), HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE);
    EXPECT_OK(SetHandleInformation(handle, HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    EXPECT_EQ(child("flags", handle), 0x80 | ERROR_INVALID_HANDLE);
    EXPECT_EQ(child("descriptors", handle), 0);
    EXPECT_EQ(count_of("memfd:winmem-inherited"), 0);
}

TEST(inherited, nothing_is_left_when_the_last_is_closed, "L365")
{
    HANDLE one = inherited_section(), two = inherited_section();

    EXPECT_EQ(child("descriptors", one), 2 * 16 + TESTAMENT);
    EXPECT_OK(CloseHandle(one));
    EXPECT_EQ(child("descriptors", two), 16 + TESTAMENT);
    EXPECT_EQ(child_by(FORK, "open", one, two, NULL), 2);
    EXPECT_OK(CloseHandle(two));
    EXPECT_EQ(count_of("memfd:winmem-inherited"), 0);
    EXPECT_EQ(child("descriptors", two), 0);
}

TEST(inherited, a_child_closes_its_own, "L365")
{
    HANDLE handle = inherited_section();

    EXPECT_EQ(child("close", handle), 0);
    EXPECT_EQ(child("flags", handle), HANDLE_FLAG_INHERIT);
}

/* A view keeps the memory, and no descriptor for others. */
TEST(inherited, views_keep_nothing_for_a_child, "L365")
{
    HANDLE handle = inherited_section();

    mark(handle);
    EXPECT_OK(CloseHandle(handle));
    EXPECT_EQ(child("descriptors", handle), 0);
}

TEST(inherited, a_duplicate_is_inherited_if_that_is_asked_for, "L365 D12.4a")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), passed = NULL, kept = NULL, poor = NULL;

    mark(handle);
    MUST(DuplicateHandle(self, handle, self, &passed, 0, TRUE, DUPLICATE_SAME_ACCESS));
    MUST(DuplicateHandle(self, passed, self, &kept, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(DuplicateHandle(self, handle, self, &poor, FILE_MAP_READ, TRUE, 0));
    EXPECT_EQ(flags_of(kept), 0);
    EXPECT_EQ(child_by(FORK, "open", handle, passed, kept), 2);
    EXPECT_EQ(child("count_up", passed), MARK + 1);
    EXPECT_EQ(child("rights", poor), OK);
    EXPECT_EQ(child("descriptors", passed), 16 + TESTAMENT);
    EXPECT_OK(CloseHandle(passed));
    EXPECT_EQ(child("rights", poor), OK);
}

TEST(inherited, handles_to_one_object_are_that_in_the_child, "L365 D12.4e")
{
    HANDLE one = inherited_section(), two = inherited_section(), copy = NULL;

    MUST(DuplicateHandle(self, one, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS));
    EXPECT_EQ(child_by(FORK, "compare", one, copy, two), 1);
}

/* Indexes with gaps, and a generation that is not the first. */
TEST(inherited, any_value_comes_back, "L365 L152")
{
    HANDLE handles[300], last = NULL;
    int i;

    for (i = 0; i < 300; i++)
        handles[i] = section(PAGE, PAGE_READWRITE);
    for (i = 0; i < 300; i++)
        if (i % 100 != 50)
            MUST(CloseHandle(handles[i]));
    for (i = 0; i < 5; i++) {
        last = section(PAGE, PAGE_READWRITE);
        if (i < 4)
            MUST(CloseHandle(last));
    }
    MUST(SetHandleInformation(last, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    MUST(SetHandleInformation(handles[250], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    MUST(SetHandleInformation(handles[50], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    mark(handles[250]);
    EXPECT_EQ(child_by(FORK, "open", handles[50], handles[250], last), 7);
    EXPECT_EQ(child_by(FORK, "open", handles[150], handles[0], handles[299]), 0);
    EXPECT_EQ(child_by(FORK, "make_more", handles[250], handles[50], last), OK);
}

TEST(inherited, many_are, "L365")
{
    enum { MANY = 400 };
    HANDLE handles[MANY];
    int i;

    for (i = 0; i < MANY; i++)
        MUST((handles[i] = inherited_section()) != NULL);
    EXPECT_EQ(child_by(FORK, "open", handles[0], handles[MANY / 2], handles[MANY - 1]), 7);
    for (i = 0; i < MANY; i += 2)
        MUST(CloseHandle(handles[i]));
    EXPECT_EQ(child_by(FORK, "open", handles[0], handles[MANY - 1], handles[1]), 6);
}

/* --- every kind of object --- */

TEST(inherited, a_name_lives_as_long_as_a_child_has_it, "L366 O161")
{
    HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, &inheriting, PAGE_READWRITE, 0, (DWORD)GRAIN,
                                       name_of("inherited"));
    int down[2], up[2];
    char word;
    pid_t pid;

    MUST(handle != NULL && pipe(down) == 0 && pipe(up) == 0);
    mark(handle);
    setenv("INHERITED_NAME", name_of("inherited"), 1);
    EXPECT_EQ(child("count_up", handle), MARK + 1);
    fflush(NULL);
    pid = fork();
    if (pid == 0) { /* a program that knows nothing of it, and goes when nobody writes any more */
        char *const cat[] = {(char *)"cat", NULL};

        dup2(down[0], 0);
        dup2(up[1], 1);
        close(down[1]);
        close(up[0]);
        execv("/bin/cat", cat);
        _exit(198);
    }
    close(down[0]);
    close(up[1]);
    MUST(write(down[1], "x", 1) == 1 && read(up[0], &word, 1) == 1);
    EXPECT_OK(CloseHandle(handle));
    EXPECT_EQ(child("not_found", NULL), WRONG); /* it is found */
    close(down[1]);
    EXPECT_EQ(end_of(pid), 0);
    EXPECT_EQ(child("not_found", NULL), OK);
}

static int file_with(const char *text)
{
    char path[] = "/tmp/winmem-inherited-XXXXXX";
    int fd = mkostemp(path, O_CLOEXEC);

    MUST(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    unlink(path);
    return fd;
}

TEST(inherited, a_section_of_a_file, "L365")
{
    int fd = file_with("text of a file");
    HANDLE file = WinmemHandleFromFd(fd, GENERIC_READ | GENERIC_WRITE), handle;
    char found[5] = "";

    MUST(file != NULL && file != INVALID_HANDLE_VALUE);
    handle = CreateFileMappingA(file, &inheriting, PAGE_READWRITE, 0, 0, NULL);
    MUST(handle != NULL && CloseHandle(file));
    EXPECT_EQ(child("extend", handle), OK);
    EXPECT(pread(fd, found, 4, 0) == 4 && strcmp(found, "TEXT") == 0);
}

static int part_file(HANDLE *h)
{
    char text[5] = "";
    int fd = WinmemFdFromHandle(h[0]);

    return fd >= 0 && read(fd, text, 4) == 4 ? text[0] : WRONG;
}

/* One position for all who have it, as for the handles of one process. */
TEST(inherited, a_file, "L365")
{
    int fd = file_with("abcdefghijkl");
    HANDLE file;

    lseek(fd, 0, SEEK_SET);
    file = WinmemHandleFromFd(fd, GENERIC_READ | GENERIC_WRITE);
    MUST(file != NULL && file != INVALID_HANDLE_VALUE);
    MUST(SetHandleInformation(file, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    EXPECT_EQ(child("file", file), 'a');
    EXPECT_EQ(child("file", file), 'e');
    EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 8);
}

/* The program has put another file in its place, and gives that to the child. */
TEST(inherited, a_descriptor_that_is_another_file_is_not_taken, "L365 L143")
{
    int own = file_with("abcd"), other = open("/dev/null", O_RDONLY | O_CLOEXEC), fd;
    HANDLE file = WinmemHandleFromFd(own, GENERIC_READ);
    struct stat wanted, found;

    MUST(file != NULL && fstat(own, &wanted) == 0);
    MUST(SetHandleInformation(file, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    EXPECT_EQ(child("flags", file), HANDLE_FLAG_INHERIT);
    for (fd = 3; fd < 100; fd++)
        if (fd != own && fstat(fd, &found) == 0 && found.st_ino == wanted.st_ino)
            MUST(dup2(other, fd) == fd);
    EXPECT_EQ(child("flags", file), 0x80 | ERROR_INVALID_HANDLE);
}

TEST(inherited, processes, "L367")
{
    HANDLE own = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, TRUE, GetCurrentProcessId()), other;
    pid_t pid = fork();

    if (pid == 0)
        for (;;)
            pause();
    MUST(own != NULL && pid > 0);
    EXPECT_EQ(child("parent", own), OK);
    other = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, TRUE, (DWORD)pid);
    MUST(other != NULL);
    EXPECT_EQ(child("ended", other), WRONG);
    EXPECT_EQ(child("flags", other), HANDLE_FLAG_INHERIT);
    kill(pid, SIGKILL);
    MUST(end_of(pid) == -SIGKILL);
    EXPECT_EQ(child("ended", other), OK);
}

TEST(inherited, a_notification, "L365")
{
    HANDLE handle = CreateMemoryResourceNotification(LowMemoryResourceNotification);

    MUST(handle != NULL && SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    EXPECT_EQ(child("notification", handle), OK);
}

/* --- what may come between --- */

/* A forked child has handles of its own: what it does to them the parent's children do not see. */
TEST(inherited, a_forked_child_changes_its_own, "L365 L77")
{
    HANDLE handle = inherited_section();
    int end;
    pid_t pid;

    mark(handle);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        HANDLE more = inherited_section();

        end = child_by(FORK, "open", handle, more, NULL) == 3 && CloseHandle(handle) &&
              child_by(FORK, "open", handle, more, NULL) == 2;
        _exit(end ? OK : WRONG);
    }
    EXPECT_EQ(end_of(pid), OK);
    EXPECT_EQ(child("count_up", handle), MARK + 1);
}

/* What the parent does after the fork, and before the child execs, is too late. */
TEST(inherited, the_moment_of_the_fork_counts, "L365")
{
    HANDLE handle = inherited_section();
    int ready[2];
    char word = 0;
    pid_t pid;

    mark(handle);
    MUST(pipe2(ready, O_CLOEXEC) == 0);
    set_part("count_up", handle, NULL, NULL);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        char *const itself[] = {(char *)"inherited", NULL};

        if (read(ready[0], &word, 1) != 1)
            _exit(197);
        execve("/proc/self/exe", itself, environ);
        _exit(198);
    }
    EXPECT_OK(CloseHandle(handle));
    inherited_section();
    MUST(write(ready[1], "x", 1) == 1);
    EXPECT_EQ(end_of(pid), MARK + 1);
}

/* The program closes what it does not know, and may use the numbers itself. */
TEST(inherited, a_program_that_closes_all_passes_nothing_on, "L365 L143")
{
    HANDLE handle = inherited_section(), more;
    int fd;

    for (fd = 3; fd < 100; fd++)
        close(fd);
    EXPECT_EQ(child("flags", handle), 0x80 | ERROR_INVALID_HANDLE);
    for (fd = 3; fd < 30; fd++)
        MUST(open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0);
    more = inherited_section();
    EXPECT_EQ(child_by(FORK, "open", handle, more, NULL), 2);
    for (fd = 3; fd < 30; fd++)
        EXPECT(fcntl(fd, F_GETFD) == FD_CLOEXEC);
}

TEST(inherited, without_a_descriptor_nothing_becomes_inheritable, "L365")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), first = inherited_section();
    struct rlimit limit, none;
    int last;

    getrlimit(RLIMIT_NOFILE, &limit);
    last = fcntl(0, F_DUPFD, 0);
    MUST(last >= 0);
    close(last);
    none = (struct rlimit){(rlim_t)last, limit.rlim_max};
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    EXPECT_FAIL(ERROR_TOO_MANY_OPEN_FILES,
                SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    EXPECT_EQ(flags_of(handle), 0);
    EXPECT_OK(CloseHandle(first));
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_EQ(child_by(FORK, "open", handle, first, NULL), 0);
    EXPECT_OK(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    EXPECT_EQ(child_by(FORK, "open", handle, first, NULL), 1);
}

/* --- threads --- */

static uint32_t threads_stop;

static void churn(void *unused)
{
    (void)unused;
    while (!ATOMIC_GET(threads_stop)) {
        HANDLE a = inherited_section(), b = section(PAGE, PAGE_READWRITE);

        MUST(SetHandleInformation(b, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
        MUST(CloseHandle(a) && SetHandleInformation(b, HANDLE_FLAG_INHERIT, 0) && CloseHandle(b));
    }
}

/* However many descriptors there are in that moment, none is without its row. */
static int part_whole(HANDLE *h)
{
    int sections = count_of("memfd:winmem-section"), open = 0;

    if (count_up(h[0]) < MARK)
        return WRONG;
    for (uintptr_t value = 4; value < 4 * 64; value += 4)
        for (uintptr_t generation = 0; generation < 1024; generation++)
            open += flags_of((HANDLE)(value | generation << 22)) <= 3;
    return open == sections ? OK : WRONG;
}

TEST(inherited, while_other_threads_make_and_close_them, "L365")
{
    HANDLE handle = inherited_section();
    struct check_thread threads[2];
    int i;

    mark(handle);
    for (i = 0; i < 2; i++)
        thread_start(&threads[i], churn, NULL);
    for (i = 0; i < 40; i++) {
        EXPECT_EQ(child_by(i % 2 ? FORK : SPAWN, "whole", handle, NULL, NULL), OK);
        view(handle, FILE_MAP_WRITE)[OFFSET] = MARK;
    }
    ATOMIC_SET(threads_stop, 1);
    for (i = 0; i < 2; i++)
        thread_join(&threads[i]);
}

#endif
