/* fileinfo.c: what is known of files, and set: by handle and by name; times, attributes, holes, and how transfers ended. */
#include "files.h"

#include <winioctl.h>

#ifdef WINMEM_VERSION_MAJOR

static LONGLONG ticks(FILETIME time)
{
    return (LONGLONG)((ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime);
}

static LONGLONG ticks_of(struct timespec time)
{
    return (time.tv_sec + 11644473600) * 10000000 + time.tv_nsec / 100;
}

static void told_by_handle(void)
{
    FILE_BASIC_INFO basic;
    FILE_STANDARD_INFO standard;
    FILE_ATTRIBUTE_TAG_INFO tag;
    FILE_ID_INFO id;
    struct stat st;
    HANDLE file;

    make_file("a", "contents");
    MUST(link("a", "b") == 0 && stat("a", &st) == 0);
    file = must_open("a", 0, OPEN_EXISTING);
    EXPECT_OK(GetFileInformationByHandleEx(file, FileBasicInfo, &basic, sizeof basic));
    EXPECT(basic.LastWriteTime.QuadPart == ticks_of(st.st_mtim) &&
           basic.ChangeTime.QuadPart == ticks_of(st.st_ctim) &&
           basic.FileAttributes == FILE_ATTRIBUTE_NORMAL);
    EXPECT_OK(GetFileInformationByHandleEx(file, FileStandardInfo, &standard, sizeof standard));
    EXPECT(standard.EndOfFile.QuadPart == 8 && standard.AllocationSize.QuadPart == st.st_blocks * 512 &&
           standard.NumberOfLinks == 2 && !standard.Directory && !standard.DeletePending);
    EXPECT_OK(GetFileInformationByHandleEx(file, FileAttributeTagInfo, &tag, sizeof tag));
    EXPECT(tag.FileAttributes == FILE_ATTRIBUTE_NORMAL && tag.ReparseTag == 0);
    EXPECT_OK(GetFileInformationByHandleEx(file, FileIdInfo, &id, sizeof id));
    EXPECT(id.VolumeSerialNumber == st.st_dev && memcmp(&id.FileId, &st.st_ino, sizeof st.st_ino) == 0);
    CloseHandle(file);
    file = CreateFileA(".", 0, ALL, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    EXPECT_OK(GetFileInformationByHandleEx(file, FileStandardInfo, &standard, sizeof standard));
    EXPECT(standard.Directory);
    CloseHandle(file);
}

TEST(fileinfo, by_handle, "D13.9a")
{
    IN_BOTH(told_by_handle);
}

TEST(fileinfo, that_cannot_be_told, "D13.9a")
{
    FILE_STANDARD_INFO standard;
    HANDLE file;

    go_to("/dev/shm");
    file = must_open("a", RW, CREATE_NEW);
    EXPECT_FAIL(ERROR_BAD_LENGTH,
                GetFileInformationByHandleEx(file, FileStandardInfo, &standard, sizeof standard - 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                GetFileInformationByHandleEx(file, FileEndOfFileInfo, &standard, sizeof standard));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                GetFileInformationByHandleEx(file, FileNameInfo, &standard, sizeof standard));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                GetFileInformationByHandleEx(file, MaximumFileInfoByHandleClass, &standard, sizeof standard));
    EXPECT_FAIL(ERROR_NOACCESS, GetFileInformationByHandleEx(file, FileStandardInfo, NULL, sizeof standard));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                GetFileInformationByHandleEx(NULL, FileStandardInfo, &standard, sizeof standard));
    go_away();
}

static BOOL set(HANDLE file, FILE_INFO_BY_HANDLE_CLASS class, const void *information, size_t bytes)
{
    return SetFileInformationByHandle(file, class, (void *)(uintptr_t)information, (DWORD)bytes);
}

static void sizes(void)
{
    HANDLE file = must_open("a", RW, CREATE_NEW), only_reads;
    FILE_END_OF_FILE_INFO end = {.EndOfFile.QuadPart = 9000};
    FILE_ALLOCATION_INFO room = {.AllocationSize.QuadPart = 1 << 20};
    struct stat st;

    EXPECT_OK(set(file, FileEndOfFileInfo, &end, sizeof end));
    EXPECT(stat("a", &st) == 0 && st.st_size == 9000);
    EXPECT_OK(set(file, FileAllocationInfo, &room, sizeof room));
    EXPECT(stat("a", &st) == 0 && st.st_size == 9000 && st.st_blocks * 512 >= 1 << 20);
    room.AllocationSize.QuadPart = 10;
    EXPECT_OK(set(file, FileAllocationInfo, &room, sizeof room));
    EXPECT(stat("a", &st) == 0 && st.st_size == 10);
    end.EndOfFile.QuadPart = 4;
    EXPECT_OK(set(file, FileEndOfFileInfo, &end, sizeof end));
    EXPECT(stat("a", &st) == 0 && st.st_size == 4);
    end.EndOfFile.QuadPart = -1;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set(file, FileEndOfFileInfo, &end, sizeof end));
    EXPECT_FAIL(ERROR_BAD_LENGTH, set(file, FileEndOfFileInfo, &end, sizeof end - 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, set(file, FileStandardInfo, &end, sizeof end));
    EXPECT_FAIL(ERROR_NOACCESS, set(file, FileEndOfFileInfo, (void *)16, sizeof end));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, set(NULL, FileEndOfFileInfo, &end, sizeof end));
    only_reads = must_open("a", 0, OPEN_EXISTING);
    end.EndOfFile.QuadPart = 0;
    EXPECT_FAIL(ERROR_ACCESS_DENIED, set(only_reads, FileEndOfFileInfo, &end, sizeof end));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, set(only_reads, FileAllocationInfo, &room, sizeof room));
    EXPECT(stat("a", &st) == 0 && st.st_size == 4);
    CloseHandle(only_reads);
    CloseHandle(file);
}

TEST(fileinfo, sizes_are_set, "D13.9b")
{
    IN_BOTH(sizes);
}

TEST(fileinfo, what_a_section_shows_is_not_cut_short, "D13.9b O201")
{
    HANDLE file, section;
    FILE_END_OF_FILE_INFO end = {.EndOfFile.QuadPart = 4};
    FILE_DISPOSITION_INFO goes = {TRUE};

    go_to("/dev/shm");
    make_file("a", "contents");
    file = CreateFileA("a", GENERIC_READ | GENERIC_WRITE | DELETE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL);
    MUST(section != NULL);
    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, set(file, FileEndOfFileInfo, &end, sizeof end));
    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, set(file, FileAllocationInfo, &end, sizeof end));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, set(file, FileDispositionInfo, &goes, sizeof goes));
    EXPECT(file_holds("a", "contents"));
    EXPECT_OK(CloseHandle(section));
    EXPECT_OK(set(file, FileEndOfFileInfo, &end, sizeof end));
    go_away();
}

static void dispositions(void)
{
    FILE_DISPOSITION_INFO goes = {TRUE}, stays = {FALSE};
    FILE_STANDARD_INFO standard;
    HANDLE file;

    make_file("a", "");
    file = CreateFileA("a", DELETE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_OK(set(file, FileDispositionInfo, &goes, sizeof goes));
    EXPECT_OK(GetFileInformationByHandleEx(file, FileStandardInfo, &standard, sizeof standard));
    EXPECT(standard.DeletePending && is_there("a"));
    EXPECT_OK(set(file, FileDispositionInfo, &stays, sizeof stays));
    EXPECT_OK(CloseHandle(file));
    EXPECT(is_there("a"));
    file = CreateFileA("a", GENERIC_READ | DELETE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_OK(set(file, FileDispositionInfo, &goes, sizeof goes));
    EXPECT_OK(CloseHandle(file));
    EXPECT(!is_there("a"));
    file = must_open("b", RW, CREATE_NEW);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, set(file, FileDispositionInfo, &goes, sizeof goes));
    CloseHandle(file);
    MUST(chmod("b", 0444) == 0);
    file = CreateFileA("b", DELETE, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, set(file, FileDispositionInfo, &goes, sizeof goes));
    CloseHandle(file);
    EXPECT(is_there("b"));
    file = CreateFileA(".", DELETE, ALL, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, set(file, FileDispositionInfo, &goes, sizeof goes));
    CloseHandle(file);
}

TEST(fileinfo, deleted_with_the_last_handle_or_not, "D13.9b")
{
    IN_BOTH(dispositions);
}

/* --- times and attributes --- */

static void times(void)
{
    FILETIME read = {0x12345678, 0x01d00000}, written = {0x87654320, 0x01d10000}, found[3];
    FILETIME leave = {0xffffffff, 0xffffffff}, wrong = {0, 0x80000000};
    HANDLE file;
    struct stat st;

    make_file("a", "contents");
    file = CreateFileA("a", FILE_WRITE_ATTRIBUTES, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_OK(SetFileTime(file, NULL, &read, &written));
    EXPECT_OK(GetFileTime(file, &found[0], &found[1], &found[2]));
    EXPECT(ticks(found[1]) == ticks(read) && ticks(found[2]) == ticks(written));
    EXPECT(stat("a", &st) == 0 && ticks_of(st.st_mtim) == ticks(written));
    EXPECT_OK(SetFileTime(file, &leave, &leave, NULL));
    EXPECT_OK(GetFileTime(file, NULL, &found[1], NULL));
    EXPECT(ticks(found[1]) == ticks(read));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetFileTime(file, NULL, NULL, &wrong));
    EXPECT_FAIL(ERROR_NOACCESS, SetFileTime(file, (FILETIME *)16, NULL, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, GetFileTime(file, NULL, NULL, (FILETIME *)16));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetFileTime(NULL, NULL, NULL, NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetFileTime(NULL, NULL, NULL, NULL));
    CloseHandle(file);
    file = must_open("a", 0, OPEN_EXISTING);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetFileTime(file, NULL, &read, NULL));
    CloseHandle(file);
}

TEST(fileinfo, times, "D13.9d")
{
    IN_BOTH(times);
}

static void attributes(void)
{
    FILE_BASIC_INFO basic = {.FileAttributes = FILE_ATTRIBUTE_READONLY};
    WIN32_FILE_ATTRIBUTE_DATA data;
    struct stat st;
    HANDLE file;

    make_file("a", "contents");
    EXPECT_OK(SetFileAttributesA("a", FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN));
    EXPECT_RETURNS(FILE_ATTRIBUTE_READONLY, GetFileAttributesA("a"));
    EXPECT_OK(SetFileAttributesW(L"a", FILE_ATTRIBUTE_NORMAL));
    EXPECT(stat("a", &st) == 0 && (st.st_mode & S_IWUSR) != 0);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetFileAttributesA("a", FILE_ATTRIBUTE_DIRECTORY));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, SetFileAttributesA("none", FILE_ATTRIBUTE_NORMAL));
    EXPECT_OK(SetFileAttributesA(".", FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_READONLY));
    EXPECT_RETURNS(FILE_ATTRIBUTE_DIRECTORY, GetFileAttributesA("."));
    file = CreateFileA("a", FILE_WRITE_ATTRIBUTES, ALL, NULL, OPEN_EXISTING, 0, NULL);
    EXPECT_OK(set(file, FileBasicInfo, &basic, sizeof basic));
    EXPECT(stat("a", &st) == 0 && (st.st_mode & 0222) == 0);
    CloseHandle(file);
    EXPECT_OK(GetFileAttributesExA("a", GetFileExInfoStandard, &data));
    EXPECT(data.dwFileAttributes == FILE_ATTRIBUTE_READONLY && data.nFileSizeLow == 8 &&
           data.nFileSizeHigh == 0 && ticks(data.ftLastWriteTime) == ticks_of(st.st_mtim));
    EXPECT_OK(GetFileAttributesExW(L".", GetFileExInfoStandard, &data));
    EXPECT_EQ(data.dwFileAttributes, FILE_ATTRIBUTE_DIRECTORY);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetFileAttributesExA("a", GetFileExMaxInfoLevel, &data));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, GetFileAttributesExA("none", GetFileExInfoStandard, &data));
    EXPECT_FAIL(ERROR_NOACCESS, GetFileAttributesExA("a", GetFileExInfoStandard, NULL));
}

TEST(fileinfo, attributes, "D13.9c D13.9e")
{
    IN_BOTH(attributes);
}

/* --- holes --- */

static BOOL control(HANDLE file, DWORD code, const void *in, size_t bytes)
{
    DWORD returned = 99;
    BOOL done = DeviceIoControl(file, code, (void *)(uintptr_t)in, (DWORD)bytes, NULL, 0, &returned, NULL);

    EXPECT(returned == 0);
    return done;
}

static char contents[256 * 1024];

static BOOL are(int fd, char c, size_t from, size_t to)
{
    static char found[sizeof contents];

    if (pread(fd, found, sizeof found, 0) != sizeof found)
        return FALSE;
    for (size_t i = from; i < to; i++)
        if (found[i] != c)
            return FALSE;
    return TRUE;
}

static void holes(void)
{
    FILE_ZERO_DATA_INFORMATION zero = {{.QuadPart = 1000}, {.QuadPart = 200 * 1024}};
    FILE_SET_SPARSE_BUFFER filled = {FALSE};
    HANDLE file = must_open("a", RW, CREATE_NEW), only_reads;
    struct stat before, after;
    DWORD done;
    int fd = open("a", O_RDONLY | O_CLOEXEC);

    memset(contents, 'x', sizeof contents);
    MUST(WriteFile(file, contents, sizeof contents, &done, NULL) && fsync(fd) == 0 &&
         fstat(fd, &before) == 0);
    EXPECT_OK(control(file, FSCTL_SET_SPARSE, NULL, 0));
    EXPECT_OK(control(file, FSCTL_SET_ZERO_DATA, &zero, sizeof zero));
    EXPECT(are(fd, 'x', 0, 1000) && are(fd, 0, 1000, 200 * 1024) &&
           are(fd, 'x', 200 * 1024, sizeof contents));
    EXPECT(fstat(fd, &after) == 0 && after.st_blocks < before.st_blocks);
    EXPECT_OK(control(file, FSCTL_SET_SPARSE, &filled, sizeof filled));
    EXPECT(fsync(fd) == 0 && fstat(fd, &after) == 0 && after.st_blocks >= before.st_blocks);
    zero.BeyondFinalZero.QuadPart = sizeof contents + 100;
    EXPECT_OK(control(file, FSCTL_SET_ZERO_DATA, &zero, sizeof zero));
    EXPECT(fstat(fd, &after) == 0 && after.st_size == sizeof contents && are(fd, 0, 1000, sizeof contents));
    zero.BeyondFinalZero.QuadPart = 999;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, control(file, FSCTL_SET_ZERO_DATA, &zero, sizeof zero));
    zero.FileOffset.QuadPart = -1;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, control(file, FSCTL_SET_ZERO_DATA, &zero, sizeof zero));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, control(file, FSCTL_SET_ZERO_DATA, &zero, sizeof zero - 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, control(file, FSCTL_SET_ZERO_DATA, NULL, 0));
    EXPECT_FAIL(ERROR_INVALID_FUNCTION, control(file, 0x90000, NULL, 0));
    only_reads = must_open("a", 0, OPEN_EXISTING);
    zero.FileOffset.QuadPart = 0;
    EXPECT_FAIL(ERROR_ACCESS_DENIED, control(only_reads, FSCTL_SET_ZERO_DATA, &zero, sizeof zero));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, control(only_reads, FSCTL_SET_SPARSE, NULL, 0));
    CloseHandle(only_reads);
    CloseHandle(file);
    close(fd);
}

TEST(fileinfo, holes, "D13.11a D13.11b L391")
{
    IN_BOTH(holes);
}

TEST(fileinfo, requests_that_cannot_be, "D13.11b")
{
    OVERLAPPED place = {.Internal = 7, .InternalHigh = 7};
    HANDLE null = must_open("/dev/null", RW, OPEN_EXISTING);
    DWORD done;

    EXPECT_FAIL(ERROR_INVALID_FUNCTION, control(null, FSCTL_SET_SPARSE, NULL, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, control(NULL, FSCTL_SET_SPARSE, NULL, 0));
    EXPECT_FAIL(ERROR_NOACCESS, DeviceIoControl(null, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, NULL, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, DeviceIoControl(null, FSCTL_SET_SPARSE, (void *)16, 1, NULL, 0, &done, NULL));
    EXPECT_FAIL(ERROR_NOACCESS,
                DeviceIoControl(null, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, NULL, (OVERLAPPED *)16));
    EXPECT_FAIL(ERROR_INVALID_FUNCTION,
                DeviceIoControl(null, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, NULL, &place));
    EXPECT(place.Internal == 0xC0000010 && place.InternalHigh == 0);
}

/* --- transfers that have ended --- */

TEST(fileinfo, how_transfers_ended, "D13.12a L393")
{
    OVERLAPPED place = {.Offset = 0};
    HANDLE file;
    DWORD done = 99;
    char text[20];

    go_to("/dev/shm");
    make_file("a", "contents");
    file = CreateFileA("a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    EXPECT_OK(ReadFile(file, text, 20, NULL, &place));
    EXPECT(HasOverlappedIoCompleted(&place));
    EXPECT_OK(GetOverlappedResult(file, &place, &done, FALSE));
    EXPECT_EQ(done, 8);
    place.Offset = 8;
    EXPECT_FAIL(ERROR_HANDLE_EOF, ReadFile(file, text, 20, NULL, &place));
    EXPECT_FAIL(ERROR_HANDLE_EOF, GetOverlappedResult(file, &place, &done, TRUE));
    EXPECT_EQ(done, 0);
    EXPECT_FAIL(ERROR_HANDLE_EOF, GetOverlappedResultEx(file, &place, &done, 10, TRUE));
    place.Internal = STATUS_PENDING;
    EXPECT(!HasOverlappedIoCompleted(&place));
    EXPECT_FAIL(ERROR_IO_INCOMPLETE, GetOverlappedResult(file, &place, &done, FALSE));
    EXPECT_FAIL(ERROR_IO_INCOMPLETE, GetOverlappedResultEx(file, &place, &done, 0, FALSE));
    place.hEvent = GetCurrentProcess();
    EXPECT_FAIL(WAIT_TIMEOUT, GetOverlappedResultEx(file, &place, &done, 1, FALSE));
    EXPECT_FAIL(ERROR_NOACCESS, GetOverlappedResult(file, NULL, &done, FALSE));
    EXPECT_FAIL(ERROR_NOACCESS, GetOverlappedResult(file, &place, NULL, FALSE));
    EXPECT_OK(CancelIo(file));
    EXPECT_FAIL(ERROR_NOT_FOUND, CancelIoEx(file, NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CancelIo(NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CancelIoEx(NULL, NULL));
    go_away();
}

TEST(fileinfo, an_event_tells_the_end, "D13.12b")
{
    OVERLAPPED place = {.hEvent = CreateEventA(NULL, TRUE, TRUE, NULL)};
    HANDLE file;
    DWORD done;
    char text[20];

    go_to("/dev/shm");
    make_file("a", "contents");
    file =
        CreateFileA("a", GENERIC_READ | GENERIC_WRITE, ALL, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    ResetEvent(place.hEvent);
    EXPECT_OK(ReadFile(file, text, 20, NULL, &place));
    EXPECT_RETURNS(WAIT_OBJECT_0 + 1, WaitForSingleObject(place.hEvent, 0) + 1);
    place.Offset = 8;
    EXPECT_FAIL(ERROR_HANDLE_EOF, ReadFile(file, text, 20, NULL, &place));
    EXPECT_RETURNS(WAIT_TIMEOUT, WaitForSingleObject(place.hEvent, 0));
    EXPECT_OK(WriteFile(file, "x", 1, NULL, &place));
    EXPECT_OK(GetOverlappedResult(file, &place, &done, TRUE));
    EXPECT_RETURNS(WAIT_OBJECT_0 + 1, WaitForSingleObject(place.hEvent, 0) + 1);
    ResetEvent(place.hEvent);
    EXPECT_OK(DeviceIoControl(file, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, NULL, &place));
    EXPECT_RETURNS(WAIT_OBJECT_0 + 1, WaitForSingleObject(place.hEvent, 0) + 1);
    CloseHandle(place.hEvent);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ReadFile(file, text, 20, NULL, &place));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, WriteFile(file, "x", 1, NULL, &place));
    EXPECT(file_holds("a", "contentsx"));
    go_away();
}

#endif
