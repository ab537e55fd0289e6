/* Sections with a name, in several processes. */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <psapi.h>
#include <signal.h>
#include <sys/syscall.h>

#include "names.h"
#include "turns.h"

static void see_and_answer(struct other *me)
{
    HANDLE handle = create("shared", 3 * GRAIN);
    BYTE *p;

    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    p = view(handle, FILE_MAP_WRITE);
    EXPECT_REGION(p, .size = 2 * GRAIN);
    EXPECT_EQ(p[GRAIN], 42);
    p[GRAIN + 1] = 43;
    stop_here(me);
}

TEST(namedelsewhere, two_processes_with_one_name_share, "O160 O158")
{
    struct other other = begin(see_and_answer);
    BYTE *p = view(create("shared", 2 * GRAIN), FILE_MAP_WRITE);

    p[GRAIN] = 42;
    let_go_on(&other);
    EXPECT_EQ(p[GRAIN + 1], 43);
    end_other(&other);
}

static void hold_it(struct other *me)
{
    HANDLE handle = open_for(FILE_MAP_READ, "held");

    EXPECT_HANDLE(handle);
    stop_here(me);
    MUST(CloseHandle(handle));
    stop_here(me);
}

TEST(namedelsewhere, the_last_handle_of_any_process_keeps_the_name, "O161")
{
    struct other other = begin(hold_it);
    HANDLE handle = create("held", GRAIN);

    let_go_on(&other);
    MUST(CloseHandle(handle));
    handle = open_for(FILE_MAP_READ, "held");
    EXPECT_HANDLE(handle);
    forget_opened();
    let_go_on(&other);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "held"));
    end_other(&other);
}

static void view_it(struct other *me)
{
    HANDLE handle = open_for(FILE_MAP_READ, "viewed");
    BYTE *p = view(handle, FILE_MAP_READ);

    MUST(CloseHandle(handle));
    stop_here(me);
    EXPECT_EQ(p[0], 9);
}

TEST(namedelsewhere, a_view_elsewhere_keeps_the_bytes_and_not_the_name, "O161")
{
    struct other other = begin(view_it);
    HANDLE handle = create("viewed", GRAIN);

    view(handle, FILE_MAP_WRITE)[0] = 9;
    let_go_on(&other);
    MUST(CloseHandle(handle));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "viewed"));
    handle = create("viewed", GRAIN);
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    view(handle, FILE_MAP_WRITE)[0] = 1;
    end_other(&other);
}

static void make_and_wait(struct other *me)
{
    MUST(create("orphan", GRAIN) != NULL);
    stop_here(me);
    for (;;)
        pause();
}

TEST(namedelsewhere, a_killed_process_leaves_no_name, "O161 L334")
{
    struct other other = begin(make_and_wait);
    int status;

    let_go_on(&other);
    EXPECT_HANDLE(open_for(FILE_MAP_READ, "orphan"));
    forget_opened();
    MUST(kill(other.pid, SIGKILL) == 0 && waitpid(other.pid, &status, 0) == other.pid);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "orphan"));
}

/* Nobody is told that there is one. */
static pid_t clone_child(void)
{
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    MUST(pid >= 0);
    if (pid == 0)
        alarm(20);
    return pid;
}

static void child_holds_the_name(pid_t (*make)(void))
{
    HANDLE handle = create("forked", GRAIN);
    int go[2], went[2];
    pid_t pid;

    MUST(pipe(go) == 0 && pipe(went) == 0);
    pid = make();
    if (pid == 0) {
        hear(go[0]);
        EXPECT_HANDLE(open_for(FILE_MAP_READ, "forked"));
        forget_opened();
        MUST(CloseHandle(handle));
        EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "forked"));
        say(went[1], check_failures ? 'f' : 'x');
        _exit(0);
    }
    MUST(CloseHandle(handle));
    EXPECT_HANDLE(open_for(FILE_MAP_READ, "forked"));
    forget_opened();
    say(go[1], 'x');
    EXPECT_EQ(hear(went[0]), 'x');
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "forked"));
    waitpid(pid, NULL, 0);
}

/* What a fork copies holds the name as well. */
TEST(namedelsewhere, a_forked_child_has_the_handle_and_so_the_name, "O161 L333")
{
    child_holds_the_name(fork_child);
}

TEST(namedelsewhere, a_cloned_child_has_the_handle_and_so_the_name, "O161 L333")
{
    child_holds_the_name(clone_child);
}

/* Whoever has a handle finds the name, and under it the same section. */
static int come_and_go(void *seed)
{
    int i;

    for (i = 0; i < 20; i++) {
        HANDLE first = create("crowd", GRAIN), second;
        BYTE *p, *q;
        BYTE mark = (BYTE)(*(int *)seed + i);

        MUST(first != NULL);
        second = OpenFileMappingA(FILE_MAP_WRITE, FALSE, name_of("crowd"));
        MUST(second != NULL);
        p = view(first, FILE_MAP_WRITE);
        q = view(second, FILE_MAP_WRITE);
        p[PAGE + *(int *)seed] = mark;
        EXPECT_EQ(q[PAGE + *(int *)seed], mark);
        MUST(UnmapViewOfFile(p) && UnmapViewOfFile(q) && CloseHandle(second) && CloseHandle(first));
    }
    return check_failures != 0;
}

TEST(namedelsewhere, a_hundred_processes_with_one_name, "O158 O160 O161")
{
    enum { MANY = 100 };
    pid_t children[MANY];
    int i, status;

    names_of();
    for (i = 0; i < MANY; i++) {
        children[i] = fork_child();
        if (children[i] == 0)
            _exit(come_and_go(&i));
    }
    for (i = 0; i < MANY; i++) {
        MUST(waitpid(children[i], &status, 0) == children[i]);
        EXPECT_EQ(status, 0);
    }
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "crowd"));
}

/* A handle that nobody closed: the process that ends does. */
static int leave_it_open(void *unused)
{
    (void)unused;
    exit(create("left", GRAIN) == NULL);
}

TEST(namedelsewhere, who_exits_leaves_no_file, "O161 L334")
{
    char path[300];

    names_of();
    EXPECT_EQ(end_of_child(leave_it_open, NULL), 0);
    snprintf(path, sizeof path, "/dev/shm/winmem-%u/l-%s", geteuid(), name_of("left"));
    EXPECT(access(path, F_OK) != 0);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "left"));
}

static void use_the_library(struct other *me)
{
    MUST(VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS) != NULL);
    stop_here(me);
}

/* Whoever is given a handle holds the name: also if the giver closes his. */
TEST(namedelsewhere, a_handle_duplicated_into_another_process_holds_the_name, "O161")
{
    struct other other = begin(use_the_library);
    HANDLE handle = create("given", GRAIN), process, theirs = NULL;

    let_go_on(&other);
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)other.pid);
    MUST(process != NULL);
    MUST(DuplicateHandle(GetCurrentProcess(), handle, process, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(CloseHandle(handle));
    EXPECT_HANDLE(open_for(FILE_MAP_READ, "given"));
    forget_opened();
    end_other(&other);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "given"));
}

/* It is memory, wherever its bytes lie. */
TEST(namedelsewhere, a_view_has_no_file_name, "O161 S72")
{
    char path[300];
    BYTE *p = view(create("nameless", GRAIN), FILE_MAP_READ);

    EXPECT_FAIL(ERROR_FILE_INVALID, GetMappedFileNameA(GetCurrentProcess(), p, path, sizeof path));
}

static int into_another(pid_t pid, HANDLE section)
{
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);
    BYTE byte = 0, *p;
    SIZE_T done;

    MUST(process != NULL);
    p = MapViewOfFile2(section, process, 0, NULL, 0, 0, PAGE_READWRITE);
    if (p == NULL)
        return -1;
    MUST(ReadProcessMemory(process, p, &byte, 1, &done) && UnmapViewOfFile2(process, p, 0));
    return byte;
}

/* It shows the bytes and does not hold the name. */
TEST(namedelsewhere, a_view_in_a_process_that_never_heard_of_the_name, "O161 D8.2c")
{
    struct other other = begin(use_the_library);
    HANDLE handle = create("mapped", GRAIN);

    view(handle, FILE_MAP_WRITE)[0] = 55;
    let_go_on(&other);
    EXPECT_EQ(into_another(other.pid, handle), 55);
    MUST(CloseHandle(handle));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "mapped"));
    end_other(&other);
}

#endif
