/*
 * inside.c: what public headers cannot bring about: each system call failing once, and sections of files without mapping any.
 * Linked statically, with the library's own headers.
 */
#include "files.h"

#include <io.h>
#include <ntsecapi.h>
#include <sys/prctl.h>
#include <tlhelp32.h>
#include <winioctl.h>

#include "kern/faults.h"
#include "vm/files/sharing.h"

#ifdef WM_FAULT_SCRIPT

/* Everything that a file can be asked for. What fails says why, and the rest goes on as it can. */
static void told(BOOL done)
{
    EXPECT(done || GetLastError() != CHECK_SENTINEL);
    SetLastError(CHECK_SENTINEL);
}

static void use_what_is_known(HANDLE file)
{
    FILE_ZERO_DATA_INFORMATION zero = {{.QuadPart = 0}, {.QuadPart = 2}};
    FILE_SET_SPARSE_BUFFER filled = {FALSE};
    FILE_STANDARD_INFO standard;
    FILE_END_OF_FILE_INFO end = {.EndOfFile.QuadPart = 4};
    FILE_ALLOCATION_INFO room = {.AllocationSize.QuadPart = 100};
    FILETIME time = {0, 0x01d00000};
    char name[PATH_MAX];
    DWORD done;

    told(GetFileInformationByHandleEx(file, FileStandardInfo, &standard, sizeof standard));
    told(SetFileInformationByHandle(file, FileEndOfFileInfo, &end, sizeof end));
    told(SetFileInformationByHandle(file, FileAllocationInfo, &room, sizeof room));
    told(SetFileTime(file, NULL, &time, &time));
    told(GetFinalPathNameByHandleA(file, name, sizeof name, 0));
    told(DeviceIoControl(file, FSCTL_SET_ZERO_DATA, &zero, sizeof zero, NULL, 0, &done, NULL));
    told(DeviceIoControl(file, FSCTL_SET_SPARSE, &filled, sizeof filled, NULL, 0, &done, NULL));
}

static void use_names(void)
{
    char name[PATH_MAX];
    WIN32_FILE_ATTRIBUTE_DATA data;
    HANDLE in;

    told(GetFileAttributesExA("a", GetFileExInfoStandard, &data));
    told(SetFileAttributesA("a", FILE_ATTRIBUTE_READONLY));
    told(SetFileAttributesA("a", FILE_ATTRIBUTE_NORMAL));
    told(CreateDirectoryA("folder", NULL));
    told(SetCurrentDirectoryA("folder"));
    told(GetCurrentDirectoryA(sizeof name, name));
    MUST(chdir(here) == 0);
    told(GetFullPathNameA("a", sizeof name, name, NULL));
    told(GetTempPathA(sizeof name, name));
    if (GetTempFileNameA("folder", "", 0, name) != 0)
        unlink(name);
    told(RemoveDirectoryA("folder"));
    rmdir("folder");
    told(MoveFileExA("a", "c", MOVEFILE_WRITE_THROUGH));
    told(MoveFileExA("c", "a", MOVEFILE_REPLACE_EXISTING | MOVEFILE_COPY_ALLOWED));
    unlink("c");
    IsDebuggerPresent();
    OutputDebugStringA("text");
    EXPECT(RtlGenRandom(name, 4) || wm_fault_count() > 0);
    told(SetEnvironmentVariableA("ONE", "1"));
    in = GetStdHandle(STD_INPUT_HANDLE);
    told(in != INVALID_HANDLE_VALUE);
    told(in == NULL || in == INVALID_HANDLE_VALUE || CloseHandle(in));
}

static void use(HANDLE file)
{
    BY_HANDLE_FILE_INFORMATION info;
    LARGE_INTEGER size;
    char text[10];
    DWORD done;
    int fd;

    told(WriteFile(file, "contents", 8, &done, NULL));
    told(SetFilePointer(file, 2, NULL, FILE_BEGIN) != INVALID_SET_FILE_POINTER);
    told(ReadFile(file, text, sizeof text, &done, NULL));
    told(GetFileSizeEx(file, &size));
    told(GetFileInformationByHandle(file, &info));
    told(GetFileType(file) != FILE_TYPE_UNKNOWN);
    told(LockFile(file, 0, 0, 1, 0));
    told(UnlockFile(file, 0, 0, 1, 0));
    told(SetEndOfFile(file));
    told(FlushFileBuffers(file));
    use_what_is_known(file);
    fd = WinmemFdFromHandle(file);
    told(fd >= 0);
    close(fd);
}

static void all_of_it(void)
{
    DWORD kinds[] = {GENERIC_READ | GENERIC_WRITE, GENERIC_WRITE};

    SetLastError(CHECK_SENTINEL);
    for (size_t i = 0; i < 2; i++) {
        HANDLE file = CreateFileA("a", kinds[i], 0, NULL, CREATE_ALWAYS, 0, NULL);

        told(file != INVALID_HANDLE_VALUE);
        if (file == INVALID_HANDLE_VALUE)
            continue;
        use(file);
        told(CloseHandle(file));
    }
    told(GetFileAttributesA("a") != INVALID_FILE_ATTRIBUTES);
    use_names();
    told(DeleteFileA("a"));
}

static void each_call_fails(int error)
{
    int before = open_descriptors();

    for (unsigned n = 1, asked = n; asked >= n && n < 500; n++) {
        wm_fault_nth(n, error);
        all_of_it();
        asked = wm_fault_count();
        wm_fault_nth(0, 0);
        if (open_descriptors() > before)
            check_fail(__FILE__, __LINE__, "call %u failed with %d, and a descriptor is left", n, error);
        EXPECT(n < 499);
    }
}

/* Whatever fails, the file is somewhere, whole, and no copy of a part of it. */
static void copy_fails(const char *there, int error)
{
    char name[PATH_MAX + 8], command[PATH_MAX + 40];

    snprintf(name, sizeof name, "%s/b", there);
    snprintf(command, sizeof command, "test $(ls -A '%s' | grep -cv '^b$') = 0", there);
    for (unsigned n = 1, asked = n; asked >= n && n < 500; n++) {
        make_file("a", "contents");
        unlink(name);
        wm_fault_nth(n, error);
        told(MoveFileA("a", name));
        asked = wm_fault_count();
        wm_fault_nth(0, 0);
        EXPECT(file_holds("a", "contents") || file_holds(name, "contents"));
        EXPECT(!is_there(name) || file_holds(name, "contents"));
        EXPECT(system(command) == 0);
    }
}

TEST(inside, a_copy_to_another_file_system_is_whole_or_not_there, "L145 D13.6c")
{
    char there[PATH_MAX];
    static const int errors[] = {EIO, ENOSPC, EINTR};

    go_to("/dev/shm");
    snprintf(there, sizeof there, "%s/winmem-test-XXXXXX", DISK);
    MUST(mkdtemp(there) != NULL);
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        copy_fails(there, errors[i]);
    leave_nothing(there);
    go_away();
}

TEST(inside, a_handle_for_a_descriptor_or_an_error, "L145 L400")
{
    int fd, before;

    go_to("/dev/shm");
    make_file("a", "contents");
    fd = open("a", O_RDONLY | O_CLOEXEC);
    before = open_descriptors();
    for (unsigned n = 1, calls = n; calls >= n && n < 100; n++) {
        intptr_t handle;

        wm_fault_nth(n, EMFILE);
        handle = _get_osfhandle(fd);
        calls = wm_fault_count();
        wm_fault_nth(0, 0);
        EXPECT(handle == -1 ? errno == EMFILE || errno == EBADF : GetFileSize((HANDLE)handle, NULL) == 8);
        if (handle != -1)
            CloseHandle((HANDLE)handle);
        EXPECT(open_descriptors() == before);
    }
    close(fd);
    go_away();
}

/* Alone, because the library keeps a descriptor for such questions. */
TEST(inside, the_file_of_a_module_is_told_or_an_error, "L145 D13.14e")
{
    char name[PATH_MAX], wanted[PATH_MAX];

    MUST(GetModuleFileNameA(NULL, wanted, sizeof wanted) > 0);
    for (unsigned n = 1, asked = n; asked >= n && n < 100; n++) {
        SetLastError(CHECK_SENTINEL);
        wm_fault_nth(n, EIO);
        if (GetModuleFileNameA(NULL, name, sizeof name) > 0)
            EXPECT(strcmp(name, wanted) == 0);
        else
            told(FALSE);
        asked = wm_fault_count();
        wm_fault_nth(0, 0);
    }
}

TEST(inside, each_system_call_fails_once, "L145")
{
    static const int errors[] = {EIO, ENOMEM, EMFILE, EACCES, EINTR, ENOSYS};

    go_to("/dev/shm");
    EXPECT_OK(CloseHandle(must_open("b", RW, CREATE_NEW)));
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        each_call_fails(errors[i]);
    go_away();
}

#endif

static void with_a_section(void)
{
    HANDLE file;
    int fd;

    make_file("a", "contents");
    file = must_open("a", RW, OPEN_EXISTING);
    fd = open("a", O_RDONLY | O_CLOEXEC);
    wm_sharing_section(fd, false);
    SetFilePointer(file, 4, NULL, FILE_BEGIN);
    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, SetEndOfFile(file));
    SetFilePointer(file, 8, NULL, FILE_BEGIN);
    EXPECT_OK(SetEndOfFile(file));
    SetFilePointer(file, 9, NULL, FILE_BEGIN);
    EXPECT_OK(SetEndOfFile(file));
    EXPECT_NOT_OPENED(ERROR_USER_MAPPED_FILE, "a", GENERIC_WRITE, ALL, NULL, CREATE_ALWAYS, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_USER_MAPPED_FILE, "a", GENERIC_READ, ALL, NULL, CREATE_ALWAYS, 0, NULL);
    EXPECT_NOT_OPENED(ERROR_USER_MAPPED_FILE, "a", GENERIC_WRITE, ALL, NULL, TRUNCATE_EXISTING, 0, NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, DeleteFileA("a"));
    EXPECT(!wm_sharing_has_writable_section(WinmemFdFromHandle(file)));
    wm_sharing_section(fd, true);
    EXPECT(wm_sharing_has_writable_section(WinmemFdFromHandle(file)));
    EXPECT(wm_sharing_has_section(WinmemFdFromHandle(file)));
    close(fd);
    SetFilePointer(file, 4, NULL, FILE_BEGIN);
    EXPECT_OK(SetEndOfFile(file));
    EXPECT(CloseHandle(must_open("a", RW, CREATE_ALWAYS)));
    EXPECT_OK(CloseHandle(file));
    EXPECT_OK(DeleteFileA("a"));
}

static pid_t begin_with_a_file(HANDLE *theirs)
{
    int ready[2];
    pid_t pid;

    MUST(pipe2(ready, O_CLOEXEC) == 0);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        *theirs =
            CreateFileA("a", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL); /* with a second descriptor */
        (void)!write(ready[1], theirs, sizeof *theirs);
        for (;;)
            pause();
    }
    MUST(pid > 0 && read(ready[0], theirs, sizeof *theirs) == sizeof *theirs);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static void take(HANDLE process, HANDLE theirs, int error)
{
    HANDLE own = GetCurrentProcess(), file;
    int before = open_descriptors();

    for (unsigned n = 1, asked = n; asked >= n && n < 500; n++) {
        BOOL done;

        wm_fault_nth(n, error);
        done = DuplicateHandle(process, theirs, own, &file, 0, FALSE, DUPLICATE_SAME_ACCESS);
        asked = wm_fault_count();
        wm_fault_nth(0, 0);
        if (done)
            EXPECT(GetFileType(file) == FILE_TYPE_DISK && CloseHandle(file));
        if (open_descriptors() > before)
            check_fail(__FILE__, __LINE__, "%d descriptors instead of %d, after call %u", open_descriptors(),
                       before, n);
    }
}

/* A file that another process has is had here as well, or not; nothing of it is left. */
TEST(inside, each_call_fails_while_a_file_is_taken_from_another_process, "L369 L145")
{
    static const int errors[] = {ENOMEM, EMFILE, EPERM};
    HANDLE theirs, process, file;
    pid_t pid;

    go_to("/dev/shm");
    pid = begin_with_a_file(&theirs);
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);
    MUST(process != NULL);
    MUST(DuplicateHandle(process, theirs, GetCurrentProcess(), &file, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(CloseHandle(file)); /* what is kept of the process is open by now */
    for (size_t i = 0; i < 3; i++)
        take(process, theirs, errors[i]);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    EXPECT(CloseHandle(must_open("a", RW, OPEN_EXISTING)));
    go_away();
}

static BOOL start(DWORD flags, HANDLE standard)
{
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES, .hStdInput = standard};
    PROCESS_INFORMATION pi;

    if (!CreateProcessA("/bin/true", NULL, NULL, NULL, FALSE, flags, NULL, "/", &startup, &pi))
        return FALSE;
    if (flags & CREATE_SUSPENDED)
        kill((pid_t)pi.dwProcessId, SIGKILL);
    wm_fault_nth(0, 0);
    EXPECT_EQ(WaitForSingleObject(pi.hProcess, 10000), WAIT_OBJECT_0);
    EXPECT(CloseHandle(pi.hThread) && CloseHandle(pi.hProcess));
    return TRUE;
}

static BOOL list_all(DWORD flags, HANDLE standard)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(flags, 0);

    (void)standard;
    return snapshot != INVALID_HANDLE_VALUE && CloseHandle(snapshot);
}

/* Nothing is left of what failed: no child, no descriptor. */
static void fails_at_each_call(BOOL (*make)(DWORD, HANDLE), DWORD flags, int error)
{
    HANDLE standard = CreateFileA("/dev/null", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    int before = open_descriptors();
    siginfo_t info;

    for (unsigned n = 1, asked = n; asked >= n && n < 300; n++) {
        wm_fault_nth(n, error);
        SetLastError(CHECK_SENTINEL);
        told(make(flags, standard));
        asked = wm_fault_count();
        wm_fault_nth(0, 0);
        EXPECT(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD);
        if (open_descriptors() > before)
            check_fail(__FILE__, __LINE__, "%d descriptors instead of %d, after call %u", open_descriptors(),
                       before, n);
    }
    CloseHandle(standard);
}

TEST(inside, each_call_fails_while_a_program_is_started, "L371 L145")
{
    static const int errors[] = {ENOMEM, EMFILE, EPERM};

    EXPECT(start(0, NULL) && start(CREATE_SUSPENDED, NULL)); /* what is kept is open by now */
    for (size_t i = 0; i < 3; i++) {
        fails_at_each_call(start, 0, errors[i]);
        fails_at_each_call(start, CREATE_SUSPENDED, errors[i]);
    }
}

TEST(inside, each_call_fails_while_something_is_listed, "L373 L145")
{
    EXPECT(list_all(TH32CS_SNAPALL, NULL));
    fails_at_each_call(list_all, TH32CS_SNAPMODULE | TH32CS_SNAPHEAPLIST, ENOMEM);
    fails_at_each_call(list_all, TH32CS_SNAPMODULE, EMFILE);
}

TEST(inside, what_a_section_shows_is_neither_cut_short_nor_deleted, "O201 O202")
{
    IN_BOTH(with_a_section);
}
