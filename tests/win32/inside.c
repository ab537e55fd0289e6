/*
 * inside.c: what public headers cannot bring about: each system call failing once, and sections of files without mapping any.
 * Linked statically, with the library's own headers.
 */
#include "files.h"

#include "kern/faults.h"
#include "vm/files/sharing.h"

#ifdef WM_FAULT_SCRIPT

/* Everything that a file can be asked for. What fails says why, and the rest goes on as it can. */
static void told(BOOL done)
{
    EXPECT(done || GetLastError() != CHECK_SENTINEL);
    SetLastError(CHECK_SENTINEL);
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

TEST(inside, what_a_section_shows_is_neither_cut_short_nor_deleted, "O201 O202")
{
    IN_BOTH(with_a_section);
}
