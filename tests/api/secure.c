/*
 * secure.c: what runs with more rights than its user has listens to none of the user's variables: WINMEM_TRACE would
 * write into whatever the program opens, WINMEM_DISABLE, WINMEM_HUGE, WINMEM_DENSE and WM_FAULTS would choose how it works.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <sys/stat.h>

enum { REPORT = 8, TRACE = 9, NOBODY = 65534 };

struct report {
    uid_t user;
    bool allocated, arenas, procmap_query, inherited;
    size_t traced;
    DWORD huge;
    SIZE_T marked;
};

/* What of a reservation is under markers when a page of it is committed: nothing, unless WINMEM_DENSE says so. */
static SIZE_T marked_beside_an_island(void)
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS);
    WINMEM_MAPPING_USE use = {0};

    if (p != NULL && VirtualAlloc(p + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL)
        WinmemMappingUse(&use);
    return use.MarkedBytes;
}

/* Run again from a copy, it says how it lives. */
TEST(secure, a_witness, "L135")
{
    struct report r = {.user = geteuid()};

    r.inherited =
        getenv("INHERITED") != NULL &&
        MapViewOfFile((HANDLE)strtoull(getenv("INHERITED"), NULL, 16), FILE_MAP_READ, 0, 0, 0) != NULL;
    r.allocated = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) != NULL;
    r.arenas = WinmemFeature("arenas");
    r.procmap_query = WinmemFeature("procmap_query");
    r.huge = WinmemHugePages();
    r.marked = marked_beside_an_island();
    (void)!write(REPORT, &r, sizeof r);
}

static char folder[] = "/tmp/winmem-secure-XXXXXX", copy[sizeof folder + 10];

static void remove_copy(void)
{
    unlink(copy);
    rmdir(folder);
}

static bool copy_oneself(mode_t mode)
{
    char buffer[65536];
    int from = open("/proc/self/exe", O_RDONLY), to;
    ssize_t got;

    to = open(copy, O_WRONLY | O_CREAT | O_TRUNC, 0700);
    while ((got = read(from, buffer, sizeof buffer)) > 0 && write(to, buffer, (size_t)got) == got)
        ;
    close(from);
    return got == 0 && fchmod(to, mode) == 0 && close(to) == 0;
}

__attribute__((noreturn)) static void become_the_copy(bool with_variables)
{
    char handle[40];
    char *plain[] = {NULL};
    char *set[] = {"WINMEM_TRACE=9",
                   "WINMEM_DISABLE=arenas,procmap_query",
                   "WM_FAULTS=mmap:ENOMEM",
                   "WINMEM_HUGE=never",
                   "WINMEM_DENSE=first",
                   handle,
                   NULL};
    char *argv[] = {copy, "secure.a_witness", NULL};
    SECURITY_ATTRIBUTES inheriting = {sizeof inheriting, NULL, TRUE};
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, &inheriting, PAGE_READONLY, 0, 0x1000, NULL);

    snprintf(handle, sizeof handle, "INHERITED=%llx", (unsigned long long)AT(section));
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) != 0)
        _exit(99);
    execve(copy, argv, with_variables ? set : plain);
    _exit(98);
}

/* False: it does not run here. */
static bool run_copy(bool with_variables, struct report *r)
{
    char text[4096];
    int report[2], trace[2], status = -1;
    pid_t pid;
    ssize_t got;

    MUST(pipe2(report, O_CLOEXEC) == 0 && pipe2(trace, O_CLOEXEC | O_NONBLOCK) == 0);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        if (dup2(report[1], REPORT) != REPORT || dup2(trace[1], TRACE) != TRACE)
            _exit(97);
        become_the_copy(with_variables);
    }
    close(report[1]);
    got = read(report[0], r, sizeof *r);
    waitpid(pid, &status, 0);
    r->traced = 0;
    for (ssize_t more; (more = read(trace[0], text, sizeof text)) > 0;)
        r->traced += (size_t)more;
    close(report[0]);
    close(trace[0]);
    close(trace[1]);
    return got == (ssize_t)sizeof *r && status == 0;
}

static void make_folder(void)
{
    if (getuid() != 0)
        SKIP("only root can make a set-user-id program of its own and run it as somebody else");
    MUST(mkdtemp(folder) != NULL && chmod(folder, 0755) == 0);
    snprintf(copy, sizeof copy, "%s/copy", folder);
}

TEST(secure, a_set_user_id_program_does_not_listen, "L135 L368")
{
    struct report alone, told;

    make_folder();
    MUST(copy_oneself(04755));
    if (!run_copy(false, &alone) || alone.user != 0) {
        remove_copy();
        SKIP("a set-user-id copy of this program does not run, or not as root (nosuid)");
    }
    EXPECT(run_copy(true, &told));
    remove_copy();
    EXPECT(told.user == 0 && alone.allocated && told.allocated);
    EXPECT_EQ(told.arenas, alone.arenas);
    EXPECT_EQ(told.procmap_query, alone.procmap_query);
    EXPECT_EQ(told.traced, 0);
    EXPECT_EQ(told.huge, alone.huge);
    EXPECT_EQ(told.marked, 0);
    EXPECT(!told.inherited);
}

/* The same copy without the bit: or the test before would show nothing. */
TEST(secure, an_ordinary_program_does, "L133 L134 L636")
{
    struct report alone, told;

    make_folder();
    MUST(copy_oneself(0755));
    if (!run_copy(false, &alone)) {
        remove_copy();
        SKIP("a copy of this program does not run as somebody else");
    }
    EXPECT(run_copy(true, &told) || !told.allocated);
    remove_copy();
    EXPECT(told.user == NOBODY && !told.arenas && !told.procmap_query);
    EXPECT(told.marked != 0 || !told.allocated || !WinmemFeature("guard_markers"));
    EXPECT(told.huge == WINMEM_HUGE_NEVER && alone.huge == WINMEM_HUGE_LARGE);
    EXPECT(told.traced > 0 && alone.traced == 0);
    EXPECT(told.inherited || !told.allocated);
}

#endif
