/* filename.c: names of files, in every form they have. DeleteFile and GetFileAttributes stand for all that take one. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

static void names_of_linux(void)
{
    char absolute[PATH_MAX];

    MUST(mkdir("folder", 0777) == 0);
    make_file("folder/file", "");
    snprintf(absolute, sizeof absolute, "%s/folder/file", here);
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesA("folder/file"));
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesA("folder\\file"));
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesA(".\\folder//..\\folder\\file"));
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesA(absolute));
    EXPECT_RETURNS(FILE_ATTRIBUTE_DIRECTORY, GetFileAttributesA("folder\\"));
    EXPECT_OK(DeleteFileA("folder\\file"));
    EXPECT(!is_there("folder/file"));
}

TEST(filename, is_a_path_of_linux_with_either_separator, "L200")
{
    IN_BOTH(names_of_linux);
}

TEST(filename, a_prefix_for_long_names_is_left_out, "L200")
{
    char name[PATH_MAX];

    go_to("/dev/shm");
    make_file("file", "");
    snprintf(name, sizeof name, "\\\\?\\%s\\file", here);
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesA(name));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, DeleteFileA("\\\\?\\"));
    go_away();
}

TEST(filename, wide_names_are_utf8_below, "L200")
{
    go_to("/dev/shm");
    make_file("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", "");
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesW(L"gr\u00fc\u00df \U0001f600"));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, DeleteFileW(L"gr\u00fc\u00df"));
    EXPECT_OK(DeleteFileW(L"gr\u00fc\u00df \U0001f600"));
    go_away();
}

/* A failure of GetFileAttributes is not 0. */
#define EXPECT_NO_ATTRIBUTES(error, name)                                                                    \
    EXPECT_FAIL(error, GetFileAttributesA(name) != INVALID_FILE_ATTRIBUTES)

TEST(filename, a_missing_file_and_a_missing_directory_differ, "L200")
{
    go_to("/dev/shm");
    make_file("file", "");
    EXPECT_NO_ATTRIBUTES(ERROR_FILE_NOT_FOUND, "none");
    EXPECT_NO_ATTRIBUTES(ERROR_FILE_NOT_FOUND, ".\\none\\");
    EXPECT_NO_ATTRIBUTES(ERROR_FILE_NOT_FOUND, "/none");
    EXPECT_NO_ATTRIBUTES(ERROR_PATH_NOT_FOUND, "none\\file");
    EXPECT_NO_ATTRIBUTES(ERROR_PATH_NOT_FOUND, "file\\file");
    EXPECT_NO_ATTRIBUTES(ERROR_PATH_NOT_FOUND, "");
    EXPECT_NO_ATTRIBUTES(ERROR_PATH_NOT_FOUND, NULL);
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, DeleteFileW(NULL));
    go_away();
}

TEST(filename, what_is_too_long_is_no_name, "L200")
{
    static char path[PATH_MAX + 1], part[300];
    static WCHAR wide[PATH_MAX + 1];

    memset(path, 'a', PATH_MAX);
    memset(part, 'a', 256);
    for (int i = 0; i < PATH_MAX; i++)
        wide[i] = 'a';
    go_to("/dev/shm");
    EXPECT_NO_ATTRIBUTES(ERROR_FILENAME_EXCED_RANGE, path);
    EXPECT_NO_ATTRIBUTES(ERROR_FILENAME_EXCED_RANGE, part);
    EXPECT_FAIL(ERROR_FILENAME_EXCED_RANGE, DeleteFileW(wide));
    go_away();
}

TEST(filename, links_that_lead_to_links_without_end, "L200")
{
    go_to("/dev/shm");
    MUST(symlink("there", "here") == 0 && symlink("here", "there") == 0);
    EXPECT_NO_ATTRIBUTES(ERROR_CANT_RESOLVE_FILENAME, "here");
    EXPECT_FAIL(ERROR_CANT_RESOLVE_FILENAME, DeleteFileA("here\\file"));
    EXPECT_OK(DeleteFileA("here"));
    go_away();
}

static void attributes(void)
{
    make_file("file", "");
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesA("file"));
    MUST(chmod("file", 0444) == 0);
    EXPECT_RETURNS(FILE_ATTRIBUTE_READONLY, GetFileAttributesA("file"));
    EXPECT_RETURNS(FILE_ATTRIBUTE_DIRECTORY, GetFileAttributesA("."));
    MUST(symlink("file", "link") == 0);
    EXPECT_RETURNS(FILE_ATTRIBUTE_READONLY, GetFileAttributesA("link"));
}

TEST(filename, attributes_tell_directories_and_what_nobody_may_write, "L201")
{
    IN_BOTH(attributes);
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesA("/dev/null"));
}

TEST(filename, a_directory_is_not_deleted_as_a_file, "L201")
{
    go_to(DISK);
    MUST(mkdir("folder", 0777) == 0);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, DeleteFileA("folder"));
    EXPECT(is_there("folder"));
    go_away();
}

#endif
