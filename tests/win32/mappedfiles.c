/* mappedfiles.c: what a section or a view of a file forbids to those who work on the file, here and in other processes. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

enum { UNIT = 4096 };

#define BOTH (GENERIC_READ | GENERIC_WRITE)

static HANDLE open_it(DWORD disposition)
{
    return CreateFileA("a", BOTH, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, disposition,
                       0, NULL);
}

static HANDLE a_file(void)
{
    HANDLE file = open_it(CREATE_ALWAYS);

    MUST(file != INVALID_HANDLE_VALUE);
    return file;
}

static BOOL set_end(HANDLE file, LONG end)
{
    MUST(SetFilePointer(file, end, NULL, FILE_BEGIN) == (DWORD)end);
    return SetEndOfFile(file);
}

static void expect_held(HANDLE file)
{
    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, set_end(file, UNIT));
    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, open_it(CREATE_ALWAYS) != INVALID_HANDLE_VALUE);
    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, open_it(TRUNCATE_EXISTING) != INVALID_HANDLE_VALUE);
    EXPECT_OK(set_end(file, 2 * UNIT));
}

static void hold_by_one_after_the_other(void)
{
    HANDLE file = a_file(), section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 2 * UNIT, NULL);
    void *view;

    MUST(section != NULL);
    expect_held(file);
    view = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    MUST(view != NULL && CloseHandle(section));
    expect_held(file);
    EXPECT_OK(set_end(file, 3 * UNIT));
    MUST(UnmapViewOfFile(view));
    EXPECT_OK(set_end(file, UNIT));
    EXPECT_OK(CloseHandle(file));
    EXPECT(CloseHandle(open_it(CREATE_ALWAYS)));
}

TEST(mappedfiles, a_mapped_file_is_not_cut_short, "O201 L243")
{
    IN_BOTH(hold_by_one_after_the_other);
}

static void hold_in_a_child(void)
{
    HANDLE file = a_file();
    int ready[2], status;
    char byte = 0;
    pid_t child;

    MUST(pipe(ready) == 0);
    fflush(NULL);
    child = fork();
    if (child == 0) {
        HANDLE section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 2 * UNIT, NULL);

        alarm(20);
        _exit(section == NULL || write(ready[1], "!", 1) != 1 || pause() == 0);
    }
    MUST(child > 0 && read(ready[0], &byte, 1) == 1);
    expect_held(file);
    kill(child, SIGKILL);
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_OK(set_end(file, UNIT));
    EXPECT_OK(CloseHandle(file));
}

TEST(mappedfiles, nor_one_that_another_process_has_mapped, "O201 L243")
{
    IN_BOTH(hold_in_a_child);
}

#endif
