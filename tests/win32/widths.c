/*
 * widths.c: functions with wide strings, once with a WCHAR of 32 bits and once with one of 16 (WINMEM_WCHAR16): a character
 * that needs two of those goes through each.
 */
#include "files.h"

#include <crt/stdio.h>
#include <crt/stdlib.h>
#include <crt/string.h>

#ifdef WINMEM_VERSION_MAJOR

#define W(quoted) WINMEM_WIDE_TEXT(quoted)
#define FACE "\xf0\x9f\x98\x80" /* as Linux has it */
#define WIDE_FACE "\U0001f600"

enum { FACE_UNITS = sizeof(WCHAR) == 2 ? 2 : 1 };

static BOOL is_text(const WCHAR *text, const WCHAR *wanted)
{
    size_t i = 0;

    while (text[i] == wanted[i] && text[i] != 0)
        i++;
    return text[i] == wanted[i];
}

TEST(widths, files_and_directories, "L200 D13.6a D13.7a D13.9c")
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    go_to("/dev/shm");
    EXPECT_OK(CreateDirectoryW(W(WIDE_FACE), NULL));
    EXPECT(is_there(FACE));
    EXPECT_RETURNS(FILE_ATTRIBUTE_DIRECTORY, GetFileAttributesW(W(WIDE_FACE)));
    EXPECT_OK(GetFileAttributesExW(W(WIDE_FACE), GetFileExInfoStandard, &data));
    EXPECT_OK(MoveFileW(W(WIDE_FACE), W("b" WIDE_FACE)));
    EXPECT_OK(MoveFileExW(W("b" WIDE_FACE), W("c" WIDE_FACE), 0));
    EXPECT(is_there("c" FACE));
    EXPECT_OK(SetFileAttributesW(W("c" WIDE_FACE), FILE_ATTRIBUTE_NORMAL));
    EXPECT_OK(SetCurrentDirectoryW(W("c" WIDE_FACE)));
    MUST(chdir(here) == 0);
    EXPECT_OK(RemoveDirectoryW(W("c" WIDE_FACE)));
    EXPECT(!is_there("c" FACE));
    go_away();
}

TEST(widths, names_that_are_told, "D13.8a D13.8b D13.8c D13.8d D13.8e")
{
    WCHAR told[PATH_MAX], *part;
    HANDLE file;
    DWORD length;

    EXPECT_RETURNS(2 + FACE_UNITS, GetFullPathNameW(W("/x/../" WIDE_FACE "b"), PATH_MAX, told, &part));
    EXPECT(is_text(told, W("/" WIDE_FACE "b")) && part == told + 1);
    EXPECT_RETURNS(3 + FACE_UNITS, GetFullPathNameW(W("/" WIDE_FACE "b"), 2 + FACE_UNITS, told, &part));
    setenv("TMP", "/" FACE, 1);
    EXPECT_RETURNS(2 + FACE_UNITS, GetTempPathW(PATH_MAX, told));
    EXPECT(is_text(told, W("/" WIDE_FACE "/")));
    EXPECT_RETURNS(2 + FACE_UNITS, GetTempPath2W(PATH_MAX, told));
    EXPECT_RETURNS(7, GetTempFileNameW(W("/"), W(WIDE_FACE "abc"), 7, told));
    EXPECT(is_text(told, W("/" WIDE_FACE "ab7.tmp")));
    go_to("/dev/shm");
    make_file(FACE, "");
    file = CreateFileW(W(WIDE_FACE), GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    length = GetFinalPathNameByHandleW(file, told, PATH_MAX, 0);
    EXPECT(length == strlen(here) + 1 + FACE_UNITS && is_text(told + strlen(here), W("/" WIDE_FACE)));
    MUST(mkdir("d" FACE, 0777) == 0 && chdir("d" FACE) == 0);
    length = GetCurrentDirectoryW(PATH_MAX, told);
    EXPECT(length == strlen(here) + 2 + FACE_UNITS && is_text(told + strlen(here), W("/d" WIDE_FACE)));
    go_away();
}

TEST(widths, between_utf8_and_wide, "D13.13a L396")
{
    static const WCHAR alone[] = {0xd83d, 'a', 0};
    WCHAR told[10];
    char text[20];

    EXPECT(lstrlenW(W(WIDE_FACE "a")) == FACE_UNITS + 1 && lstrcpyW(told, W("b")) == told);
    EXPECT(lstrcatW(told, W(WIDE_FACE)) == told && lstrcmpW(told, W("b" WIDE_FACE)) == 0);
    EXPECT(lstrcmpiW(told, W("B" WIDE_FACE)) == 0 && lstrcpynW(told, W("xyz"), 2) == told && told[1] == 0);
    EXPECT_RETURNS(FACE_UNITS + 2, MultiByteToWideChar(CP_UTF8, 0, FACE "a", -1, told, 10));
    EXPECT(is_text(told, W(WIDE_FACE "a")));
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER,
                MultiByteToWideChar(CP_UTF8, 0, FACE "a", -1, told, FACE_UNITS + 1));
    EXPECT_RETURNS(6, WideCharToMultiByte(CP_UTF8, 0, W(WIDE_FACE "a"), -1, text, 20, NULL, NULL));
    EXPECT(strcmp(text, FACE "a") == 0);
    EXPECT_RETURNS(5, WideCharToMultiByte(CP_UTF8, 0, alone, -1, text, 20, NULL, NULL));
    EXPECT(strcmp(text, "\xef\xbf\xbd"
                        "a") == 0);
    EXPECT_FAIL(ERROR_NO_UNICODE_TRANSLATION,
                WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, alone, 1, NULL, 0, NULL, NULL));
}

TEST(widths, environment, "D13.14a D13.14b D13.14c D13.14d D13.14e")
{
    WCHAR told[PATH_MAX], *block;
    char line[PATH_MAX];
    DWORD length;

    clearenv();
    EXPECT_OK(SetEnvironmentVariableW(W("A" WIDE_FACE), W("b" WIDE_FACE)));
    EXPECT(strcmp(getenv("A" FACE), "b" FACE) == 0);
    EXPECT_RETURNS(1 + FACE_UNITS, GetEnvironmentVariableW(W("A" WIDE_FACE), told, 10));
    EXPECT(is_text(told, W("b" WIDE_FACE)));
    EXPECT_RETURNS(4 + FACE_UNITS, ExpandEnvironmentStringsW(W("x%A" WIDE_FACE "%y"), told, 10));
    EXPECT(is_text(told, W("xb" WIDE_FACE "y")));
    block = GetEnvironmentStringsW();
    EXPECT(is_text(block, W("A" WIDE_FACE "=b" WIDE_FACE)) && block[4 + 2 * FACE_UNITS] == 0);
    EXPECT_OK(FreeEnvironmentStringsW(block));
    EXPECT(WideCharToMultiByte(CP_UTF8, 0, GetCommandLineW(), -1, line, sizeof line, NULL, NULL) > 0);
    EXPECT(strcmp(line, GetCommandLineA()) == 0);
    length = GetModuleFileNameW(NULL, told, PATH_MAX);
    EXPECT(length == GetModuleFileNameA(NULL, line, sizeof line) && told[0] == '/' && told[length] == 0);
    EXPECT(GetModuleFileNameW(NULL, told, 3) == 3 && told[2] == 0);
    OutputDebugStringW(W(WIDE_FACE));
    EXPECT(MessageBoxW(NULL, W(WIDE_FACE), W("a test"), MB_OKCANCEL | MB_DEFBUTTON2) == IDCANCEL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, WriteConsoleW(NULL, W(WIDE_FACE), 1, NULL, NULL));
}

TEST(widths, c_run_time, "D13.18a D13.19b D13.20a")
{
    WCHAR text[8], *copy;
    FILE *file;

    EXPECT(_wcsicmp(W("aB" WIDE_FACE), W("Ab" WIDE_FACE)) == 0 && _wcsnicmp(W("aBc"), W("Abd"), 2) == 0);
    EXPECT(_wcsicmp(W("a"), W("b")) < 0);
    copy = _wcsdup(W(WIDE_FACE "x"));
    EXPECT(is_text(copy, W(WIDE_FACE "x")));
    free(copy);
    EXPECT(wcscpy_s(text, 8, W(WIDE_FACE)) == 0 && wcscat_s(text, 8, W("x")) == 0);
    EXPECT(is_text(text, W(WIDE_FACE "x")) && wcscat_s(text, FACE_UNITS + 2, W("y")) == ERANGE);
    setenv("A" FACE, "b" FACE, 1);
    EXPECT(is_text(_wgetenv(W("A" WIDE_FACE)), W("b" WIDE_FACE)) && _wgetenv(W("none")) == NULL);
    go_to("/dev/shm");
    file = _wfopen(W(WIDE_FACE), W("w"));
    EXPECT(file != NULL && fclose(file) == 0 && is_there(FACE));
    go_away();
}

static BOOL prints(const char *wanted, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = wvsprintfA(text, format, arguments);
    va_end(arguments);
    if (strcmp(text, wanted) != 0)
        printf("%s is not %s\n", text, wanted);
    return length == (int)strlen(wanted) && strcmp(text, wanted) == 0;
}

TEST(widths, texts_of_a_format, "D13.13e L402")
{
    WCHAR told[1024];
    char text[1024];

    EXPECT(prints("   42|ab   |c|ff|00000ABC|%|(null)", "%5d|%-5s|%c|%x|%08X|%%|%s", 42, "ab", 'c', 255,
                  0xabc, NULL));
    EXPECT(prints("1099511627776 7 -3 4464 0x10 00005", "%I64d %lu %ld %hu %#x %.5u", 1ll << 40, 7, -3, 70000,
                  16, 5));
    EXPECT(prints("-0042 0x00ff ab q", "%05d %#06x %.2s %-2q", -42, 255, "abcd"));
    EXPECT(prints(FACE "|" FACE "|  " FACE "b|0000000000001234", "%S|%ls|%4ls|%p", W(WIDE_FACE), W(WIDE_FACE),
                  W(WIDE_FACE "b"), (void *)0x1234));
    EXPECT_EQ(wsprintfA(text, "%2000s", "x"), 1023);
    EXPECT_EQ(wsprintfW(told, W("%s|%S|%hs|%3c" WIDE_FACE), W("a" WIDE_FACE), "b", FACE, 'c'),
              8 + 3 * FACE_UNITS);
    EXPECT(is_text(told, W("a" WIDE_FACE "|b|" WIDE_FACE "|  c" WIDE_FACE)));
}

#endif
