/*
 * GetMappedFileName: the file behind an address.
 */
#include "api.h"

#include <psapi.h>

static void *code(void)
{
    FARPROC function = GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualQuery");
    void *address;

    memcpy(&address, &function, sizeof address);
    return address;
}

TEST(mappedfilename, an_image_has_a_name, "O87 O91")
{
    char name[5000];
    DWORD length;

    SetLastError(CHECK_SENTINEL);
    memset(name, 'x', sizeof name);
    length = GetMappedFileNameA(GetCurrentProcess(), code(), name, sizeof name);
    EXPECT(length > 1);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    EXPECT_EQ(strlen(name), length);
#ifndef _WIN32
    EXPECT_EQ(name[0], '/');
#endif
}

TEST(mappedfilename, wide_names_are_the_same, "O91")
{
    static WCHAR wide[5000];
    char name[5000];
    DWORD i, length = GetMappedFileNameA(GetCurrentProcess(), code(), name, sizeof name), wrong = 0;

    MUST(length > 1);
    EXPECT_RETURNS(length, GetMappedFileNameW(GetCurrentProcess(), code(), wide, 5000));
    for (i = 0; i <= length; i++)
        wrong += wide[i] != (WCHAR)name[i];
    EXPECT_EQ(wrong, 0);
}

TEST(mappedfilename, private_and_free_memory_has_none, "O87")
{
    char name[100] = "untouched";
    int local;

    EXPECT_FAIL(ERROR_UNEXP_NET_ERR,
                GetMappedFileNameA(GetCurrentProcess(), commit(GRAIN, PAGE_READWRITE), name, sizeof name));
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR,
                GetMappedFileNameA(GetCurrentProcess(), reserve(GRAIN), name, sizeof name));
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR,
                GetMappedFileNameA(GetCurrentProcess(), free_space(GRAIN), name, sizeof name));
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR, GetMappedFileNameA(GetCurrentProcess(), &local, name, sizeof name));
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR, GetMappedFileNameA(GetCurrentProcess(), NULL, name, sizeof name));
    EXPECT(strcmp(name, "untouched") == 0);
}

TEST(mappedfilename, a_view_of_memory_has_none, "O88 O87")
{
    BYTE *p = anonymous_view(4 * PAGE, PAGE_READWRITE, FILE_MAP_WRITE);
    BYTE *c = anonymous_view(4 * PAGE, PAGE_READWRITE, FILE_MAP_COPY);
    char name[100] = "untouched";

    c[0] = 1;
    EXPECT_FAIL(ERROR_FILE_INVALID, GetMappedFileNameA(GetCurrentProcess(), p, name, sizeof name));
    EXPECT_FAIL(ERROR_FILE_INVALID, GetMappedFileNameA(GetCurrentProcess(), p + 2 * PAGE, name, sizeof name));
    EXPECT_FAIL(ERROR_FILE_INVALID, GetMappedFileNameA(GetCurrentProcess(), c, name, sizeof name));
    EXPECT(strcmp(name, "untouched") == 0);
    MUST(UnmapViewOfFile(p));
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR, GetMappedFileNameA(GetCurrentProcess(), p, name, sizeof name));
}

TEST(mappedfilename, handles_and_their_rights, "O89")
{
    char name[5000];

    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetMappedFileNameA(NULL, code(), name, sizeof name));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                GetMappedFileNameA(self_with(PROCESS_VM_OPERATION), code(), name, sizeof name));
    EXPECT_OK(GetMappedFileNameA(self_with(PROCESS_QUERY_INFORMATION), code(), name, sizeof name));
}

TEST(mappedfilename, no_buffer, "O90")
{
    char name[4] = "xyz";
    WCHAR wide[2] = {'x', 0};

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetMappedFileNameA(GetCurrentProcess(), code(), NULL, 100));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetMappedFileNameW(GetCurrentProcess(), code(), NULL, 100));
    EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INSUFFICIENT_BUFFER,
                       GetMappedFileNameA(GetCurrentProcess(), code(), name, 0));
    EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INSUFFICIENT_BUFFER,
                       GetMappedFileNameW(GetCurrentProcess(), code(), wide, 0));
    EXPECT_EQ(name[0], 'x');
    EXPECT_EQ(wide[0], 'x');
}

TEST(mappedfilename, room_for_the_terminator_only, "O90")
{
    char name[4] = "xyz";

    EXPECT_RETURNS(1, GetMappedFileNameA(GetCurrentProcess(), code(), name, 1));
    EXPECT_EQ(name[0], '\0');
    EXPECT_EQ(name[1], 'y');
}

#ifndef _WIN32

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* A file of that name, mapped; NULL where the file system does not take the name. */
static BYTE *map_file(const char *path, SIZE_T size)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    BYTE *p;

    MUST(fd >= 0 && ftruncate(fd, (off_t)size) == 0);
    p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    MUST(p != MAP_FAILED);
    close(fd);
    return p;
}

/* Its real name: /tmp may be a symbolic link. */
static const char *in_a_new_folder(const char *file)
{
    static char folder[4096], path[5000];
    char name[] = "/tmp/winmem-XXXXXX";

    MUST(mkdtemp(name) != NULL && realpath(name, folder) != NULL);
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return path;
}

static void remove_it(const char *path)
{
    char folder[5000];

    snprintf(folder, sizeof folder, "%s", path);
    unlink(path);
    *strrchr(folder, '/') = '\0';
    rmdir(folder);
}

TEST(mappedfilename, files_of_the_program_by_their_linux_path, "L17 O91")
{
    const char *path = in_a_new_folder("a b\nc \xC3\xA4\xF0\x9F\x98\x80");
    BYTE *p = map_file(path, 3 * PAGE);
    static WCHAR wide[5000];
    char name[5000];
    size_t length = strlen(path);

    EXPECT_RETURNS(length, GetMappedFileNameA(GetCurrentProcess(), p, name, sizeof name));
    EXPECT(strcmp(name, path) == 0);
    EXPECT_RETURNS(length, GetMappedFileNameA(GetCurrentProcess(), p + 3 * PAGE - 1, name, sizeof name));
    EXPECT_RETURNS(length - 4, GetMappedFileNameW(GetCurrentProcess(), p, wide, 5000));
    EXPECT_EQ(wide[length - 6], 0xE4);
    EXPECT_EQ(wide[length - 5], 0x1F600);
    EXPECT_EQ(wide[length - 4], 0);
    remove_it(path);
    EXPECT_RETURNS(length + 10, GetMappedFileNameA(GetCurrentProcess(), p, name, sizeof name));
    EXPECT(strcmp(name + length, " (deleted)") == 0);
}

/* What programs with a 16-bit WCHAR call, under either name. */
DWORD K32GetMappedFileNameW_utf16(HANDLE process, LPVOID address, uint16_t *name, DWORD size);
DWORD GetMappedFileNameW_utf16(HANDLE process, LPVOID address, uint16_t *name, DWORD size);

TEST(mappedfilename, in_utf16_rare_characters_take_two, "L17 L137 O91")
{
    const char *path = in_a_new_folder("\xE2\x82\xAC\xF0\x9F\x98\x80.");
    BYTE *p = map_file(path, PAGE);
    static uint16_t wide[5000];
    size_t length = strlen(path) - 4;

    EXPECT_RETURNS(length, K32GetMappedFileNameW_utf16(GetCurrentProcess(), p, wide, 5000));
    EXPECT_EQ(wide[length - 4], 0x20AC);
    EXPECT_EQ(wide[length - 3], 0xD83D);
    EXPECT_EQ(wide[length - 2], 0xDE00);
    EXPECT(wide[length - 1] == '.' && wide[length] == 0);
    wide[length - 2] = 'x';
    EXPECT_RETURNS(length - 2, GetMappedFileNameW_utf16(GetCurrentProcess(), p, wide, (DWORD)length - 2));
    EXPECT(wide[length - 3] == 0 && wide[length - 2] == 'x');
    remove_it(path);
}

TEST(mappedfilename, names_are_cut_off_to_fit, "L17 O90")
{
    const char *path = in_a_new_folder("0123456789");
    BYTE *p = map_file(path, PAGE);
    DWORD length = (DWORD)strlen(path);
    static WCHAR wide[5000];
    char name[5000];

    memset(name, 'x', sizeof name);
    EXPECT_RETURNS(length, GetMappedFileNameA(GetCurrentProcess(), p, name, length));
    EXPECT_EQ(strlen(name), length - 1);
    EXPECT_EQ(name[length], 'x');
    EXPECT_RETURNS(length, GetMappedFileNameA(GetCurrentProcess(), p, name, length + 1));
    EXPECT(strcmp(name, path) == 0);
    wide[length] = 'x';
    EXPECT_RETURNS(length, GetMappedFileNameW(GetCurrentProcess(), p, wide, length));
    EXPECT(wide[length - 2] == '8' && wide[length - 1] == 0 && wide[length] == 'x');
    remove_it(path);
}

/* Linux file names are bytes. */
TEST(mappedfilename, bytes_that_are_no_text_become_replacements, "L17")
{
    const char *path = in_a_new_folder("\xFF\xC3x\xED\xA0\x80\xE0\x80\xAF\xF4\x90\x80\x80");
    BYTE *p = map_file(path, PAGE);
    static WCHAR wide[5000];
    size_t length = strlen(path), i;

    EXPECT_RETURNS(length, GetMappedFileNameW(GetCurrentProcess(), p, wide, 5000));
    for (i = length - 13; i < length; i++)
        EXPECT_EQ(wide[i], i == length - 11 ? 'x' : 0xFFFD);
    remove_it(path);
}

/* .bss belongs to the image, although the kernel has no name for it. */
TEST(mappedfilename, all_of_the_program_has_its_name, "L18 O87")
{
    static BYTE in_bss[16 * 4096];
    char name[5000], bss[5000], path[5000] = "";

    in_bss[8 * PAGE] = 1;
    MUST(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
    EXPECT_OK(GetMappedFileNameA(GetCurrentProcess(), GetModuleHandleA(NULL), name, sizeof name));
    EXPECT_OK(GetMappedFileNameA(GetCurrentProcess(), in_bss + 8 * PAGE, bss, sizeof bss));
    EXPECT(strcmp(name, path) == 0);
    EXPECT(strcmp(bss, path) == 0);
}

TEST(mappedfilename, shared_memory_has_no_file, "L18 O88")
{
    BYTE *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char name[100];

    MUST(p != MAP_FAILED);
    EXPECT_FAIL(ERROR_FILE_INVALID, GetMappedFileNameA(GetCurrentProcess(), p, name, sizeof name));
}

TEST(mappedfilename, a_bad_buffer_is_no_access, "O7")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    char *end = (char *)p + PAGE;

    protect(p + PAGE, PAGE, PAGE_READONLY);
    EXPECT_FAIL(ERROR_NOACCESS, GetMappedFileNameA(GetCurrentProcess(), code(), (char *)reserve(GRAIN), 100));
    EXPECT_FAIL(ERROR_NOACCESS, GetMappedFileNameA(GetCurrentProcess(), code(), end - 1, 100));
    EXPECT_FAIL(ERROR_NOACCESS, GetMappedFileNameW(GetCurrentProcess(), code(), (LPWSTR)(end - 4), 100));
    EXPECT_OK(GetMappedFileNameA(GetCurrentProcess(), code(), end - 1, 1));
}

TEST(mappedfilename, without_descriptors_it_says_so, "L144")
{
    struct rlimit all, none;
    char name[100];

    EXPECT_EQ(check_state(commit(PAGE, PAGE_READWRITE)), MEM_COMMIT);
    MUST(getrlimit(RLIMIT_NOFILE, &all) == 0);
    none = (struct rlimit){0, all.rlim_max};
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR,
                GetMappedFileNameA(GetCurrentProcess(), commit(GRAIN, PAGE_READWRITE), name, sizeof name));
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES,
                GetMappedFileNameA(GetCurrentProcess(), code(), name, sizeof name));
    setrlimit(RLIMIT_NOFILE, &all); /* sanitizers want descriptors for their last words */
}

#endif
