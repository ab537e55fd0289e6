/* Sections of files with a name: whose file it is, who else finds it, and how long. */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include "../support/large_pool.h"
#include "../support/mappedfiles.h"
#include "names.h"
#include "turns.h"

#include <ntifs.h>

#include <sys/prctl.h>

enum { FILE_BYTES = 2 * 4096 + 36 };

static HANDLE named_section_of(HANDLE file, DWORD protection, ULONG64 bytes, const char *name)
{
    SetLastError(CHECK_SENTINEL);
    return CreateFileMappingA(file, NULL, protection, (DWORD)(bytes >> 32), (DWORD)bytes, name_of(name));
}

/* Of an open file, which then has no other handle. */
static HANDLE named_section(int fd, DWORD protection, const char *name)
{
    HANDLE file = file_handle(fd, protection == PAGE_READWRITE ? WRITES : READS),
           section = named_section_of(file, protection, 0, name);

    MUST(section != NULL && CloseHandle(file));
    return section;
}

static char path_of_test[300];

/* One that has a name, which path_of_test is. */
static int file_with_a_name(void)
{
    int fd;

    snprintf(path_of_test, sizeof path_of_test, "/var/tmp/winmem-test-XXXXXX");
    fd = mkstemp(path_of_test);
    MUST(fd >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
    fill_file(fd, 0, FILE_BYTES);
    return fd;
}

static BOOL shows_the_file(HANDLE section)
{
    BYTE *p = view(section, FILE_MAP_READ);
    BOOL shown = p[0] == byte_at(0) && p[FILE_BYTES - 1] == byte_at(FILE_BYTES - 1) &&
                 MapViewOfFile(section, FILE_MAP_READ, 0, 0, FILE_BYTES + 1) == NULL;

    MUST(UnmapViewOfFile(p));
    return shown;
}

TEST(namedfiles, a_name_finds_the_file, "L350 O158")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], FILE_BYTES);
        HANDLE first = named_section(fd, PAGE_READWRITE, "file"), second;

        EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
        second = open_for(FILE_MAP_ALL_ACCESS, "file");
        MUST(second != NULL);
        EXPECT(shows_the_file(second));
        view(second, FILE_MAP_WRITE)[5] = 0;
        EXPECT_EQ(byte_of_file(fd, 5), 0);
        EXPECT_EQ(view(first, FILE_MAP_READ)[5], 0);
        EXPECT_OK(CompareObjectHandles(first, second));
        MUST(CloseHandle(first));
        forget_opened();
        EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "file"));
    }
}

TEST(namedfiles, what_exists_stays_as_it_is, "L351 O158")
{
    int fd = new_file("/var/tmp", FILE_BYTES), other = new_file("/dev/shm", PAGE);
    HANDLE first = named_section(fd, PAGE_READONLY, "kept"), second;

    second = named_section_of(file_handle(other, WRITES), PAGE_READWRITE, MiB, "kept");
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    MUST(second != NULL);
    EXPECT(shows_the_file(second));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(second, FILE_MAP_WRITE, 0, 0, 0));
    EXPECT_EQ(file_bytes(other), PAGE);
    second = create("kept", 16 * GRAIN);
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT(shows_the_file(second));
    EXPECT_OK(CompareObjectHandles(first, second));
    EXPECT_EQ(file_bytes(fd), FILE_BYTES);
    MUST(create("memory", GRAIN) != NULL);
    second = named_section_of(file_handle(other, WRITES), PAGE_READWRITE, 0, "memory");
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT_EQ(view(second, FILE_MAP_READ)[0], 0);
}

/* What is wrong with the file is said before anybody is asked for the name. */
TEST(namedfiles, the_file_is_judged_first, "L351 O163 O164 O165")
{
    HANDLE file = file_handle(new_file("/dev/shm", PAGE), READS);

    MUST(create("judged", GRAIN) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, named_section_of(file, PAGE_READWRITE, 0, "judged"));
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, named_section_of(file, PAGE_READONLY, PAGE + 1, "judged"));
    EXPECT_FAIL(ERROR_FILE_INVALID,
                named_section_of(file_handle(new_file("/dev/shm", 0), READS), PAGE_READONLY, 0, "judged"));
    MUST(CloseHandle(file));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, named_section_of(file, PAGE_READONLY, 0, "judged"));
}

TEST(namedfiles, a_file_grows_with_its_section, "L350 O164 L241")
{
    int fd = new_file("/var/tmp", 100);
    HANDLE section = named_section_of(file_handle(fd, WRITES), PAGE_READWRITE, GRAIN + 1, "grows");

    MUST(section != NULL);
    EXPECT_EQ(file_bytes(fd), GRAIN + 1);
    EXPECT(MapViewOfFile(open_for(FILE_MAP_WRITE, "grows"), FILE_MAP_WRITE, 0, 0, GRAIN + 1) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                MapViewOfFile(open_for(FILE_MAP_WRITE, "grows"), FILE_MAP_WRITE, 0, 0, GRAIN + 2));
}

TEST(namedfiles, copies_on_write_are_one_s_own, "L350 O180 O181")
{
    int fd = new_file("/var/tmp", FILE_BYTES);
    BYTE *p, *q;

    MUST(named_section(fd, PAGE_WRITECOPY, "copied") != NULL);
    p = view(open_for(FILE_MAP_COPY, "copied"), FILE_MAP_COPY);
    q = view(open_for(FILE_MAP_READ, "copied"), FILE_MAP_READ);
    p[0] = 0;
    EXPECT_EQ(q[0], byte_at(0));
    EXPECT_EQ(byte_of_file(fd, 0), byte_at(0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                MapViewOfFile(open_for(FILE_MAP_ALL_ACCESS, "copied"), FILE_MAP_WRITE, 0, 0, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                MapViewOfFile(open_for(GENERIC_WRITE, "copied"), FILE_MAP_READ, 0, 0, 0));
}

static LONGLONG size_of(HANDLE section)
{
    SECTION_BASIC_INFORMATION basic;

    MUST(NtQuerySection(section, SectionBasicInformation, &basic, sizeof basic, NULL) == 0);
    return basic.MaximumSize.QuadPart;
}

TEST(namedfiles, who_makes_it_larger_does_so_for_all, "L357 L314")
{
    int fd = new_file("/var/tmp", 100);
    HANDLE first = named_section(fd, PAGE_READWRITE, "larger"),
           second = open_for(SECTION_ALL_ACCESS, "larger"), third;
    LARGE_INTEGER size = {.QuadPart = GRAIN + 7};

    MUST(second != NULL && size_of(second) == 100);
    MUST(NtExtendSection(second, &size) == 0);
    EXPECT_EQ(size_of(first), GRAIN + 7);
    view(first, FILE_MAP_WRITE)[GRAIN + 6] = 9;
    third = open_for(FILE_MAP_READ | SECTION_QUERY, "larger");
    EXPECT_EQ(size_of(third), GRAIN + 7);
    EXPECT_EQ(view(third, FILE_MAP_READ)[GRAIN + 6], 9);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(first, FILE_MAP_READ, 0, 0, GRAIN + 8));
}

/* --- another process, and what becomes of the file and its maker --- */

static void see_the_file(struct other *me)
{
    HANDLE handle = open_for(FILE_MAP_ALL_ACCESS, "theirs");

    MUST(handle != NULL);
    EXPECT(shows_the_file(handle));
    view(handle, FILE_MAP_WRITE)[7] = 0;
    stop_here(me);
    EXPECT(view(open_for(FILE_MAP_READ, "theirs"), FILE_MAP_READ)[7] == 0);
    stop_here(me);
}

TEST(namedfiles, another_process_finds_it_however_the_file_is_called_now, "L352")
{
    struct other other = begin(see_the_file);
    int fd = file_with_a_name();
    HANDLE handle = named_section(fd, PAGE_READWRITE, "theirs");
    char path[310];

    snprintf(path, sizeof path, "%s-renamed", path_of_test);
    MUST(rename(path_of_test, path) == 0);
    let_go_on(&other);
    EXPECT_EQ(byte_of_file(fd, 7), 0);
    MUST(unlink(path) == 0 && CloseHandle(handle));
    let_go_on(&other);
    EXPECT(shows_the_file(open_for(FILE_MAP_READ, "theirs")));
    end_other(&other);
}

static void make_it(struct other *me)
{
    int fd = file_with_a_name();

    MUST(named_section(fd, PAGE_READWRITE, "orphan") != NULL && unlink(path_of_test) == 0);
    stop_here(me);
    for (;;)
        pause();
}

static void end_by_signal(struct other *other)
{
    int status;

    MUST(kill(other->pid, SIGKILL) == 0 && waitpid(other->pid, &status, 0) == other->pid);
}

/* Whoever has it may be anybody: the maker was told of, and is no more. */
TEST(namedfiles, a_file_without_a_name_is_found_by_whoever_has_it, "L352 L334")
{
    struct other maker = begin(make_it);

    let_go_on(&maker);
    MUST(open_for(FILE_MAP_READ, "orphan") != NULL);
    end_by_signal(&maker);
    EXPECT(shows_the_file(open_for(FILE_MAP_READ, "orphan")));
    EXPECT(shows_the_file(open_for(FILE_MAP_READ, "orphan"))); /* we are told of now */
    forget_opened();
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "orphan"));
}

static void refuse_to_be_looked_at(struct other *me)
{
    int fd = file_with_a_name();

    MUST(named_section(fd, PAGE_READWRITE, "shy") != NULL);
    MUST(prctl(PR_SET_DUMPABLE, 0) == 0);
    stop_here(me);
    MUST(unlink(path_of_test) == 0);
    stop_here(me);
}

/* Only without rights over everybody: so in a process that has become another user. */
static int open_by_path_only(void *arg)
{
    struct other other;

    (void)arg;
    MUST(geteuid() != 0 || setresuid(65534, 65534, 65534) == 0);
    MUST(prctl(PR_SET_DUMPABLE, 1) == 0);
    other = begin(refuse_to_be_looked_at);
    let_go_on(&other);
    EXPECT(shows_the_file(open_for(FILE_MAP_READ, "shy")));
    forget_opened();
    let_go_on(&other);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, open_for(FILE_MAP_READ, "shy"));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, create("shy", GRAIN));
    end_other(&other);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "shy"));
    return 0;
}

TEST(namedfiles, a_process_that_lets_nobody_look_is_found_by_the_path, "L352 L353")
{
    names_of();
    EXPECT_EQ(end_of_child(open_by_path_only, NULL), 0);
}

static void keep_the_name(struct other *me)
{
    HANDLE handle = open_for(FILE_MAP_READ, "kept alive");
    BYTE *p = view(handle, FILE_MAP_READ);

    stop_here(me);
    MUST(CloseHandle(handle));
    stop_here(me);
    EXPECT_EQ(p[0], byte_at(0));
}

TEST(namedfiles, the_name_goes_with_the_last_handle_of_any_process, "L350 O161")
{
    struct other other = begin(keep_the_name);
    HANDLE handle = named_section(new_file("/dev/shm", FILE_BYTES), PAGE_READWRITE, "kept alive");

    let_go_on(&other);
    MUST(CloseHandle(handle));
    EXPECT(shows_the_file(open_for(FILE_MAP_READ, "kept alive")));
    forget_opened();
    let_go_on(&other);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "kept alive"));
    end_other(&other);
}

/* Ends, and leaves what it has to a child. */
static void make_and_fork(struct other *me)
{
    int fd = file_with_a_name();
    pid_t child;

    MUST(named_section(fd, PAGE_READWRITE, "left") != NULL && unlink(path_of_test) == 0);
    child = fork_child();
    if (child == 0)
        stop_here(me);
    _exit(0);
}

TEST(namedfiles, a_forked_child_is_as_good_as_its_parent, "L352 L333")
{
    struct other maker = begin(make_and_fork);
    int status;

    say(maker.go[1], 'x');
    MUST(waitpid(maker.pid, &status, 0) == maker.pid);
    EXPECT_EQ(hear(maker.went[0]), 'x');
    EXPECT(shows_the_file(open_for(FILE_MAP_READ, "left")));
    forget_opened();
    say(maker.go[1], 'x');
    close(maker.went[1]);
    EXPECT_EQ(hear(maker.went[0]), 0); /* it has ended */
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "left"));
}

static void use_the_library(struct other *me)
{
    MUST(VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS) != NULL);
    stop_here(me);
}

TEST(namedfiles, a_duplicate_in_another_process_holds_the_name, "L350 O161")
{
    struct other other = begin(use_the_library);
    HANDLE handle = named_section(new_file("/var/tmp", FILE_BYTES), PAGE_READWRITE, "given"), process,
           theirs = NULL;

    let_go_on(&other);
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)other.pid);
    MUST(process != NULL);
    MUST(DuplicateHandle(GetCurrentProcess(), handle, process, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(CloseHandle(handle));
    EXPECT(shows_the_file(open_for(FILE_MAP_READ, "given")));
    forget_opened();
    end_other(&other);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "given"));
}

/* --- large pages --- */

#define LARGE (2 * MiB)

static HANDLE large_section(const char *name)
{
    SetLastError(CHECK_SENTINEL);
    return CreateFileMappingA(NOBODY, NULL, PAGE_READWRITE | SEC_COMMIT | SEC_LARGE_PAGES, 0, LARGE,
                              name_of(name));
}

static void make_large(struct other *me)
{
    HANDLE handle = large_section("large");

    MUST(handle != NULL);
    view(handle, FILE_MAP_WRITE)[3] = 33;
    stop_here(me);
    for (;;)
        pause();
}

TEST(namedfiles, large_pages_have_names_too, "L354 O161 O239")
{
    struct other other;
    HANDLE first, second;
    BYTE *p;

    if (!WinmemFeature("huge_pages") || !pool_set(4, 0))
        SKIP("no large pages");
    other = begin(make_large);
    let_go_on(&other);
    first = open_for(FILE_MAP_ALL_ACCESS, "large");
    MUST(first != NULL);
    end_by_signal(&other);
    second = large_section("large");
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    MUST(second != NULL);
    EXPECT_OK(CompareObjectHandles(first, second));
    p = view(second, FILE_MAP_WRITE);
    EXPECT_EQ(p[3], 33);
    EXPECT_REGION(p, .size = LARGE);
    MUST(CloseHandle(second));
    forget_opened();
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "large"));
    EXPECT_EQ(p[3], 33);
}

#endif
