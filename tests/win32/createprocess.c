/*
 * createprocess.c: starting programs and ending them. This program is its own child: by the first word of its arguments it
 * knows that it is one, and what it is to do.
 */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

#include <stdbool.h>
#include <sys/wait.h>

/* --- the child --- */

enum { A_WHILE = 100, NO_PART = -1 };

static char itself[PATH_MAX];

/* Its arguments one in a line, behind how many there are. */
static int print_arguments(int argc, char **argv)
{
    printf("%d\n", argc);
    for (int i = 1; i < argc; i++)
        printf("[%s]\n", argv[i]);
    fflush(stdout);
    return 0;
}

static int print_folder(void)
{
    char folder[PATH_MAX];

    if (getcwd(folder, sizeof folder) == NULL)
        return 1;
    printf("%s", folder);
    fflush(stdout);
    return 0;
}

static int use_handle(const char *value)
{
    BYTE *p = MapViewOfFile((HANDLE)(uintptr_t)strtoull(value, NULL, 16), FILE_MAP_WRITE, 0, 0, 0);

    return p == NULL ? 1 : ++p[0];
}

static int play(int argc, char **argv)
{
    const char *part = argv[1];

    alarm(20);
    if (strcmp(part, "arguments") == 0)
        return print_arguments(argc, argv);
    if (strcmp(part, "folder") == 0)
        return print_folder();
    if (strcmp(part, "exit") == 0)
        return atoi(argv[2]);
    if (strcmp(part, "handle") == 0)
        return use_handle(argv[2]);
    if (strcmp(part, "getenv") == 0)
        return getenv(argv[2]) != NULL && strcmp(getenv(argv[2]), argv[3]) == 0 && getenv("HOME") == NULL ? 0
                                                                                                          : 1;
    if (strcmp(part, "environ") == 0)
        return getenv("WINMEM_TEST_SEEN") != NULL ? 0 : 1;
    if (strcmp(part, "exitprocess") == 0)
        ExitProcess((UINT)strtoul(argv[2], NULL, 0));
    if (strcmp(part, "terminate") == 0)
        TerminateProcess(GetCurrentProcess(), (UINT)strtoul(argv[2], NULL, 0));
    if (strcmp(part, "group") == 0)
        return getpgrp() == getpid() ? 0 : 1;
    if (strcmp(part, "signals") == 0) {
        sigset_t mask;

        sigprocmask(SIG_SETMASK, NULL, &mask);
        return sigismember(&mask, SIGUSR1) ? 0 : 1;
    }
    if (strcmp(part, "copy") == 0) {
        char c;

        while (read(0, &c, 1) == 1)
            if (write(1, &c, 1) != 1)
                return 1;
        return write(2, "E", 1) == 1 ? 0 : 1;
    }
    while (strcmp(part, "wait") == 0)
        pause();
    return NO_PART;
}

__attribute__((constructor)) static void be_the_child(int argc, char **argv)
{
    ssize_t length = readlink("/proc/self/exe", itself, sizeof itself - 1);

    itself[length > 0 ? length : 0] = '\0';
    length = argc > 1 ? play(argc, argv) : NO_PART;
    if (length != NO_PART)
        _exit((int)length);
    alarm(0);
}

/* --- starting it --- */

static BOOL start_with(char *line, DWORD flags, BOOL inherits, STARTUPINFOA *startup,
                       PROCESS_INFORMATION *out)
{
    STARTUPINFOA none = {.cb = sizeof none};

    memset(out, 0, sizeof *out);
    return CreateProcessA(itself, line, NULL, NULL, inherits, flags, NULL, NULL, startup ? startup : &none,
                          out);
}

static PROCESS_INFORMATION start(const char *format, const char *argument)
{
    PROCESS_INFORMATION pi;
    char line[1000];

    snprintf(line, sizeof line, format, argument);
    EXPECT_OK(start_with(line, 0, FALSE, NULL, &pi));
    MUST(pi.hProcess != NULL);
    return pi;
}

static DWORD end_of(PROCESS_INFORMATION *pi)
{
    DWORD code = 0xdead;

    EXPECT_EQ(WaitForSingleObject(pi->hProcess, 10000), WAIT_OBJECT_0);
    EXPECT_EQ(WaitForSingleObject(pi->hThread, 0), WAIT_OBJECT_0);
    EXPECT_OK(GetExitCodeProcess(pi->hProcess, &code));
    EXPECT_OK(CloseHandle(pi->hThread));
    EXPECT_OK(CloseHandle(pi->hProcess));
    return code;
}

static DWORD run(const char *format, const char *argument)
{
    PROCESS_INFORMATION pi = start(format, argument);

    return end_of(&pi);
}

/* What a child writes that is started so. */
static const char *output_of(char *line, const char *application, const char *folder)
{
    static char text[4000];
    int ends[2];
    HANDLE out;
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION pi = {0};
    ssize_t got, length = 0;

    MUST(pipe2(ends, O_CLOEXEC) == 0);
    out = WinmemHandleFromFd(ends[1], GENERIC_WRITE);
    close(ends[1]);
    startup.hStdOutput = out;
    EXPECT_OK(CreateProcessA(application, line, NULL, NULL, TRUE, 0, NULL, folder, &startup, &pi));
    MUST(pi.hProcess != NULL && CloseHandle(out));
    while ((got = read(ends[0], text + length, sizeof text - 1 - (size_t)length)) > 0)
        length += got;
    text[length] = '\0';
    close(ends[0]);
    EXPECT_EQ(end_of(&pi), 0);
    return text;
}

/* --- tests --- */

TEST(createprocess, a_program_runs_and_tells_its_code, "D14.1a D12.8b")
{
    PROCESS_INFORMATION pi;
    int before = open_descriptors();

    EXPECT_EQ(run("child exit %s", "0"), 0);
    EXPECT_EQ(run("child exit %s", "77"), 77);
    pi = start("child %s", "wait");
    EXPECT(pi.hThread != NULL && pi.dwProcessId != 0 && pi.dwThreadId == pi.dwProcessId);
    EXPECT_EQ(GetProcessId(pi.hProcess), pi.dwProcessId);
    EXPECT_EQ(WaitForSingleObject(pi.hProcess, 0), WAIT_TIMEOUT);
    EXPECT_OK(TerminateProcess(pi.hProcess, 0x12345));
    EXPECT_EQ(end_of(&pi), 0x12345);
    EXPECT(open_descriptors() <= before);
}

TEST(createprocess, nothing_is_left_of_a_child, "L371")
{
    PROCESS_INFORMATION pi = start("child exit %s", "0");
    siginfo_t info = {0};
    pid_t pid = (pid_t)pi.dwProcessId;

    EXPECT_EQ(end_of(&pi), 0);
    EXPECT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG) < 0 && errno == ECHILD);
    pi = start("child %s", "wait"); /* one that is left alone goes when somebody comes by */
    pid = (pid_t)pi.dwProcessId;
    EXPECT_OK(CloseHandle(pi.hThread) && CloseHandle(pi.hProcess));
    kill(pid, SIGKILL);
    MUST(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
    EXPECT_EQ(run("child exit %s", "0"), 0);
    EXPECT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG) < 0 && errno == ECHILD);
}

/* Each line and what main is given on Windows. */
TEST(createprocess, the_command_line_is_taken_apart, "D14.1b")
{
    static const struct {
        const char *line, *output;
    } lines[] = {
        {"child arguments a b  c", "5\n[arguments]\n[a]\n[b]\n[c]\n"},
        {"\"a child\" arguments \"a b\"\t\"\" c", "5\n[arguments]\n[a b]\n[]\n[c]\n"},
        {"child arguments a\\\\b d\"e f\"g h", "5\n[arguments]\n[a\\\\b]\n[de fg]\n[h]\n"},
        {"child arguments a\\\\\\\"b c d", "5\n[arguments]\n[a\\\"b]\n[c]\n[d]\n"},
        {"child arguments a\\\\\\\\\"b c\" d e", "5\n[arguments]\n[a\\\\b c]\n[d]\n[e]\n"},
        {"child arguments \"a\"\"b\" c", "4\n[arguments]\n[a\"b]\n[c]\n"},
        {"child arguments \"open and so on", "3\n[arguments]\n[open and so on]\n"},
        {"ch\"il d\" arguments ", "2\n[arguments]\n"},
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char line[100];
        const char *got;

        strcpy(line, lines[i].line);
        got = output_of(line, itself, NULL);
        if (strcmp(got, lines[i].output) != 0)
            check_fail(__FILE__, __LINE__, "%s: got %s wanted %s", lines[i].line, got, lines[i].output);
        EXPECT(strcmp(line, lines[i].line) == 0);
    }
}

/* What GetCommandLine puts together is taken apart as it was. */
TEST(createprocess, a_command_line_comes_back, "D14.1b")
{
    char line[] = "child arguments \"a\\\\\" \"b\\\"c\" \"d e\\f\" \"\" g\\\\h";

    EXPECT(strcmp(output_of(line, itself, NULL), "7\n[arguments]\n[a\\]\n[b\"c]\n[d e\\f]\n[]\n[g\\\\h]\n") ==
           0);
}

TEST(createprocess, the_program_is_found_by_its_name, "D14.1c")
{
    char line[PATH_MAX + 100], spaced[] = "a program exit 3", missing[] = "winmem-no-such-program x",
                               quoted[] = "\"a program\" exit 4", folder_line[PATH_MAX + 100];
    PROCESS_INFORMATION pi;
    STARTUPINFOA startup = {.cb = sizeof startup};
    const char *base = strrchr(itself, '/') + 1;

    snprintf(line, sizeof line, "%s arguments x", base); /* beside this program */
    EXPECT(strcmp(output_of(line, NULL, NULL), "3\n[arguments]\n[x]\n") == 0);
    snprintf(line, sizeof line, "\"%s\" arguments x", itself);
    for (char *p = line; *p != '\0'; p++)
        *p = *p == '/' ? '\\' : *p;
    EXPECT(strcmp(output_of(line, NULL, NULL), "3\n[arguments]\n[x]\n") == 0);
    go_to("/dev/shm");
    MUST(symlink(itself, "a program") == 0 && mkdir("dir", 0777) == 0);
    EXPECT_OK(CreateProcessA(NULL, quoted, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT_EQ(end_of(&pi), 4);
    EXPECT_OK(CreateProcessA(NULL, spaced, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    WaitForSingleObject(pi.hProcess, 10000); /* its arguments are "a", "program", "exit", "3" */
    CloseHandle(pi.hProcess);
    CloseHandle(pi.hThread);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND,
                CreateProcessA(NULL, missing, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND,
                CreateProcessA("missing", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND,
                CreateProcessA("no\\missing", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    make_file("text", "neither a script nor a program");
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                CreateProcessA("text", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                CreateProcessA("dir", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    MUST(chmod("text", 0777) == 0);
    EXPECT_FAIL(ERROR_BAD_EXE_FORMAT,
                CreateProcessA("text", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    snprintf(folder_line, sizeof folder_line, "child folder");
    EXPECT_FAIL(ERROR_DIRECTORY,
                CreateProcessA(itself, folder_line, NULL, NULL, FALSE, 0, NULL, "missing", &startup, &pi));
    go_away();
}

TEST(createprocess, folder_and_environment, "D14.1d")
{
    char line[] = "child folder", other[] = "child getenv ONE \"1 2\"", same[] = "child environ";
    char block[] = "ONE=1 2\0TWO=\0";
    WCHAR wide_line[] = L"child getenv ONE \"1 2\"";
    const WCHAR *const wide = L"ONE=1 2\0TWO=\0";
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION pi;

    EXPECT(strcmp(output_of(line, itself, "\\proc"), "/proc") == 0);
    EXPECT_OK(CreateProcessA(itself, other, NULL, NULL, FALSE, 0, block, NULL, &startup, &pi));
    EXPECT_EQ(end_of(&pi), 0);
    EXPECT_OK(CreateProcessW(L"/proc/self/exe", wide_line, NULL, NULL, FALSE, CREATE_UNICODE_ENVIRONMENT,
                             (LPVOID)wide, NULL, (LPSTARTUPINFOW)&startup, &pi));
    EXPECT_EQ(end_of(&pi), 0);
    setenv("WINMEM_TEST_SEEN", "1", 1);
    EXPECT_OK(CreateProcessA(itself, same, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT_EQ(end_of(&pi), 0);
}

TEST(createprocess, standard_handles, "D14.1e")
{
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION pi;
    char line[] = "child copy";

    go_to("/dev/shm");
    make_file("in", "some text");
    startup.hStdInput = must_open("in", 0, OPEN_EXISTING);
    startup.hStdOutput = must_open("out", RW, CREATE_ALWAYS);
    startup.hStdError = must_open("err", RW, CREATE_ALWAYS);
    EXPECT_OK(CreateProcessA(itself, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT_EQ(end_of(&pi), 0);
    EXPECT(file_holds("out", "some text") && file_holds("err", "E"));
    startup.hStdInput = NULL;
    startup.hStdError = INVALID_HANDLE_VALUE;
    EXPECT_OK(CreateProcessA(itself, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT_EQ(end_of(&pi), 0);
    startup.hStdInput = pi.hProcess;
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                CreateProcessA(itself, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    go_away();
}

TEST(createprocess, handles_are_inherited_if_that_is_asked_for, "D14.1f L365")
{
    SECURITY_ATTRIBUTES inheriting = {sizeof inheriting, NULL, TRUE};
    HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, &inheriting, PAGE_READWRITE, 0, 0x1000, NULL);
    PROCESS_INFORMATION pi;
    STARTUPINFOA startup = {.cb = sizeof startup};
    DWORD flags = 0;
    char line[100], wait[] = "child wait";

    MUST(handle != NULL);
    ((BYTE *)MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0))[0] = 50;
    snprintf(line, sizeof line, "child handle %llx", (unsigned long long)(uintptr_t)handle);
    MUST(start_with(line, 0, TRUE, NULL, &pi));
    EXPECT_EQ(end_of(&pi), 51);
    MUST(start_with(line, 0, FALSE, NULL, &pi));
    EXPECT_EQ(end_of(&pi), 1);
    MUST(start_with(line, 0, TRUE, NULL, &pi));
    EXPECT_EQ(end_of(&pi), 52);
    MUST(CreateProcessA(itself, wait, &inheriting, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT(GetHandleInformation(pi.hProcess, &flags) && flags == HANDLE_FLAG_INHERIT);
    EXPECT(GetHandleInformation(pi.hThread, &flags) && flags == 0);
    EXPECT_OK(TerminateProcess(pi.hProcess, 1));
    EXPECT_EQ(end_of(&pi), 1);
}

/* What a debugger or an injector does: memory of a program that has not begun. */
TEST(createprocess, suspended_until_it_is_resumed, "D14.1g")
{
    PROCESS_INFORMATION pi;
    char line[] = "child exit 9";
    BYTE *p, text[] = "written before it began", back[sizeof text];
    SIZE_T done;
    MEMORY_BASIC_INFORMATION mbi;
    DWORD code;

    MUST(start_with(line, CREATE_SUSPENDED, FALSE, NULL, &pi));
    EXPECT_EQ(WaitForSingleObject(pi.hProcess, A_WHILE), WAIT_TIMEOUT);
    EXPECT(GetExitCodeProcess(pi.hProcess, &code) && code == STILL_ACTIVE);
    p = VirtualAllocEx(pi.hProcess, NULL, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    EXPECT(p != NULL);
    EXPECT_OK(WriteProcessMemory(pi.hProcess, p, text, sizeof text, &done));
    EXPECT_OK(ReadProcessMemory(pi.hProcess, p, back, sizeof back, &done));
    EXPECT(memcmp(text, back, sizeof text) == 0);
    EXPECT_EQ(VirtualQueryEx(pi.hProcess, p, &mbi, sizeof mbi), sizeof mbi);
    EXPECT(mbi.State == MEM_COMMIT && mbi.Protect == PAGE_READWRITE);
    EXPECT_OK(VirtualFreeEx(pi.hProcess, p, 0, MEM_RELEASE));
    EXPECT_EQ(WaitForSingleObject(pi.hProcess, A_WHILE), WAIT_TIMEOUT);
    EXPECT_EQ(ResumeThread(pi.hThread), 1);
    EXPECT_EQ(ResumeThread(pi.hThread), 0);
    EXPECT_EQ(GetThreadId(pi.hThread), pi.dwThreadId);
    EXPECT_EQ(end_of(&pi), 9);
}

TEST(createprocess, a_suspended_one_is_terminated, "D14.1g D14.2a")
{
    PROCESS_INFORMATION pi;
    char line[] = "child exit 9";

    MUST(start_with(line, CREATE_SUSPENDED, FALSE, NULL, &pi));
    EXPECT_OK(TerminateProcess(pi.hProcess, 5));
    EXPECT_EQ(WaitForSingleObject(pi.hProcess, 10000), WAIT_OBJECT_0);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, TerminateProcess(pi.hProcess, 6));
    EXPECT_EQ(ResumeThread(pi.hThread), 1);
    EXPECT_EQ(end_of(&pi), 5);
}

TEST(createprocess, what_is_wrong_is_refused, "D14.1h")
{
    PROCESS_INFORMATION pi;
    STARTUPINFOA startup = {.cb = sizeof startup};
    char line[] = "child exit 0";

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateProcessA(NULL, NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &pi));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, start_with(line, 0x80000000, FALSE, NULL, &pi));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                start_with(line, CREATE_NEW_CONSOLE | DETACHED_PROCESS, FALSE, NULL, &pi));
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, start_with(line, DEBUG_PROCESS, FALSE, NULL, &pi));
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, start_with(line, EXTENDED_STARTUPINFO_PRESENT, FALSE, NULL, &pi));
    EXPECT_FAIL(ERROR_NOACCESS, CreateProcessA(itself, line, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &pi));
    EXPECT_FAIL(ERROR_NOACCESS,
                CreateProcessA(itself, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, NULL));
    EXPECT_OK(start_with(line, CREATE_NO_WINDOW | NORMAL_PRIORITY_CLASS, FALSE, NULL, &pi));
    EXPECT_EQ(end_of(&pi), 0);
}

TEST(createprocess, terminating, "D14.2a L376")
{
    PROCESS_INFORMATION pi = start("child %s", "wait");
    HANDLE weak = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, pi.dwProcessId);
    DWORD code;

    EXPECT_FAIL(ERROR_ACCESS_DENIED, TerminateProcess(weak, 1));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, TerminateProcess(NULL, 1));
    EXPECT_OK(TerminateProcess(pi.hProcess, STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(WaitForSingleObject(weak, 10000), WAIT_OBJECT_0);
    EXPECT(GetExitCodeProcess(weak, &code) && code == STATUS_ACCESS_VIOLATION);
    EXPECT_OK(CloseHandle(weak));
    EXPECT_EQ(end_of(&pi), STATUS_ACCESS_VIOLATION);
    EXPECT_EQ(run("child terminate %s", "0x105"), 5);
    EXPECT_EQ(run("child terminate %s", "0x100"), 255);
    EXPECT_EQ(run("child exitprocess %s", "0"), 0);
    EXPECT_EQ(run("child exitprocess %s", "0x107"), 7);
    EXPECT_EQ(run("child exitprocess %s", "0xFF00"), 255);
}

TEST(createprocess, signals_and_groups, "L372")
{
    PROCESS_INFORMATION pi;
    char line[] = "child signals", group[] = "child group";
    sigset_t mask;

    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    MUST(sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
    MUST(start_with(line, 0, FALSE, NULL, &pi));
    EXPECT_EQ(end_of(&pi), 0);
    MUST(start_with(group, CREATE_NEW_PROCESS_GROUP, FALSE, NULL, &pi));
    EXPECT_EQ(end_of(&pi), 0);
    MUST(start_with(group, 0, FALSE, NULL, &pi));
    EXPECT_EQ(end_of(&pi), 1);
}

static void start_some(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20; i++)
        EXPECT_EQ(run("child exit %s", i % 2 ? "3" : "4"), i % 2 ? 3 : 4);
}

TEST(createprocess, by_threads_at_once, "L371")
{
    struct check_thread threads[4];
    int before = open_descriptors(), i;

    for (i = 0; i < 4; i++)
        thread_start(&threads[i], start_some, NULL);
    for (i = 0; i < 4; i++)
        thread_join(&threads[i]);
    EXPECT(open_descriptors() <= before);
}

TEST(createprocess, no_descriptor_is_left, "L371 L144")
{
    struct rlimit limit, none;
    PROCESS_INFORMATION pi;
    char line[] = "child exit 0";
    int last = fcntl(0, F_DUPFD, 0), before;

    MUST(last >= 0);
    close(last);
    if (!WinmemFeature("pidfd"))
        SKIP("without pidfds no descriptor is wanted, and the child cannot load its libraries");
    before = open_descriptors();
    getrlimit(RLIMIT_NOFILE, &limit);
    none = (struct rlimit){(rlim_t)last, limit.rlim_max};
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    EXPECT_FAIL(ERROR_TOO_MANY_OPEN_FILES, start_with(line, 0, FALSE, NULL, &pi));
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_OK(start_with(line, 0, FALSE, NULL, &pi));
    EXPECT_EQ(end_of(&pi), 0);
}

#endif
