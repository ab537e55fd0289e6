/* mappedends.c: a file of CreateFile in memory: what is written by one way is seen by the other, and what is mapped stays. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

static void cut_and_deleted(void)
{
    HANDLE file = must_open("a", RW, CREATE_NEW), section;
    DWORD done;
    char *view;

    MUST(WriteFile(file, "contents", 8, &done, NULL));
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL);
    view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    MUST(section != NULL && view != NULL);
    view[0] = 'C';
    EXPECT(file_holds("a", "Contents"));
    SetFilePointer(file, 4, NULL, FILE_BEGIN);
    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, SetEndOfFile(file));
    EXPECT_OK(CloseHandle(section));
    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, SetEndOfFile(file));
    EXPECT_NOT_OPENED(ERROR_USER_MAPPED_FILE, "a", GENERIC_WRITE, ALL, NULL, CREATE_ALWAYS, 0, NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, DeleteFileA("a"));
    EXPECT_OK(UnmapViewOfFile(view));
    EXPECT_OK(SetEndOfFile(file));
    EXPECT(file_holds("a", "Cont"));
    EXPECT_OK(CloseHandle(file));
    EXPECT_OK(DeleteFileA("a"));
}

TEST(mappedends, is_neither_cut_short_nor_emptied_nor_deleted, "O201 O202")
{
    IN_BOTH(cut_and_deleted);
}

/* The section has the file open for itself: the handle may go, and takes its sharing mode along. */
TEST(mappedends, the_handle_may_be_closed, "O176 L207")
{
    HANDLE file, section;
    DWORD done;
    char *view;

    go_to("/dev/shm");
    file = CreateFileA("a", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    MUST(WriteFile(file, "contents", 8, &done, NULL));
    section = CreateFileMappingA(file, NULL, PAGE_READONLY, 0, 0, NULL);
    view = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    MUST(view != NULL);
    EXPECT_NOT_OPENED(ERROR_SHARING_VIOLATION, "a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_OK(CloseHandle(file));
    file = must_open("a", RW, OPEN_EXISTING);
    EXPECT_OK(WriteFile(file, "C", 1, &done, NULL));
    EXPECT(memcmp(view, "Contents", 8) == 0);
    go_away();
}

#endif
