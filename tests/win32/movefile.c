/* movefile.c: MoveFile and MoveFileEx; CreateDirectory, RemoveDirectory and the directory of the process. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

static void new_names(void)
{
    make_file("a", "contents");
    make_file("b", "other");
    EXPECT_OK(MoveFileA("a", "c"));
    EXPECT(!is_there("a") && file_holds("c", "contents"));
    EXPECT_FAIL(ERROR_ALREADY_EXISTS, MoveFileA("c", "b"));
    EXPECT_FAIL(ERROR_ALREADY_EXISTS, MoveFileExW(L"c", L"b", MOVEFILE_COPY_ALLOWED));
    EXPECT(file_holds("c", "contents") && file_holds("b", "other"));
    EXPECT_OK(MoveFileExA("c", "b", MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH));
    EXPECT(!is_there("c") && file_holds("b", "contents"));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, MoveFileA("none", "d"));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, MoveFileA("b", "none\\d"));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, MoveFileA("b", NULL));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, MoveFileA(NULL, "b"));
}

TEST(movefile, gives_a_new_name_and_replaces_what_it_may, "D13.6a D13.6b")
{
    IN_BOTH(new_names);
}

static void directories_move(void)
{
    MUST(mkdir("folder", 0777) == 0 && mkdir("second", 0777) == 0);
    make_file("folder/a", "contents");
    make_file("file", "");
    EXPECT_FAIL(ERROR_ALREADY_EXISTS, MoveFileA("folder", "second"));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MoveFileExA("folder", "second", MOVEFILE_REPLACE_EXISTING));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MoveFileExA("file", "second", MOVEFILE_REPLACE_EXISTING));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MoveFileExA("folder", "file", MOVEFILE_REPLACE_EXISTING));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MoveFileA("folder", "folder\\inside"));
    EXPECT_OK(MoveFileA("folder", "second\\folder"));
    EXPECT(file_holds("second/folder/a", "contents"));
}

TEST(movefile, directories_replace_nothing_and_are_not_replaced, "D13.6b")
{
    IN_BOTH(directories_move);
}

TEST(movefile, to_another_file_system, "D13.6c")
{
    char there[PATH_MAX], name[PATH_MAX + 8];
    struct stat before, after;

    go_to("/dev/shm");
    snprintf(there, sizeof there, "%s/winmem-test-XXXXXX", DISK);
    MUST(mkdtemp(there) != NULL);
    snprintf(name, sizeof name, "%s/b", there);
    make_file("a", "contents");
    MUST(chmod("a", 0640) == 0 && stat("a", &before) == 0 && mkdir("folder", 0777) == 0);
    if (stat(there, &after) != 0 || after.st_dev == before.st_dev) {
        leave_nothing(there);
        go_away();
        SKIP("one file system only");
    }
    EXPECT_FAIL(ERROR_NOT_SAME_DEVICE, MoveFileExA("a", name, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MoveFileA("folder", name));
    EXPECT_OK(MoveFileA("a", name));
    EXPECT(!is_there("a") && file_holds(name, "contents") && stat(name, &after) == 0);
    EXPECT(after.st_mode == before.st_mode && after.st_mtim.tv_sec == before.st_mtim.tv_sec &&
           after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
    make_file("a", "second");
    EXPECT_FAIL(ERROR_ALREADY_EXISTS, MoveFileA("a", name));
    EXPECT_OK(MoveFileExA("a", name, MOVEFILE_COPY_ALLOWED | MOVEFILE_REPLACE_EXISTING));
    EXPECT(file_holds(name, "second"));
    MUST(chdir(there) == 0);
    EXPECT(system("test $(ls -A | wc -l) = 1") == 0);
    leave_nothing(there);
    go_away();
}

TEST(movefile, flags_that_mean_nothing_here, "L386")
{
    go_to("/dev/shm");
    make_file("a", "");
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, MoveFileExA("a", "b", MOVEFILE_DELAY_UNTIL_REBOOT));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MoveFileExA("a", "b", MOVEFILE_CREATE_HARDLINK));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MoveFileExA("a", "b", 0x1000));
    EXPECT_OK(MoveFileExA("a", "b", MOVEFILE_FAIL_IF_NOT_TRACKABLE));
    go_away();
}

static void shared(void)
{
    HANDLE file, replaced;

    make_file("a", "contents");
    make_file("b", "other");
    file = CreateFileA("a", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_FAIL(ERROR_SHARING_VIOLATION, MoveFileA("a", "c"));
    EXPECT_OK(CloseHandle(file));
    file = must_open("a", 0, OPEN_EXISTING);
    replaced = CreateFileA("b", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MoveFileExA("a", "b", MOVEFILE_REPLACE_EXISTING));
    EXPECT_OK(CloseHandle(replaced));
    EXPECT_OK(MoveFileExA("a", "b", MOVEFILE_REPLACE_EXISTING));
    EXPECT(file_holds("b", "contents"));
    EXPECT_OK(CloseHandle(file));
}

TEST(movefile, whoever_has_it_open_must_let_others_delete_it, "D13.6d")
{
    IN_BOTH(shared);
}

TEST(movefile, what_a_section_shows_is_not_replaced, "D13.6d")
{
    HANDLE file, section;

    go_to("/dev/shm");
    make_file("a", "contents");
    make_file("b", "other");
    file = must_open("b", RW, OPEN_EXISTING);
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL);
    MUST(section != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MoveFileExA("a", "b", MOVEFILE_REPLACE_EXISTING));
    EXPECT_OK(CloseHandle(section));
    EXPECT_OK(MoveFileExA("a", "b", MOVEFILE_REPLACE_EXISTING));
    go_away();
}

TEST(movefile, its_own_name_is_no_obstacle, "L387")
{
    go_to("/dev/shm");
    make_file("a", "contents");
    EXPECT_OK(MoveFileA("a", "a"));
    EXPECT_OK(MoveFileA("a", ".\\a"));
    EXPECT_OK(MoveFileExA("a", "./a", MOVEFILE_REPLACE_EXISTING));
    EXPECT(file_holds("a", "contents"));
    MUST(link("a", "b") == 0);
    EXPECT_FAIL(ERROR_ALREADY_EXISTS, MoveFileA("a", "b"));
    EXPECT(is_there("a") && is_there("b"));
    EXPECT_OK(MoveFileExA("a", "b", MOVEFILE_REPLACE_EXISTING));
    EXPECT(!is_there("a") && file_holds("b", "contents"));
    MUST(symlink("b", "link") == 0);
    EXPECT_OK(MoveFileA("link", "moved"));
    EXPECT(file_holds("moved", "contents") && !is_there("link"));
    go_away();
}

/* --- directories --- */

static void make_and_remove(void)
{
    EXPECT_OK(CreateDirectoryA("folder", NULL));
    EXPECT_RETURNS(FILE_ATTRIBUTE_DIRECTORY, GetFileAttributesA("folder"));
    EXPECT_FAIL(ERROR_ALREADY_EXISTS, CreateDirectoryA("folder", NULL));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, CreateDirectoryA("none\\folder", NULL));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, CreateDirectoryA("", NULL));
    make_file("folder/a", "");
    EXPECT_FAIL(ERROR_ALREADY_EXISTS, CreateDirectoryW(L"folder\\a", NULL));
    EXPECT_FAIL(ERROR_DIR_NOT_EMPTY, RemoveDirectoryA("folder"));
    EXPECT_FAIL(ERROR_DIRECTORY, RemoveDirectoryA("folder\\a"));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, RemoveDirectoryA("none"));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, RemoveDirectoryA("none\\folder"));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, RemoveDirectoryW(NULL));
    EXPECT_OK(DeleteFileA("folder\\a"));
    EXPECT_OK(RemoveDirectoryA("folder\\"));
    EXPECT(!is_there("folder"));
    EXPECT_OK(CreateDirectoryW(L"gr\u00fc\u00df", NULL));
    EXPECT_OK(RemoveDirectoryW(L"gr\u00fc\u00df"));
}

TEST(directory, is_made_and_removed, "D13.7a D13.7b")
{
    IN_BOTH(make_and_remove);
}

TEST(directory, a_link_to_one_is_none, "L385")
{
    go_to("/dev/shm");
    MUST(mkdir("folder", 0777) == 0 && symlink("folder", "link") == 0);
    EXPECT_FAIL(ERROR_DIRECTORY, RemoveDirectoryA("link"));
    EXPECT(is_there("link") && is_there("folder"));
    EXPECT_OK(DeleteFileA("link"));
    go_away();
}

TEST(directory, names_without_a_root_begin_there, "D13.7c D13.8b")
{
    char told[PATH_MAX];
    WCHAR wide[PATH_MAX];
    DWORD length;

    go_to("/dev/shm");
    MUST(mkdir("folder", 0777) == 0);
    make_file("folder/a", "");
    EXPECT_OK(SetCurrentDirectoryA("folder"));
    EXPECT_RETURNS(FILE_ATTRIBUTE_NORMAL, GetFileAttributesA("a"));
    length = GetCurrentDirectoryA(sizeof told, told);
    EXPECT(length == strlen(here) + 7 && memcmp(told, here, strlen(here)) == 0);
    EXPECT_RETURNS(length + 1, GetCurrentDirectoryA(length, told));
    EXPECT_RETURNS(length + 1, GetCurrentDirectoryA(0, NULL));
    EXPECT_RETURNS(length, GetCurrentDirectoryW(PATH_MAX, wide));
    EXPECT(wide[0] == '/' && wide[length] == 0);
    EXPECT_FAIL(ERROR_NOACCESS, GetCurrentDirectoryA(PATH_MAX, (char *)16));
    EXPECT_FAIL(ERROR_DIRECTORY, SetCurrentDirectoryA("a"));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, SetCurrentDirectoryW(L"none"));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, SetCurrentDirectoryA("none\\folder"));
    MUST(unlink("a") == 0 && rmdir(told) == 0);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, GetCurrentDirectoryA(sizeof told, told));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, GetFullPathNameA("a", sizeof told, told, NULL));
    go_away();
}

#endif
