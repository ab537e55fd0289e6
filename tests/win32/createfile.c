/* createfile.c: CreateFile and CreateFile2: what is opened, made, emptied, refused. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

static HANDLE create(const char *name, DWORD disposition)
{
    SetLastError(CHECK_SENTINEL);
    return CreateFileA(name, GENERIC_READ | GENERIC_WRITE, ALL, NULL, disposition, 0, NULL);
}

static void dispositions(void)
{
    HANDLE file = create("a", CREATE_NEW);

    EXPECT(file != INVALID_HANDLE_VALUE && GetLastError() == CHECK_SENTINEL);
    EXPECT(CloseHandle(file));
    EXPECT(create("a", CREATE_NEW) == INVALID_HANDLE_VALUE && GetLastError() == ERROR_FILE_EXISTS);
    make_file("a", "contents");
    file = create("a", OPEN_EXISTING);
    EXPECT(file != INVALID_HANDLE_VALUE && GetLastError() == CHECK_SENTINEL && file_holds("a", "contents"));
    CloseHandle(file);
    file = create("a", OPEN_ALWAYS);
    EXPECT(file != INVALID_HANDLE_VALUE && GetLastError() == ERROR_ALREADY_EXISTS);
    EXPECT(file_holds("a", "contents"));
    CloseHandle(file);
    file = create("a", CREATE_ALWAYS);
    EXPECT(file != INVALID_HANDLE_VALUE && GetLastError() == ERROR_ALREADY_EXISTS && file_holds("a", ""));
    CloseHandle(file);
    file = create("b", CREATE_ALWAYS);
    EXPECT(file != INVALID_HANDLE_VALUE && GetLastError() == ERROR_SUCCESS && file_holds("b", ""));
    CloseHandle(file);
    file = create("c", OPEN_ALWAYS);
    EXPECT(file != INVALID_HANDLE_VALUE && GetLastError() == ERROR_SUCCESS && file_holds("c", ""));
    CloseHandle(file);
    make_file("a", "contents");
    CloseHandle(create("a", TRUNCATE_EXISTING));
    EXPECT(file_holds("a", ""));
    EXPECT(create("d", TRUNCATE_EXISTING) == INVALID_HANDLE_VALUE && GetLastError() == ERROR_FILE_NOT_FOUND);
    EXPECT(create("d", OPEN_EXISTING) == INVALID_HANDLE_VALUE && GetLastError() == ERROR_FILE_NOT_FOUND);
    EXPECT(create("d\\e", CREATE_NEW) == INVALID_HANDLE_VALUE && GetLastError() == ERROR_PATH_NOT_FOUND);
}

TEST(createfile, dispositions, "D13.1a D13.1b")
{
    IN_BOTH(dispositions);
}

TEST(createfile, makes_empty_without_a_right_to_write, "D13.1a")
{
    go_to("/dev/shm");
    make_file("a", "contents");
    EXPECT(CreateFileA("a", GENERIC_READ, ALL, NULL, CREATE_ALWAYS, 0, NULL) != INVALID_HANDLE_VALUE);
    EXPECT(file_holds("a", ""));
    go_away();
}

TEST(createfile, what_a_symbolic_link_leads_to_is_made, "L204")
{
    go_to("/dev/shm");
    MUST(symlink("target", "link") == 0);
    EXPECT(create("link", OPEN_ALWAYS) != INVALID_HANDLE_VALUE && is_there("target"));
    EXPECT_NOT_OPENED(ERROR_CANT_RESOLVE_FILENAME, "link", GENERIC_READ, ALL, NULL, OPEN_EXISTING,
                      FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    go_away();
}

TEST(createfile, arguments_that_mean_nothing, "D13.1c")
{
    go_to("/dev/shm");
    make_file("a", "contents");
    EXPECT_NOT_OPENED(ERROR_INVALID_PARAMETER, "a", GENERIC_READ, ALL, NULL, 0, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_INVALID_PARAMETER, "a", GENERIC_READ, ALL, NULL, 6, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_INVALID_PARAMETER, "a", GENERIC_READ, 8, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_INVALID_PARAMETER, "a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0x00400000, NULL);
    EXPECT_NOT_OPENED(ERROR_INVALID_PARAMETER, "a", GENERIC_READ, ALL, NULL, TRUNCATE_EXISTING, 0, NULL);
    EXPECT(file_holds("a", "contents"));
    EXPECT_NOT_OPENED(ERROR_PATH_NOT_FOUND, "", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_PATH_NOT_FOUND, NULL, GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    go_away();
}

static void directories(void)
{
    HANDLE folder;

    MUST(mkdir("folder", 0777) == 0);
    EXPECT_NOT_OPENED(ERROR_ACCESS_DENIED, "folder", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_ACCESS_DENIED, "folder", GENERIC_WRITE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_ACCESS_DENIED, "folder", 0, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_ACCESS_DENIED, "folder", GENERIC_READ, ALL, NULL, CREATE_ALWAYS,
                      FILE_FLAG_BACKUP_SEMANTICS, NULL);
    for (DWORD access = GENERIC_READ; access != 0; access = access == GENERIC_READ ? GENERIC_WRITE : 0) {
        folder = CreateFileA("folder", access, ALL, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
        EXPECT(folder != INVALID_HANDLE_VALUE);
        EXPECT_RETURNS(FILE_TYPE_DISK, GetFileType(folder));
        EXPECT_OK(CloseHandle(folder));
    }
}

TEST(createfile, directories_are_opened_for_backups_only, "D13.1d")
{
    IN_BOTH(directories);
}

static void deleted_on_close(void)
{
    HANDLE file = CreateFileA("a", GENERIC_WRITE, ALL, NULL, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE, NULL),
           second;

    MUST(file != INVALID_HANDLE_VALUE);
    MUST(DuplicateHandle(GetCurrentProcess(), file, GetCurrentProcess(), &second, 0, FALSE,
                         DUPLICATE_SAME_ACCESS));
    MUST(rename("a", "b") == 0);
    make_file("a", "another");
    EXPECT_OK(CloseHandle(file));
    EXPECT(is_there("b"));
    EXPECT_OK(CloseHandle(second));
    EXPECT(!is_there("b") && is_there("a"));
}

TEST(createfile, deletes_with_the_last_handle, "D13.1e")
{
    IN_BOTH(deleted_on_close);
}

TEST(createfile, a_child_that_closes_deletes_nothing, "L205")
{
    HANDLE file;
    int status;
    pid_t child;

    go_to("/dev/shm");
    file = CreateFileA("a", GENERIC_WRITE, ALL, NULL, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    child = fork();
    if (child == 0)
        _exit(CloseHandle(file) ? 0 : 1);
    MUST(waitpid(child, &status, 0) == child);
    EXPECT(status == 0 && is_there("a"));
    EXPECT_OK(CloseHandle(file));
    EXPECT(!is_there("a"));
    go_away();
}

static int flags_of(HANDLE file)
{
    int fd = WinmemFdFromHandle(file), flags = fcntl(fd, F_GETFL);

    close(fd);
    return flags;
}

static void hints(void)
{
    DWORD flags = FILE_FLAG_WRITE_THROUGH | FILE_FLAG_NO_BUFFERING | FILE_FLAG_SEQUENTIAL_SCAN;
    HANDLE file = CreateFileA("a", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_NEW, flags, NULL);

    MUST(file != INVALID_HANDLE_VALUE);
    EXPECT(flags_of(file) & O_DSYNC);
    CloseHandle(file);
    file = CreateFileA("a", GENERIC_READ, 0, NULL, OPEN_EXISTING, FILE_FLAG_RANDOM_ACCESS, NULL);
    EXPECT(file != INVALID_HANDLE_VALUE && !(flags_of(file) & (O_DSYNC | O_DIRECT)));
    CloseHandle(file);
}

TEST(createfile, hints_and_write_through, "D13.1f")
{
    IN_BOTH(hints);
}

TEST(createfile, a_file_may_be_made_read_only, "D13.1g")
{
    HANDLE file;
    DWORD done;

    go_to("/dev/shm");
    file = CreateFileA("a", GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_READONLY, NULL);
    MUST(file != INVALID_HANDLE_VALUE);
    EXPECT_OK(WriteFile(file, "contents", 8, &done, NULL));
    EXPECT_RETURNS(FILE_ATTRIBUTE_READONLY, GetFileAttributesA("a"));
    CloseHandle(file);
    if (geteuid() == 0 && seteuid(65534) != 0)
        SKIP("no other user to be");
    EXPECT_NOT_OPENED(ERROR_ACCESS_DENIED, "a", GENERIC_WRITE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    MUST(seteuid(0) == 0 || geteuid() != 0);
    go_away();
}

TEST(createfile, without_access_only_asks, "D13.1h")
{
    HANDLE file;
    LARGE_INTEGER size;
    char c;
    DWORD done;

    go_to("/dev/shm");
    make_file("a", "contents");
    MUST(chmod("a", 0) == 0);
    file = CreateFileA("a", 0, 0, NULL, OPEN_EXISTING, 0, NULL);
    MUST(file != INVALID_HANDLE_VALUE);
    EXPECT_OK(GetFileSizeEx(file, &size));
    EXPECT_EQ(size.QuadPart, 8);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, ReadFile(file, &c, 1, &done, NULL));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, WriteFile(file, &c, 1, &done, NULL));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetEndOfFile(file));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, FlushFileBuffers(file));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, LockFile(file, 0, 0, 1, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetFilePointer(file, 0, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER);
    go_away();
}

TEST(createfile, with_parameters_in_a_structure, "D13.1i")
{
    CREATEFILE2_EXTENDED_PARAMETERS params = {.dwSize = sizeof params,
                                              .dwFileFlags = FILE_FLAG_DELETE_ON_CLOSE};
    HANDLE file;

    go_to("/dev/shm");
    file = CreateFile2(L"a", GENERIC_WRITE, 0, CREATE_NEW, &params);
    EXPECT(file != INVALID_HANDLE_VALUE);
    EXPECT_OK(CloseHandle(file));
    EXPECT(!is_there("a"));
    file = CreateFile2(L"a", GENERIC_WRITE, 0, CREATE_NEW, NULL);
    EXPECT_OK(CloseHandle(file));
    EXPECT(is_there("a"));
    params.dwSize--;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateFile2(L"a", GENERIC_READ, 0, OPEN_EXISTING, &params) != INVALID_HANDLE_VALUE);
    EXPECT_FAIL(ERROR_NOACCESS,
                CreateFile2(L"a", GENERIC_READ, 0, OPEN_EXISTING, (void *)16) != INVALID_HANDLE_VALUE);
    file = CreateFileW(L"a", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT(file != INVALID_HANDLE_VALUE);
    go_away();
}

/* --- what Linux refuses --- */

/* A file system of the test's own, if it may have one. */
static void mount_here(const char *options, unsigned long flags)
{
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", here, "tmpfs", flags, options) != 0 || chdir(here) != 0) {
        go_away();
        SKIP("only root mounts");
    }
}

static void unmount_here(void)
{
    MUST(chdir("/") == 0 && umount2(here, MNT_DETACH) == 0 && rmdir(here) == 0);
}

TEST(createfile, a_file_system_that_may_only_be_read, "L206")
{
    go_to("/dev/shm");
    mount_here("", 0);
    make_file("a", "contents");
    MUST(mount(NULL, here, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0);
    EXPECT_NOT_OPENED(ERROR_WRITE_PROTECT, "a", GENERIC_WRITE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_WRITE_PROTECT, "b", GENERIC_READ, ALL, NULL, CREATE_NEW, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_WRITE_PROTECT, "a", GENERIC_READ, ALL, NULL, CREATE_ALWAYS, 0, NULL);
    EXPECT_FAIL(ERROR_WRITE_PROTECT, DeleteFileA("a"));
    EXPECT_OK(CloseHandle(must_open("a", 0, OPEN_EXISTING)));
    unmount_here();
}

TEST(createfile, a_full_disk, "L206 D13.2d")
{
    static char big[64 * 1024];
    HANDLE file;
    DWORD done;

    go_to("/dev/shm");
    mount_here("size=32k,nr_inodes=3", 0);
    file = must_open("a", RW, CREATE_NEW);
    EXPECT_FAIL(ERROR_DISK_FULL, WriteFile(file, big, sizeof big, &done, NULL));
    EXPECT_EQ(done, 32 * 1024);
    EXPECT_OK(CloseHandle(must_open("b", RW, CREATE_NEW)));
    EXPECT_NOT_OPENED(ERROR_DISK_FULL, "c", GENERIC_READ, ALL, NULL, CREATE_NEW, 0, NULL);
    unmount_here();
}

TEST(createfile, no_descriptor_is_left, "L144")
{
    struct rlimit limit;

    go_to("/dev/shm");
    make_file("a", "contents");
    MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = 3;
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_NOT_OPENED(ERROR_TOO_MANY_OPEN_FILES, "a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    go_away();
}

TEST(createfile, none_is_a_standard_one, "L142")
{
    int saved[3], used = 0;
    HANDLE reads, writes;

    go_to("/dev/shm");
    make_file("a", "contents");
    for (int i = 0; i < 3; i++) {
        saved[i] = fcntl(i, F_DUPFD, 100);
        close(i);
    }
    reads = CreateFileA("a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    writes = CreateFileA("a", GENERIC_WRITE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    LockFile(writes, 0, 0, 1, 0);
    for (int i = 0; i < 3; i++) {
        used |= fcntl(i, F_GETFD) >= 0;
        dup2(saved[i], i);
        close(saved[i]);
    }
    EXPECT(!used && reads != INVALID_HANDLE_VALUE && writes != INVALID_HANDLE_VALUE);
    go_away();
}

TEST(createfile, closing_returns_what_was_opened, "L202")
{
    int before;

    go_to("/dev/shm");
    make_file("a", "contents");
    before = open_descriptors();
    for (int i = 0; i < 100; i++) {
        HANDLE file = CreateFileA("a", i % 2 ? GENERIC_READ : GENERIC_WRITE, i % 3 ? ALL : 0, NULL,
                                  OPEN_EXISTING, 0, NULL);

        MUST(file != INVALID_HANDLE_VALUE);
        EXPECT_NOT_OPENED(i % 3 ? ERROR_FILE_EXISTS : ERROR_SHARING_VIOLATION, "a", GENERIC_WRITE, ALL, NULL,
                          i % 3 ? CREATE_NEW : OPEN_EXISTING, 0, NULL);
        MUST(CloseHandle(file));
    }
    EXPECT_EQ(open_descriptors(), before);
    go_away();
}

#endif
