/* environment.c: variables, the command line, files of modules, whoever debugs, random bytes. */
#include "files.h"

#include <bcrypt.h>
#include <ntsecapi.h>
#include <sys/ptrace.h>

#ifdef WINMEM_VERSION_MAJOR

static const char *value(const char *name)
{
    static char told[100];

    return GetEnvironmentVariableA(name, told, sizeof told) == 0 ? "none" : told;
}

TEST(environment, variables, "D13.14a L395")
{
    char told[10];
    WCHAR wide[10];

    setenv("ONE", "first", 1);
    EXPECT(strcmp(value("ONE"), "first") == 0);
    EXPECT_FAIL(ERROR_ENVVAR_NOT_FOUND, GetEnvironmentVariableA("one", told, sizeof told));
    EXPECT_FAIL(ERROR_ENVVAR_NOT_FOUND, GetEnvironmentVariableA("", told, sizeof told));
    EXPECT_FAIL(ERROR_ENVVAR_NOT_FOUND, GetEnvironmentVariableW(NULL, wide, 10));
    EXPECT_RETURNS(6, GetEnvironmentVariableA("ONE", told, 5));
    EXPECT_RETURNS(5, GetEnvironmentVariableA("ONE", told, 6));
    EXPECT_RETURNS(6, GetEnvironmentVariableW(L"ONE", NULL, 0));
    EXPECT_FAIL(ERROR_NOACCESS, GetEnvironmentVariableA("ONE", (char *)16, 10));
    EXPECT_OK(SetEnvironmentVariableA("ONE", "second"));
    EXPECT(strcmp(getenv("ONE"), "second") == 0);
    EXPECT_OK(SetEnvironmentVariableW(L"TWO", L"gr\u00fc\u00df"));
    EXPECT(strcmp(getenv("TWO"), "gr\xc3\xbc\xc3\x9f") == 0);
    EXPECT_RETURNS(4, GetEnvironmentVariableW(L"TWO", wide, 10));
    EXPECT_OK(SetEnvironmentVariableA("TWO", NULL));
    EXPECT(getenv("TWO") == NULL);
    EXPECT_OK(SetEnvironmentVariableA("TWO", NULL));
    EXPECT_OK(SetEnvironmentVariableA("TWO", ""));
    SetLastError(CHECK_SENTINEL);
    EXPECT(GetEnvironmentVariableA("TWO", told, 10) == 0 && GetLastError() == CHECK_SENTINEL);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetEnvironmentVariableA("", "x"));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetEnvironmentVariableA(NULL, "x"));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetEnvironmentVariableA("A=B", "x"));
}

TEST(environment, all_of_them, "D13.14b")
{
    char *block, *at;
    WCHAR *wide;
    size_t length = 0;

    clearenv();
    block = GetEnvironmentStrings();
    EXPECT(block != NULL && block[0] == 0 && block[1] == 0);
    EXPECT_OK(FreeEnvironmentStringsA(block));
    setenv("ONE", "first", 1);
    setenv("TWO", "gr\xc3\xbc\xc3\x9f", 1);
    block = GetEnvironmentStringsA();
    EXPECT(strcmp(block, "ONE=first") == 0);
    at = block + strlen(block) + 1;
    EXPECT(strcmp(at, "TWO=gr\xc3\xbc\xc3\x9f") == 0 && at[strlen(at) + 1] == '\0');
    EXPECT_OK(FreeEnvironmentStringsA(block));
    wide = GetEnvironmentStringsW();
    while (wide[length] != 0)
        length++;
    EXPECT(length == 9 && wide[16] == 0xfc && wide[18] == 0 && wide[19] == 0);
    EXPECT_OK(FreeEnvironmentStringsW(wide));
}

static BOOL expands(const char *text, const char *wanted)
{
    char told[100];
    DWORD length = ExpandEnvironmentStringsA(text, told, sizeof told);

    return length == strlen(wanted) + 1 && strcmp(told, wanted) == 0;
}

TEST(environment, in_a_text, "D13.14c")
{
    char told[10];
    WCHAR wide[10];

    setenv("ONE", "abc", 1);
    unsetenv("NONE");
    EXPECT(expands("x%ONE%y%NONE%z%", "xabcy%NONE%z%"));
    EXPECT(expands("%ONE%%ONE%", "abcabc"));
    EXPECT(expands("%%ONE%%", "%abc%"));
    EXPECT(expands("%ONE", "%ONE"));
    EXPECT(expands("", ""));
    EXPECT(expands(NULL, ""));
    SetLastError(CHECK_SENTINEL);
    EXPECT(ExpandEnvironmentStringsA("x%ONE%", told, 4) == 5 && GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    EXPECT_RETURNS(5, ExpandEnvironmentStringsW(L"x%ONE%", wide, 5));
    EXPECT(wide[3] == 'c' && wide[4] == 0);
    EXPECT_FAIL(ERROR_NOACCESS, ExpandEnvironmentStringsA("x", (char *)16, 9));
}

/* --- the program --- */

TEST(environment, the_command_line, "D13.14d")
{
    char *line = GetCommandLineA(), *end;
    WCHAR *wide = GetCommandLineW();

    EXPECT(line != NULL && line == GetCommandLineA() && wide == GetCommandLineW());
    end = line + strlen(line);
    EXPECT(end - line > 30 && strcmp(end - 28, "environment.the_command_line") == 0);
    for (size_t i = 0; line[i] != '\0'; i++)
        EXPECT(wide[i] == (WCHAR)line[i]);
}

/* The program once more, with arguments that need quoting, which tells its command line. */
TEST(environment, tells_its_command_line, "D13.14d")
{
    int ends[2], status;
    char told[1000];
    ssize_t length;
    pid_t child;

    if (getenv("TELL") != NULL) {
        printf("%s", GetCommandLineA());
        return;
    }
    MUST(pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        setenv("TELL", "1", 1);
        execl("/proc/self/exe", "name", "environment.tells_its_command_line", "a b", "", "c\\\"d", "e\\ f\\",
              NULL);
        _exit(1);
    }
    close(ends[1]);
    length = read(ends[0], told, sizeof told - 1);
    told[length < 0 ? 0 : length] = '\0';
    MUST(waitpid(child, &status, 0) == child);
    EXPECT(status == 0 &&
           strcmp(told,
                  "name environment.tells_its_command_line \"a b\" \"\" \"c\\\\\\\"d\" \"e\\ f\\\\\"") == 0);
}

TEST(environment, files_of_modules, "D13.14e")
{
    char self[PATH_MAX] = "", told[PATH_MAX];
    WCHAR wide[PATH_MAX];
    DWORD length = (DWORD)readlink("/proc/self/exe", self, sizeof self - 1);
    HMODULE libc = LoadLibraryA("libc.so.6");

    EXPECT_RETURNS(length, GetModuleFileNameA(NULL, told, sizeof told));
    EXPECT(strcmp(told, self) == 0);
    EXPECT_RETURNS(length, GetModuleFileNameA(GetModuleHandleA(NULL), told, sizeof told));
    EXPECT_RETURNS(length, GetModuleFileNameW(NULL, wide, PATH_MAX));
    EXPECT(GetModuleFileNameA(libc, told, sizeof told) > 0 && strstr(told, "/libc") != NULL);
    EXPECT(GetModuleFileNameA(GetModuleHandleA("kernel32"), told, sizeof told) > 0 && told[0] == '/');
    SetLastError(CHECK_SENTINEL);
    EXPECT(GetModuleFileNameA(NULL, told, 5) == 5 && GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    EXPECT(strlen(told) == 4 && memcmp(told, self, 4) == 0);
    EXPECT(GetModuleFileNameW(NULL, wide, 5) == 5 && wide[4] == 0 && wide[0] == '/');
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetModuleFileNameA(NULL, told, 0));
    EXPECT_FAIL(ERROR_MOD_NOT_FOUND, GetModuleFileNameA((HMODULE)(uintptr_t)0x1234000, told, sizeof told));
    EXPECT_FAIL(ERROR_MOD_NOT_FOUND,
                GetModuleFileNameA((HMODULE)((uintptr_t)libc + 0x1000), told, sizeof told));
    EXPECT_FAIL(ERROR_NOACCESS, GetModuleFileNameA(NULL, (char *)16, sizeof told));
}

/* --- whoever debugs --- */

TEST(environment, is_being_debugged, "D13.15a L397")
{
    int ends[2], status;
    char text[20] = "";
    pid_t child;

    MUST(pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        OutputDebugStringA("before");
        if (IsDebuggerPresent())
            _exit(1);
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(77);
        if (!IsDebuggerPresent())
            _exit(2);
        OutputDebugStringA("de");
        OutputDebugStringW(L"bug\u00fc");
        OutputDebugStringA(NULL);
        _exit(0);
    }
    close(ends[1]);
    MUST(waitpid(child, &status, 0) == child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        SKIP("nobody may be traced here");
    EXPECT_EQ(status, 0);
    EXPECT(read(ends[0], text, sizeof text) == 7 && memcmp(text, "debug\xc3\xbc", 7) == 0);
}

TEST(environment, message_box, "L570")
{
    int ends[2], status;
    char text[100] = "";
    ssize_t bytes = 0, got;
    pid_t child;

    MUST(pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        if (MessageBoxA(NULL, "text", NULL, MB_ICONERROR | MB_OK) != IDOK)
            _exit(1);
        if (MessageBoxW(NULL, L"f\u00fcr", L"whom", MB_YESNOCANCEL | MB_DEFBUTTON3) != IDCANCEL)
            _exit(2);
        if (MessageBoxA(NULL, NULL, "c", MB_YESNO | MB_DEFBUTTON3) != IDYES)
            _exit(3);
        SetLastError(0);
        if (MessageBoxA(NULL, "no", "no", 7) != 0 || GetLastError() != ERROR_INVALID_MSGBOX_STYLE)
            _exit(4);
        _exit(0);
    }
    close(ends[1]);
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    while ((got = read(ends[0], text + bytes, sizeof text - 1 - (size_t)bytes)) > 0)
        bytes += got;
    close(ends[0]);
    EXPECT(strcmp(text, "Error: text\nwhom: f\xc3\xbcr\nc: \n") == 0);
}

static int breaks;

static LONG CALLBACK on_break(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode != EXCEPTION_BREAKPOINT)
        return EXCEPTION_CONTINUE_SEARCH;
    breaks++;
#if defined __aarch64__
    info->ContextRecord->Pc += 4;
#else
    info->ContextRecord->Rip++;
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(environment, a_breakpoint_is_an_exception, "D13.15b")
{
    PVOID handler = AddVectoredExceptionHandler(1, on_break);

    DebugBreak();
    EXPECT_EQ(breaks, 1);
    RemoveVectoredExceptionHandler(handler);
}

/* --- random bytes --- */

TEST(environment, random_bytes, "D13.15c")
{
    UCHAR first[64] = {0}, second[64] = {0}, many[1000] = {0};

    EXPECT_EQ(BCryptGenRandom(NULL, first, sizeof first, BCRYPT_USE_SYSTEM_PREFERRED_RNG), 0);
    EXPECT_EQ(BCryptGenRandom(BCRYPT_RNG_ALG_HANDLE, second, sizeof second, 0), 0);
    EXPECT(memcmp(first, second, sizeof first) != 0 && !all_zero(first, sizeof first));
    EXPECT(BCRYPT_SUCCESS(BCryptGenRandom(NULL, NULL, 0, BCRYPT_USE_SYSTEM_PREFERRED_RNG)));
    EXPECT_EQ((DWORD)BCryptGenRandom(NULL, first, 1, 0), 0xC0000008);
    EXPECT_EQ((DWORD)BCryptGenRandom((void *)5, first, 1, 0), 0xC0000008);
    EXPECT_EQ((DWORD)BCryptGenRandom(BCRYPT_RNG_ALG_HANDLE, first, 1, BCRYPT_USE_SYSTEM_PREFERRED_RNG),
              0xC0000008);
    EXPECT_EQ((DWORD)BCryptGenRandom(NULL, NULL, 1, BCRYPT_USE_SYSTEM_PREFERRED_RNG), 0xC000000D);
    EXPECT_EQ((DWORD)BCryptGenRandom(NULL, first, 1, 0x10), 0xC000000D);
    EXPECT_EQ((DWORD)BCryptGenRandom(NULL, (UCHAR *)16, 1, BCRYPT_USE_SYSTEM_PREFERRED_RNG), 0xC0000005);
    EXPECT(RtlGenRandom(second, sizeof second) && memcmp(first, second, sizeof first) != 0);
    EXPECT(RtlGenRandom(many, sizeof many) && !all_zero(many + sizeof many - 16, 16));
    EXPECT(!RtlGenRandom(NULL, 1) && RtlGenRandom(NULL, 0));
    EXPECT(GetProcAddress(GetModuleHandleA("advapi32.dll"), "SystemFunction036") ==
           (FARPROC)(void (*)(void))SystemFunction036);
}

#endif
