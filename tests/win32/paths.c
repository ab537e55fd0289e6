/* paths.c: names that functions tell: GetFullPathName, GetFinalPathNameByHandle, GetTempPath, GetTempFileName. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

/* --- full names --- */

static BOOL is_full(const char *name, const char *full)
{
    char told[PATH_MAX] = "", *part;
    DWORD length = GetFullPathNameA(name, sizeof told, told, &part);

    if (length != strlen(full) || strcmp(told, full) != 0)
        printf("%s is told as %s (%u)\n", name, told, length);
    return length == strlen(full) && strcmp(told, full) == 0 &&
           (strrchr(full, '/')[1] == '\0' ? part == NULL : part == strrchr(told, '/') + 1);
}

TEST(paths, full_names, "D13.8a")
{
    char full[PATH_MAX + 10], told[PATH_MAX];

    go_to("/dev/shm");
    EXPECT(is_full("/a/b", "/a/b"));
    EXPECT(is_full("\\a\\.\\b\\..\\c", "/a/c"));
    EXPECT(is_full("/a//b///c/", "/a/b/c/"));
    EXPECT(is_full("/../..", "/"));
    EXPECT(is_full("/a/..", "/"));
    EXPECT(is_full("\\\\?\\/a", "/a"));
    EXPECT(is_full("/...a/.b", "/...a/.b"));
    snprintf(full, sizeof full, "%s/x", here);
    EXPECT(is_full("x", full));
    EXPECT(is_full("./y/../x", full));
    EXPECT(is_full(".", here));
    EXPECT_FAIL(ERROR_INVALID_NAME, GetFullPathNameA("", sizeof told, told, NULL));
    EXPECT_FAIL(ERROR_INVALID_NAME, GetFullPathNameW(NULL, 0, NULL, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, GetFullPathNameA("x", sizeof told, told, (char **)16));
    EXPECT_FAIL(ERROR_NOACCESS, GetFullPathNameA("x", sizeof told, (char *)16, NULL));
    go_away();
}

TEST(paths, that_would_be_too_long, "D13.8a")
{
    static char name[PATH_MAX], told[PATH_MAX];

    go_to("/dev/shm");
    memset(name, 'a', PATH_MAX - 2);
    EXPECT_FAIL(ERROR_FILENAME_EXCED_RANGE, GetFullPathNameA(name, sizeof told, told, NULL));
    go_away();
}

TEST(paths, a_buffer_that_is_too_small_is_told_how_large_it_would_be, "D13.8b")
{
    char told[] = "untouched", *part = told;
    WCHAR wide[10], *wide_part;

    EXPECT_RETURNS(5, GetFullPathNameA("/a/b", 4, told, &part));
    EXPECT(strcmp(told, "untouched") == 0 && part == NULL);
    EXPECT_RETURNS(4, GetFullPathNameA("/a/b", 5, told, NULL));
    EXPECT_RETURNS(5, GetFullPathNameA("/a/b", 0, NULL, NULL));
    EXPECT_RETURNS(3, GetFullPathNameW(L"/\U0001f600", 2, wide, NULL));
    EXPECT_RETURNS(2, GetFullPathNameW(L"/\U0001f600", 3, wide, &wide_part));
    EXPECT(wide[1] == L'\U0001f600' && wide[2] == 0 && wide_part == wide + 1);
}

/* --- of open files --- */

static BOOL is_final(HANDLE file, const char *name)
{
    char full[PATH_MAX + 300], told[PATH_MAX] = "";
    DWORD length = GetFinalPathNameByHandleA(file, told, sizeof told, VOLUME_NAME_DOS);

    snprintf(full, sizeof full, "%s/%s", here, name);
    return length == strlen(full) && strcmp(told, full) == 0;
}

static void final_names(void)
{
    char told[PATH_MAX];
    WCHAR wide[PATH_MAX];
    HANDLE file, folder;
    DWORD length;

    MUST(mkdir("folder", 0777) == 0);
    make_file("folder/a", "");
    MUST(symlink("folder/a", "link") == 0);
    file = must_open("link", 0, OPEN_EXISTING);
    EXPECT(is_final(file, "folder/a"));
    length = (DWORD)strlen(here) + 9;
    EXPECT_RETURNS(length, GetFinalPathNameByHandleW(file, wide, PATH_MAX, VOLUME_NAME_NONE));
    EXPECT_RETURNS(length + 1, GetFinalPathNameByHandleA(file, told, length, FILE_NAME_OPENED));
    EXPECT_RETURNS(length + 1, GetFinalPathNameByHandleA(file, NULL, 0, VOLUME_NAME_NT));
    MUST(rename("folder/a", "b") == 0);
    EXPECT(is_final(file, "b"));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetFinalPathNameByHandleA(file, told, sizeof told, 0x40));
    EXPECT_FAIL(ERROR_NOACCESS, GetFinalPathNameByHandleA(file, (char *)16, sizeof told, 0));
    folder = CreateFileA("folder", 0, ALL, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    EXPECT(is_final(folder, "folder"));
    MUST(unlink("b") == 0);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, GetFinalPathNameByHandleA(file, told, sizeof told, 0));
    make_file("b (deleted)", "another");
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, GetFinalPathNameByHandleA(file, told, sizeof told, 0));
    CloseHandle(file);
    CloseHandle(folder);
}

TEST(paths, of_open_files_wherever_they_went, "D13.8e L388 D13.8b")
{
    IN_BOTH(final_names);
}

TEST(paths, what_has_none, "L388")
{
    char told[PATH_MAX];
    int ends[2];
    HANDLE pipe_end;

    MUST(pipe(ends) == 0);
    pipe_end = WinmemHandleFromFd(ends[0], GENERIC_READ);
    EXPECT_FAIL(ERROR_INVALID_FUNCTION, GetFinalPathNameByHandleA(pipe_end, told, sizeof told, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetFinalPathNameByHandleA(NULL, told, sizeof told, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetFinalPathNameByHandleA(GetCurrentProcess(), told, sizeof told, 0));
}

/* --- temporary ones --- */

static BOOL is_temporary(const char *path)
{
    char told[PATH_MAX] = "";
    WCHAR wide[PATH_MAX];
    DWORD length = GetTempPathA(sizeof told, told);

    return length == strlen(path) && strcmp(told, path) == 0 && GetTempPath2A(0, NULL) == length + 1 &&
           GetTempPathW(PATH_MAX, wide) == length && wide[length - 1] == '/' &&
           GetTempPath2W(PATH_MAX, wide) == length;
}

TEST(paths, of_temporary_files, "D13.8c L389")
{
    char relative[PATH_MAX + 10];

    unsetenv("TMP");
    unsetenv("TEMP");
    unsetenv("TMPDIR");
    EXPECT(is_temporary("/tmp/"));
    setenv("TMPDIR", "/var/tmp", 1);
    EXPECT(is_temporary("/var/tmp/"));
    setenv("TEMP", "/temp\\", 1);
    EXPECT(is_temporary("/temp/"));
    setenv("TMP", "", 1);
    EXPECT(is_temporary("/temp/"));
    go_to("/dev/shm");
    setenv("TMP", "x", 1);
    snprintf(relative, sizeof relative, "%s/x/", here);
    EXPECT(is_temporary(relative));
    go_away();
}

static void temporary_files(void)
{
    char first[MAX_PATH], second[MAX_PATH];
    WCHAR wide[MAX_PATH];
    struct stat st;
    UINT number = GetTempFileNameA(".", "abcdef", 0, first), next;

    EXPECT(number != 0 && stat(first, &st) == 0 && st.st_size == 0 && (st.st_mode & 0777) == 0600);
    snprintf(second, sizeof second, "./abc%X.tmp", number);
    EXPECT(strcmp(first, second) == 0);
    next = GetTempFileNameA(".\\", "abcdef", 0, second);
    EXPECT(next != 0 && next != number && strcmp(first, second) != 0 && is_there(second));
    EXPECT_RETURNS(0x2345, GetTempFileNameA(".", NULL, 0x12345, first));
    EXPECT(strcmp(first, "./2345.tmp") == 0 && !is_there(first));
    EXPECT_RETURNS(7, GetTempFileNameW(L".", L"gr\u00fc\u00df", 7, wide));
    EXPECT(wide[4] == L'\u00fc' && wide[5] == L'7' && wide[9] == L'p' && wide[10] == 0);
}

TEST(paths, new_files_for_a_while, "D13.8d L390")
{
    IN_BOTH(temporary_files);
}

TEST(paths, of_temporary_files_that_cannot_be, "D13.8d")
{
    static char path[400], name[MAX_PATH];

    go_to("/dev/shm");
    make_file("file", "");
    EXPECT_FAIL(ERROR_DIRECTORY, GetTempFileNameA("none", "a", 0, name));
    EXPECT_FAIL(ERROR_DIRECTORY, GetTempFileNameA("file", "a", 0, name));
    EXPECT_FAIL(ERROR_DIRECTORY, GetTempFileNameA("", "a", 0, name));
    EXPECT_FAIL(ERROR_DIRECTORY, GetTempFileNameW(NULL, L"a", 0, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, GetTempFileNameA(".", "a", 0, NULL));
    memset(path, 'a', 247);
    EXPECT_FAIL(ERROR_BUFFER_OVERFLOW, GetTempFileNameA(path, "a", 1, name));
    path[246] = '\0';
    EXPECT_RETURNS(0xffff, GetTempFileNameA(path, "abc", 0xffff, name));
    EXPECT_EQ(strlen(name), 246 + sizeof "/abcFFFF.tmp" - 1);
    go_away();
}

#endif
