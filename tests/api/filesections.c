/* filesections.c: CreateFileMapping with a file: whose rights count, and how large section and file are. */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include "../support/child.h"
#include "../support/mappedfiles.h"

static const DWORD protections[] = {PAGE_READONLY,     PAGE_WRITECOPY,         PAGE_READWRITE,
                                    PAGE_EXECUTE_READ, PAGE_EXECUTE_WRITECOPY, PAGE_EXECUTE_READWRITE};

enum { PROTECTIONS = sizeof protections / sizeof protections[0] };

TEST(filesections, the_rights_of_the_file_bound_the_protection, "O163 O162")
{
    static const struct {
        DWORD access;
        int allowed[PROTECTIONS];
    } rows[] = {
        {0, {0, 0, 0, 0, 0, 0}},
        {GENERIC_READ, {1, 1, 0, 0, 0, 0}},
        {GENERIC_WRITE, {0, 0, 0, 0, 0, 0}},
        {GENERIC_EXECUTE, {0, 0, 0, 0, 0, 0}},
        {GENERIC_READ | GENERIC_WRITE, {1, 1, 1, 0, 0, 0}},
        {GENERIC_READ | GENERIC_EXECUTE, {1, 1, 0, 1, 1, 0}},
        {GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE, {1, 1, 1, 1, 1, 1}},
    };
    int fd = new_file("/dev/shm", PAGE);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t j = 0; j < PROTECTIONS; j++) {
            HANDLE file = file_handle(fd, rows[i].access);

            if (rows[i].allowed[j])
                EXPECT(file_section_of(file, protections[j], 0) != NULL);
            else
                EXPECT_FAIL(ERROR_ACCESS_DENIED, file_section_of(file, protections[j], 0) != NULL);
        }
}

TEST(filesections, other_protections_are_refused_with_a_file_as_without, "O162 O170")
{
    static const DWORD others[] = {0, PAGE_NOACCESS, PAGE_EXECUTE, PAGE_READONLY | PAGE_GUARD, 0x1234};
    HANDLE file = file_handle(new_file("/dev/shm", PAGE), ALL_OF_IT);

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, file_section_of(file, others[i], 0) != NULL);
}

TEST(filesections, a_new_one_sets_the_last_error_to_0, "O158")
{
    HANDLE file = file_handle(new_file("/dev/shm", PAGE), READS);

    SetLastError(CHECK_SENTINEL);
    MUST(file_section_of(file, PAGE_READONLY, 0) != NULL);
    EXPECT_EQ(GetLastError(), 0);
}

TEST(filesections, attributes_go_together_as_without_a_file, "O168 O169 O239")
{
    static const struct {
        DWORD attributes, error;
    } rows[] = {
        {0, 0},
        {SEC_COMMIT, 0},
        {SEC_RESERVE, 0},
        {SEC_RESERVE | SEC_NOCACHE, 0},
        {SEC_COMMIT | SEC_NOCACHE, 0},
        {SEC_COMMIT | SEC_WRITECOMBINE, 0},
        {SEC_NOCACHE, ERROR_INVALID_PARAMETER},
        {SEC_WRITECOMBINE, ERROR_INVALID_PARAMETER},
        {SEC_RESERVE | SEC_COMMIT, ERROR_INVALID_PARAMETER},
        {SEC_LARGE_PAGES, ERROR_INVALID_PARAMETER},
        {SEC_COMMIT | SEC_LARGE_PAGES, ERROR_INVALID_PARAMETER},
        {SEC_IMAGE | SEC_COMMIT, ERROR_INVALID_PARAMETER},
        {SEC_FILE, ERROR_INVALID_PARAMETER},
        {SEC_IMAGE, ERROR_BAD_EXE_FORMAT},
    };
    HANDLE file = file_handle(new_file("/dev/shm", PAGE), ALL_OF_IT);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        DWORD protect = PAGE_READWRITE | rows[i].attributes;

        if (rows[i].error == 0)
            EXPECT(file_section_of(file, protect, 0) != NULL);
        else
            EXPECT_FAIL(rows[i].error, file_section_of(file, protect, 0) != NULL);
    }
    file = file_handle(new_file("/dev/shm", 0), READS);
    EXPECT_FAIL(ERROR_BAD_EXE_FORMAT, file_section_of(file, PAGE_READONLY | SEC_IMAGE, 0) != NULL);
}

/* By views, since there is no asking: a byte more than the section's is refused. */
static BOOL is_exactly(HANDLE section, SIZE_T bytes)
{
    PVOID all = MapViewOfFile(section, FILE_MAP_READ, 0, 0, bytes),
          more = MapViewOfFile(section, FILE_MAP_READ, 0, 0, bytes + 1);

    return all != NULL && more == NULL;
}

TEST(filesections, size_0_is_the_size_of_the_file, "O165 O166 O184")
{
    static const SIZE_T sizes[] = {1, 36, 4090, PAGE, 0x3456, GRAIN, MiB + 1};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (int place = 0; place < FILE_PLACES; place++) {
            int fd = new_file(file_places[place], sizes[i]);

            EXPECT(is_exactly(file_section(fd, PAGE_READONLY, 0), sizes[i]));
            EXPECT(is_exactly(file_section(fd, PAGE_READWRITE, 0), sizes[i]));
            EXPECT_EQ(file_bytes(fd), sizes[i]);
        }
}

TEST(filesections, a_smaller_one_leaves_the_file_alone, "O166 L241")
{
    int fd = new_file("/var/tmp", 0x3456);

    EXPECT(is_exactly(file_section(fd, PAGE_READWRITE, 0x3452), 0x3452));
    EXPECT(is_exactly(file_section(fd, PAGE_READONLY, 7), 7));
    EXPECT_EQ(file_bytes(fd), 0x3456);
}

TEST(filesections, a_file_that_may_be_written_grows, "O164 O71 L241")
{
    for (int place = 0; place < FILE_PLACES; place++)
        for (int execute = 0; execute < 2; execute++) {
            int fd = new_file(file_places[place], PAGE);
            HANDLE section = file_section(fd, execute ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE, MiB + 3);
            struct stat st;
            BYTE *p;

            MUST(fstat(fd, &st) == 0);
            EXPECT_EQ(st.st_size, MiB + 3);
            EXPECT(st.st_blocks * 512 >= (blkcnt_t)MiB); /* no hole */
            p = view(section, FILE_MAP_WRITE);
            EXPECT_REGION(p, .size = MiB + PAGE, .type = MEM_MAPPED, .protect = PAGE_READWRITE);
            EXPECT(p[0] == byte_at(0) && holds(p + PAGE, MiB + 3 - PAGE, 0));
            p[MiB + 2] = 9;
            EXPECT_EQ(byte_of_file(fd, MiB + 2), 9);
        }
}

TEST(filesections, others_do_not_grow, "O164 L241")
{
    static const DWORD reads[] = {PAGE_READONLY, PAGE_WRITECOPY, PAGE_EXECUTE_READ, PAGE_EXECUTE_WRITECOPY};
    int fd = new_file("/var/tmp", PAGE);
    HANDLE file = file_handle(fd, ALL_OF_IT);

    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
        EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, file_section_of(file, reads[i], PAGE + 1) != NULL);
    EXPECT_EQ(file_bytes(fd), PAGE);
}

TEST(filesections, an_empty_file_has_none_unless_it_grows, "O165")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], 0);
        HANDLE file = file_handle(fd, WRITES);

        EXPECT_FAIL(ERROR_FILE_INVALID, file_section_of(file, PAGE_READONLY, 0) != NULL);
        EXPECT_FAIL(ERROR_FILE_INVALID, file_section_of(file, PAGE_READWRITE, 0) != NULL);
        EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, file_section_of(file, PAGE_READONLY, 1) != NULL);
        EXPECT(is_exactly(file_section(fd, PAGE_READWRITE, 5), 5));
        EXPECT_EQ(file_bytes(fd), 5);
    }
}

TEST(filesections, absurd_sizes, "O165 L241")
{
    int fd = new_file("/var/tmp", PAGE);
    HANDLE file = file_handle(fd, WRITES);

    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, file_section_of(file, PAGE_READWRITE, 1ull << 59) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, file_section_of(file, PAGE_READWRITE, UINT64_MAX) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, file_section_of(file, PAGE_READONLY, 1ull << 59) != NULL);
    EXPECT_EQ(file_bytes(fd), PAGE);
}

/* More than the disk has, which may also be more than its file system can describe. */
TEST(filesections, a_disk_that_is_too_small, "O164 L241")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], PAGE);
        HANDLE file = file_handle(fd, WRITES);
        struct statfs room;
        ULONG64 wanted;

        MUST(fstatfs(fd, &room) == 0);
        wanted = (ULONG64)room.f_blocks * (ULONG64)room.f_bsize + MiB;
        if (wanted >= 1ull << 43)
            SKIP("a disk of more than 8 TiB");
        EXPECT_FAIL(ERROR_DISK_FULL, file_section_of(file, PAGE_READWRITE, wanted) != NULL);
        EXPECT_EQ(file_bytes(fd), PAGE);
    }
}

static void fill_a_small_disk(void)
{
    struct statfs before, after;
    HANDLE file;
    int fd;

    fd = new_file(small_disk, PAGE);
    file = file_handle(fd, WRITES);
    MUST(fstatfs(fd, &before) == 0);
    EXPECT_FAIL(ERROR_DISK_FULL, file_section_of(file, PAGE_READWRITE, 2 * MiB) != NULL);
    EXPECT_FAIL(ERROR_DISK_FULL, file_section_of(file, PAGE_READWRITE, MiB + 1) != NULL);
    MUST(fstatfs(fd, &after) == 0);
    EXPECT_EQ(after.f_bfree, before.f_bfree);
    EXPECT_EQ(file_bytes(fd), PAGE);
    EXPECT(file_section_of(file, PAGE_READWRITE, MiB / 2) != NULL);
}

TEST(filesections, a_full_disk_leaves_the_file_as_it_was, "O164 L241")
{
    on_a_small_disk(0, fill_a_small_disk);
}

TEST(filesections, the_limit_of_file_sizes_is_told_and_not_signalled, "L241")
{
    int fd = new_file("/var/tmp", PAGE);
    struct rlimit limit;

    MUST(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    limit.rlim_cur = MiB;
    MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    EXPECT_FAIL(ERROR_FILE_TOO_LARGE,
                file_section_of(file_handle(fd, WRITES), PAGE_READWRITE, 2 * MiB) != NULL);
    EXPECT(file_section_of(file_handle(fd, WRITES), PAGE_READWRITE, MiB) != NULL);
}

TEST(filesections, what_is_no_file_cannot_be_mapped, "L240")
{
    int directory = open("/tmp", O_RDONLY | O_CLOEXEC), device = open("/dev/zero", O_RDWR | O_CLOEXEC),
        ends[2], table = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

    MUST(directory >= 0 && device >= 0 && table >= 0 && pipe2(ends, O_CLOEXEC) == 0);
    EXPECT_FAIL(ERROR_BAD_EXE_FORMAT,
                file_section_of(file_handle(directory, READS), PAGE_READONLY, 0) != NULL);
    EXPECT_FAIL(ERROR_BAD_EXE_FORMAT,
                file_section_of(file_handle(device, WRITES), PAGE_READWRITE, PAGE) != NULL);
    EXPECT_FAIL(ERROR_BAD_EXE_FORMAT,
                file_section_of(file_handle(ends[0], READS), PAGE_READONLY, PAGE) != NULL);
    EXPECT_FAIL(ERROR_FILE_INVALID, file_section_of(file_handle(table, READS), PAGE_READONLY, 0) != NULL);
}

TEST(filesections, what_is_no_handle_of_a_file, "O163 L240")
{
    HANDLE memory = section(PAGE, PAGE_READWRITE), file = file_handle(new_file("/dev/shm", PAGE), READS);

    EXPECT_FAIL(ERROR_INVALID_HANDLE, file_section_of(memory, PAGE_READONLY, 0) != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, file_section_of((HANDLE)0x7777777c, PAGE_READONLY, 0) != NULL);
    MUST(CloseHandle(file));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, file_section_of(file, PAGE_READONLY, 0) != NULL);
}

TEST(filesections, nothing_of_the_program_s_is_needed_any_more, "L242 O176")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], 2 * PAGE), again = dup(fd);
        HANDLE section = file_section(fd, PAGE_READWRITE, 0);
        BYTE *p;

        close(fd);
        p = view(section, FILE_MAP_WRITE);
        MUST(CloseHandle(section));
        EXPECT_EQ(p[PAGE + 1], byte_at(PAGE + 1));
        p[3] = 77;
        EXPECT_EQ(byte_of_file(again, 3), 77);
        EXPECT_OK(UnmapViewOfFile(p));
    }
}

TEST(filesections, the_position_of_the_file_stays_where_it_was, "L242")
{
    int fd = new_file("/var/tmp", PAGE);

    MUST(lseek(fd, 5, SEEK_SET) == 5);
    view(file_section(fd, PAGE_READWRITE, 2 * PAGE), FILE_MAP_WRITE)[0] = 1;
    EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 5);
}

/* What was opened may be mapped, though nobody could open it now. */
TEST(filesections, a_file_that_cannot_be_opened_again, "L242")
{
    int fd = new_file("/var/tmp", PAGE), end;

    MUST(fchmod(fd, 0) == 0);
    MUST(fchown(fd, 1, 1) == 0 || geteuid() != 0);
    if (geteuid() == 0)
        MUST(setresuid(65534, 65534, 65534) == 0);
    end = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE)[0] == byte_at(0);
    EXPECT(end);
}

TEST(filesections, no_descriptor_is_left, "L144")
{
    HANDLE file = file_handle(new_file("/var/tmp", PAGE), WRITES);
    rlim_t before = pretend_limit(RLIMIT_NOFILE, 3);

    EXPECT_FAIL(ERROR_TOO_MANY_OPEN_FILES, file_section_of(file, PAGE_READWRITE, 0) != NULL);
    EXPECT_FAIL(ERROR_TOO_MANY_OPEN_FILES, file_section_of(file, PAGE_READWRITE, MiB) != NULL);
    pretend_limit(RLIMIT_NOFILE, before);
}

/* The program has closed all that it did not open, and has the numbers. */
TEST(filesections, somebody_else_s_file_is_not_mapped, "L143 L242")
{
    int fd = new_file("/var/tmp", PAGE), other = new_file("/dev/shm", PAGE),
        copy = fcntl(fd, F_DUPFD_CLOEXEC, 200);
    HANDLE section = file_section(fd, PAGE_READWRITE, 0);
    BYTE *p = view(section, FILE_MAP_WRITE);
    DWORD old;

    for (int i = 3; i < 100; i++)
        if (i != other)
            MUST(dup2(other, i) == i);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0) != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualProtect(p, PAGE, PAGE_WRITECOPY, &old));
    p[1] = 9;
    EXPECT(byte_of_file(copy, 1) == 9 && byte_of_file(other, 1) == byte_at(1));
    EXPECT_OK(FlushViewOfFile(p, 0));
    EXPECT(UnmapViewOfFile(p) && CloseHandle(section));
    for (int i = 3; i < 100; i++)
        EXPECT(fcntl(i, F_GETFD) >= 0);
}

TEST(filesections, a_thousand_leave_no_descriptor, "L242 L144")
{
    int fd = new_file("/dev/shm", PAGE), before = dup(fd), after;
    HANDLE file = file_handle(fd, WRITES);

    close(before);
    before = dup(fd);
    close(before);
    for (int i = 0; i < 1000; i++) {
        HANDLE section = file_section_of(file, i % 2 ? PAGE_READONLY : PAGE_READWRITE, 0);
        BYTE *p = view(section, FILE_MAP_READ);

        MUST(CloseHandle(section) && UnmapViewOfFile(p));
        EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, file_section_of(file, PAGE_READONLY, MiB) != NULL);
    }
    after = dup(fd);
    EXPECT_EQ(after, before);
}

/* The locks of vm/files/sharing.h: the farthest bytes of the file. */
static BOOL somebody_says(int fd, int bit)
{
    struct flock asked = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = INT64_MAX - 16 + 6 + bit, .l_len = 1};

    MUST(fcntl(fd, F_OFD_GETLK, &asked) == 0);
    return asked.l_type != F_UNLCK;
}

enum { A_SECTION, A_WRITABLE_SECTION };

TEST(filesections, others_are_told_of_a_section_as_long_as_it_lives, "L243")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], PAGE);
        HANDLE reads = file_section(fd, PAGE_WRITECOPY, 0), writes = file_section(fd, PAGE_READWRITE, 0);
        BYTE *p = view(writes, FILE_MAP_READ);

        EXPECT(somebody_says(fd, A_SECTION) && somebody_says(fd, A_WRITABLE_SECTION));
        MUST(CloseHandle(writes));
        EXPECT(somebody_says(fd, A_WRITABLE_SECTION));
        MUST(UnmapViewOfFile(p));
        EXPECT(somebody_says(fd, A_SECTION) && !somebody_says(fd, A_WRITABLE_SECTION));
        MUST(CloseHandle(reads));
        EXPECT(!somebody_says(fd, A_SECTION));
    }
}

static int section_in_a_child(void *arg)
{
    HANDLE section = file_section(*(int *)arg, PAGE_READWRITE, 0);

    view(section, FILE_MAP_WRITE)[1] = 42;
    return CloseHandle(section) ? 0 : 1;
}

TEST(filesections, a_child_that_ends_says_nothing_any_more, "L243 L138")
{
    int fd = new_file("/var/tmp", PAGE);

    EXPECT_EQ(end_of_child(section_in_a_child, &fd), 0);
    EXPECT(!somebody_says(fd, A_SECTION));
    EXPECT_EQ(byte_of_file(fd, 1), 42);
}

#endif
