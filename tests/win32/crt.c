/* crt.c: what the C run time of Windows has beside libc's: blocks, files, strings, formats, times, control words. */
#include "files.h"

#include <direct.h>
#include <float.h>
#include <io.h>
#include <malloc.h>
#include <share.h>
#include <time.h>

#ifdef WINMEM_VERSION_MAJOR

/* --- blocks --- */

TEST(crt, blocks, "D13.17a")
{
    volatile size_t most = _HEAP_MAXREQ;
    char *block = malloc(100);

    EXPECT(_msize(block) >= 100);
    EXPECT(_expand(block, 50) == block);
    errno = 0;
    EXPECT(_expand(block, _msize(block) + 1) == NULL && errno == ENOMEM);
    EXPECT(_msize(NULL) == (size_t)-1 && errno == EINVAL);
    EXPECT(_expand(NULL, 1) == NULL);
    memset(block, 1, _msize(block));
    block = _recalloc(block, 1000, 4);
    EXPECT(block != NULL && block[99] == 1 && all_zero(block + 200, 3800));
    EXPECT(_recalloc(block, SIZE_MAX / 2, 4) == NULL && errno == ENOMEM);
    EXPECT(_recalloc(block, 0, 4) == NULL);
    EXPECT(SANITIZED || malloc(most) == NULL); /* a sanitizer ends the program */
}

TEST(crt, aligned_blocks, "D13.17b")
{
    for (size_t alignment = 1; alignment <= 65536; alignment *= 2) {
        char *block = _aligned_malloc(1000, alignment), *moved;

        MUST(block != NULL && (uintptr_t)block % alignment == 0);
        EXPECT(_aligned_msize(block, alignment, 0) >= 1000);
        memset(block, 7, 1000);
        moved = _aligned_realloc(block, 100000, alignment);
        MUST(moved != NULL && (uintptr_t)moved % alignment == 0);
        EXPECT(moved[0] == 7 && moved[999] == 7);
        block = _aligned_realloc(moved, 10, alignment);
        MUST(block != NULL && (uintptr_t)block % alignment == 0 && block[9] == 7);
        _aligned_free(block);
    }
    errno = 0;
    EXPECT(_aligned_malloc(10, 3) == NULL && errno == EINVAL);
    errno = 0;
    EXPECT(_aligned_malloc(0, 16) == NULL && errno == EINVAL);
    EXPECT(_aligned_malloc(10, 0) == NULL);
    EXPECT(SANITIZED || (_aligned_malloc((size_t)_HEAP_MAXREQ, 64) == NULL && errno == ENOMEM));
    EXPECT(_aligned_realloc(_aligned_realloc(NULL, 10, 64), 0, 64) == NULL);
    EXPECT(_aligned_msize(NULL, 16, 0) == (size_t)-1);
    _aligned_free(NULL);
}

TEST(crt, aligned_blocks_gain_zeros, "D13.17b")
{
    char *block = _aligned_malloc(64, 64);

    memset(block, 7, _aligned_msize(block, 64, 0));
    block = _aligned_recalloc(block, 1000, 4, 64);
    EXPECT(block[63] == 7 && all_zero(block + 2000, 2000));
    EXPECT(_aligned_recalloc(block, SIZE_MAX / 2, 4, 64) == NULL);
    _aligned_free(block);
}

/* --- files --- */

static void files(void)
{
    char text[20];
    int fd;

    EXPECT(_mkdir("folder") == 0 && _mkdir("folder") == -1 && errno == EEXIST);
    fd = _open("folder\\a", _O_CREAT | _O_RDWR | _O_BINARY, _S_IREAD | _S_IWRITE);
    MUST(fd >= 0);
    EXPECT(_write(fd, "contents", 8) == 8 && _telli64(fd) == 8);
    EXPECT(_lseeki64(fd, 2, SEEK_SET) == 2 && _read(fd, text, sizeof text) == 6);
    EXPECT(_filelengthi64(fd) == 8 && _filelength(fd) == 8 && _commit(fd) == 0 && !_isatty(fd));
    EXPECT(_chsize_s(fd, 4) == 0 && file_holds("folder/a", "cont"));
    EXPECT(_chsize(fd, 6) == 0 && _filelength(fd) == 6 && _chsize_s(fd, -1) == EINVAL);
    _fmode = 0x4000;
    EXPECT(_fmode == 0x4000 && __p__fmode() == &_fmode);
    EXPECT(_setmode(fd, _O_BINARY) == 0 && _setmode(fd, 0x20000) == -1 && errno == EINVAL);
    EXPECT(_close(fd) == 0 && _close(fd) == -1 && errno == EBADF);
    EXPECT(_setmode(fd, _O_TEXT) == -1 && errno == EBADF);
    EXPECT(_access("folder\\a", 6) == 0 && _access("none", 0) == -1 && errno == ENOENT);
    EXPECT(_access("folder", 1) == -1 && errno == EINVAL);
    EXPECT(_access_s("none", 0) == ENOENT && _access_s(NULL, 0) == EINVAL);
    EXPECT(_sopen_s(&fd, "none", _O_RDONLY, _SH_DENYNO, 0) == ENOENT && fd == -1);
    EXPECT(_sopen_s(&fd, "folder\\a", _O_RDONLY, _SH_DENYWR, 0) == 0 && _close(fd) == 0);
    EXPECT(_sopen_s(NULL, "folder\\a", _O_RDONLY, _SH_DENYNO, 0) == EINVAL);
    EXPECT(_unlink("folder\\a") == 0 && _unlink("folder\\a") == -1 && _unlink("") == -1);
    EXPECT(_chdir("folder") == 0 && _getcwd(text, 1) == NULL && errno == ERANGE);
    EXPECT(_getcwd(text, -1) == NULL && errno == EINVAL);
    EXPECT(_chdir("..") == 0 && _rmdir(".\\folder") == 0 && _rmdir("folder") == -1);
}

TEST(crt, files_by_descriptor, "D13.18a L399 L572")
{
    IN_BOTH(files);
}

static void twos_and_pipes(void)
{
    char text[8];
    int ends[2], fd, second;
    HANDLE file;
    DWORD done;

    MUST(_pipe(ends, 256, _O_BINARY) == 0);
    EXPECT(_write(ends[1], "pipe", 4) == 4 && _read(ends[0], text, sizeof text) == 4);
    EXPECT(fcntl(ends[0], F_GETFD) == 0);
    EXPECT(_pipe(NULL, 0, 0) == -1 && errno == EINVAL && _pipe(ends, 0, 0x20000) == -1);
    EXPECT(_wsopen_s(&fd, L"gr\u00fc\u00df", _O_CREAT | _O_RDWR, _SH_DENYNO, 0600) == 0);
    EXPECT(is_there("gr\xc3\xbc\xc3\x9f"));
    EXPECT(_wsopen_s(&second, L"none", _O_RDONLY, _SH_DENYNO, 0) == ENOENT && second == -1);
    EXPECT(_wsopen_s(&second, NULL, _O_RDONLY, _SH_DENYNO, 0) == EINVAL);
    second = ends[0];
    file = (HANDLE)_get_osfhandle(second);
    EXPECT(_dup2(fd, fd) == 0 && _dup2(fd, second) == 0 && _write(second, "file", 4) == 4);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ReadFile(file, text, 1, &done, NULL));
    EXPECT(_filelength(fd) == 4 && _dup2(-1, second) == -1 && errno == EBADF && _filelength(second) == 4);
    EXPECT(_close(fd) == 0 && _close(second) == 0 && _close(ends[1]) == 0);
    MUST(_pipe(ends, 256, _O_NOINHERIT) == 0);
    EXPECT(fcntl(ends[0], F_GETFD) == FD_CLOEXEC && _close(ends[0]) == 0 && _close(ends[1]) == 0);
}

TEST(crt, descriptors_that_others_become, "L560")
{
    IN_BOTH(twos_and_pipes);
}

TEST(crt, old_names_are_libcs, "L561")
{
    char name[PATH_MAX];
    int fd = dup(1);

    EXPECT(fd > 1 && dup2(1, fd) == fd && lseek(-1, 0, SEEK_SET) == -1 && close(fd) == 0);
    EXPECT(getcwd(name, sizeof name) == name && chdir(".") == 0 && rmdir("") == -1 && !access(name, 0));
    EXPECT(STDERR_FILENO == _fileno(stderr));
}

TEST(crt, messages, "L562")
{
    EXPECT(_set_error_mode(_OUT_TO_STDERR) == _OUT_TO_DEFAULT);
    EXPECT(_set_error_mode(_REPORT_ERRMODE) == _OUT_TO_STDERR);
    EXPECT(_set_error_mode(77) == -1 && errno == EINVAL);
    EXPECT(_set_abort_behavior(0, _WRITE_ABORT_MSG) == (_WRITE_ABORT_MSG | _CALL_REPORTFAULT));
    EXPECT(_set_abort_behavior(~0u, 0) == _CALL_REPORTFAULT);
}

TEST(crt, streams, "D13.18a L399")
{
    FILE *file;
    int ends[2];

    go_to("/dev/shm");
    MUST(mkdir("folder", 0777) == 0);
    EXPECT(fopen_s(&file, "folder\\a", "wb") == 0 && fputs("contents", file) >= 0 && fclose(file) == 0);
    EXPECT(file_holds("folder/a", "contents"));
    EXPECT(fopen_s(&file, "none", "rb") == ENOENT && file == NULL);
    EXPECT(fopen_s(NULL, "none", "rb") == EINVAL && fopen_s(&file, "none", NULL) == EINVAL);
    file = _wfopen(L"folder\\gr\u00fc\u00df", L"w");
    EXPECT(file != NULL && _fileno(file) == fileno(file) && fclose(file) == 0);
    EXPECT(is_there("folder/gr\xc3\xbc\xc3\x9f"));
    EXPECT(_wfopen(L"none", L"r") == NULL && errno == ENOENT && _wfopen(NULL, L"r") == NULL);
    file = _fsopen("folder\\a", "r", _SH_DENYWR);
    EXPECT(file != NULL && _fseeki64(file, 4, SEEK_SET) == 0 && _ftelli64(file) == 4 && fclose(file) == 0);
    MUST(pipe(ends) == 0);
    file = _fdopen(ends[0], "r");
    EXPECT(file != NULL && fclose(file) == 0);
    go_away();
}

/* --- descriptors and handles --- */

static void handles(void)
{
    HANDLE file;
    DWORD done;
    int fd, before;

    before = open_descriptors();
    fd = _open("a", _O_CREAT | _O_RDWR, 0600);
    file = (HANDLE)_get_osfhandle(fd);
    MUST(file != INVALID_HANDLE_VALUE && (HANDLE)_get_osfhandle(fd) == file);
    EXPECT_OK(WriteFile(file, "contents", 8, &done, NULL));
    EXPECT(_telli64(fd) == 8 && file_holds("a", "contents"));
    EXPECT(_close(fd) == 0);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, WriteFile(file, "x", 1, &done, NULL));
    EXPECT_EQ(open_descriptors(), before);
    errno = 0;
    EXPECT(_get_osfhandle(fd) == -1 && errno == EBADF && _get_osfhandle(-1) == -1);
    file = CreateFileA("a", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    fd = _open_osfhandle((intptr_t)file, _O_RDONLY);
    MUST(fd >= 0);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(file));
    EXPECT_NOT_OPENED(ERROR_SHARING_VIOLATION, "a", GENERIC_READ, ALL, NULL, OPEN_EXISTING, 0, NULL);
    file = (HANDLE)_get_osfhandle(fd);
    EXPECT(GetFileSize(file, NULL) == 8);
    EXPECT(_close(fd) == 0);
    EXPECT_OK(CloseHandle(must_open("a", RW, OPEN_EXISTING)));
    EXPECT_EQ(open_descriptors(), before);
    errno = 0;
    EXPECT(_open_osfhandle((intptr_t)GetCurrentProcess(), 0) == -1 && errno == EBADF);
    EXPECT_OK(DeleteFileA("a"));
}

TEST(crt, a_descriptor_has_a_handle_and_a_handle_becomes_one, "D13.18b L400")
{
    IN_BOTH(handles);
}

TEST(crt, the_handle_of_a_number_is_that_of_its_file, "L400")
{
    int first, second, before;
    HANDLE one, other;

    go_to("/dev/shm");
    make_file("a", "a");
    make_file("b", "other");
    before = open_descriptors();
    first = open("a", O_RDONLY | O_CLOEXEC);
    one = (HANDLE)_get_osfhandle(first);
    close(first);
    second = open("b", O_RDONLY | O_CLOEXEC);
    MUST(second == first);
    other = (HANDLE)_get_osfhandle(second);
    EXPECT(other != one && GetFileSize(other, NULL) == 5);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetFileType(one));
    close(second);
    EXPECT(_get_osfhandle(second) == -1);
    EXPECT_EQ(open_descriptors(), before);
    go_away();
}

static intptr_t asked[4];

static void ask(void *arg)
{
    intptr_t *where = arg;

    for (int i = 0; i < 100; i++)
        *where = _get_osfhandle(0);
}

TEST(crt, threads_that_ask_at_once_have_a_handle_that_is_open, "L400")
{
    struct check_thread threads[4];
    int before;

    MUST(fcntl(0, F_GETFD) >= 0 || open("/dev/null", O_RDONLY | O_CLOEXEC) == 0);
    for (int round = 0; round < 20; round++) {
        int fd = open(round % 2 ? "/dev/null" : "/dev/zero", O_RDONLY | O_CLOEXEC);

        MUST(dup2(fd, 0) == 0);
        close(fd);
        before = open_descriptors();
        for (size_t i = 0; i < 4; i++)
            thread_start(&threads[i], ask, &asked[i]);
        for (size_t i = 0; i < 4; i++)
            thread_join(&threads[i]);
        for (size_t i = 0; i < 4; i++)
            EXPECT(asked[i] == asked[0] && GetFileType((HANDLE)asked[i]) == FILE_TYPE_CHAR);
        EXPECT(open_descriptors() <= before + 1);
    }
}

/* --- strings --- */

TEST(crt, strings_into_so_many_bytes, "D13.19a")
{
    char text[8];

    EXPECT(strcpy_s(text, 8, "1234567") == 0 && strcmp(text, "1234567") == 0);
    EXPECT(strcpy_s(text, 8, "12345678") == ERANGE && text[0] == '\0' && errno == ERANGE);
    EXPECT(strcpy_s(text, 8, NULL) == EINVAL && strcpy_s(NULL, 8, "x") == EINVAL &&
           strcpy_s(text, 0, "x") == EINVAL);
    EXPECT(strcpy_s(text, 8, "abc") == 0 && strcat_s(text, 8, "defg") == 0 && strcmp(text, "abcdefg") == 0);
    EXPECT(strcat_s(text, 8, "h") == ERANGE && text[0] == '\0');
    memset(text, 'x', 8);
    EXPECT(strcat_s(text, 8, "h") == EINVAL);
    EXPECT(strncpy_s(text, 8, "abcdef", 3) == 0 && strcmp(text, "abc") == 0);
    EXPECT(strncpy_s(text, 4, "abcdef", _TRUNCATE) == STRUNCATE && strcmp(text, "abc") == 0);
    EXPECT(strncpy_s(text, 4, "abcdef", 4) == ERANGE && text[0] == '\0');
    EXPECT(strncpy_s(text, 8, "abc", _TRUNCATE) == 0 && strncat_s(text, 8, "defgh", 2) == 0);
    EXPECT(strcmp(text, "abcde") == 0 && strncat_s(text, 8, "fghi", _TRUNCATE) == STRUNCATE);
    EXPECT(strcmp(text, "abcdefg") == 0);
    EXPECT(memcpy_s(text, 8, "12345678", 8) == 0 && memcmp(text, "12345678", 8) == 0);
    EXPECT(memcpy_s(text, 8, "123456789", 9) == ERANGE && all_zero(text, 8));
    EXPECT(memmove_s(text, 8, NULL, 1) == EINVAL && memmove_s(NULL, 0, NULL, 0) == 0);
    EXPECT(strerror_s(text, 5, ENOENT) == 0 && strcmp(text, "No s") == 0 && strerror_s(NULL, 5, 1) == EINVAL);
}

TEST(crt, strings_without_regard_to_case, "D13.19b")
{
    wchar_t wide[4], *copy = _wcsdup(L"abc");
    char *bytes = _strdup("abc");

    EXPECT(_stricmp("ABC", "abc") == 0 && _stricmp("a", "B") < 0 && _strnicmp("ABx", "aby", 2) == 0);
    EXPECT(_wcsicmp(L"ABC", L"abc") == 0 && _wcsicmp(L"a", L"B") < 0 && _wcsicmp(L"ab", L"a") > 0);
    EXPECT(_wcsnicmp(L"ABx", L"aby", 2) == 0 && _wcsnicmp(L"ABx", L"aby", 3) < 0);
    EXPECT(copy[2] == 'c' && copy[3] == 0 && _wcsdup(NULL) == NULL && strcmp(bytes, "abc") == 0);
    free(copy);
    free(bytes);
    EXPECT(wcscpy_s(wide, 4, L"abc") == 0 && wcscpy_s(wide, 4, L"abcd") == ERANGE && wide[0] == 0);
    EXPECT(wcscpy_s(wide, 4, L"a") == 0 && wcscat_s(wide, 4, L"bc") == 0 && wide[2] == 'c');
    EXPECT(wcscat_s(wide, 4, L"d") == ERANGE && wcscpy_s(wide, 4, NULL) == EINVAL);
    EXPECT(wcscpy_s(NULL, 4, L"a") == EINVAL);
}

/* --- formats --- */

static int count_formatted(const char *format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = _vscprintf(format, arguments);
    va_end(arguments);
    return count;
}

TEST(crt, texts_of_a_format, "D13.19c")
{
    char text[8];

    memset(text, 'x', 8);
    EXPECT(_snprintf(text, 8, "%d", 1234567) == 7 && strcmp(text, "1234567") == 0);
    memset(text, 'x', 8);
    EXPECT(_snprintf(text, 4, "%d", 1234) == 4 && memcmp(text, "1234xxxx", 8) == 0);
    EXPECT(_snprintf(text, 4, "%d", 12345) < 0 && memcmp(text, "1234xxxx", 8) == 0);
    EXPECT(_snprintf(NULL, 0, "%d", 12345) == 5 && _snprintf(NULL, 1, "x") == -1);
    EXPECT(_scprintf("%s", "abc") == 3 && count_formatted("%s-%d", "abc", 5) == 5);
    EXPECT(sprintf_s(text, 8, "%s", "1234567") == 7 && sprintf_s(text, 8, "%s", "12345678") == -1);
    EXPECT(text[0] == '\0' && errno == ERANGE && sprintf_s(NULL, 8, "x") == -1 && errno == EINVAL);
    EXPECT(_snprintf_s(text, 8, _TRUNCATE, "%s", "123456789") == -1 && strcmp(text, "1234567") == 0);
    EXPECT(_snprintf_s(text, 8, 3, "%s", "12345") == -1 && strcmp(text, "123") == 0);
    EXPECT(_snprintf_s(text, 8, 8, "%s", "123456789") == -1 && text[0] == '\0');
    EXPECT(_snprintf_s(text, 8, 3, "%s", "123") == 3 && _snprintf_s(text, 0, 3, "x") == -1);
}

TEST(crt, formats_of_windows, "L401")
{
    char text[80];

    EXPECT(sprintf_s(text, sizeof text, "%I64d %08I64x %I32u %Iu 100%% I", -5000000000, 0xabcdefull, 7u,
                     (size_t)8) > 0);
    EXPECT(strcmp(text, "-5000000000 00abcdef 7 8 100% I") == 0);
}

/* --- environment, times --- */

TEST(crt, variables, "D13.20a")
{
    char *copy, text[8];
    size_t size;
    wchar_t *wide;

    EXPECT(_putenv("ONE=first") == 0 && strcmp(getenv("ONE"), "first") == 0);
    wide = _wgetenv(L"ONE");
    EXPECT(wide != NULL && wide[4] == 't' && wide[5] == 0 && _wgetenv(L"ONE") == wide);
    EXPECT(_dupenv_s(&copy, &size, "ONE") == 0 && strcmp(copy, "first") == 0 && size == 6);
    free(copy);
    EXPECT(getenv_s(&size, text, sizeof text, "ONE") == 0 && strcmp(text, "first") == 0 && size == 6);
    EXPECT(getenv_s(&size, text, 5, "ONE") == ERANGE && size == 6 && text[0] == '\0');
    EXPECT(getenv_s(&size, NULL, 0, "ONE") == 0 && size == 6);
    EXPECT(getenv_s(&size, NULL, 5, "ONE") == EINVAL && getenv_s(NULL, text, 5, "ONE") == EINVAL);
    EXPECT(_putenv("ONE=second") == 0 && wide[0] == 'f' && _wgetenv(L"ONE")[0] == 's');
    EXPECT(_putenv_s("ONE", "") == 0 && getenv("ONE") == NULL && _wgetenv(L"ONE") == NULL);
    EXPECT(_dupenv_s(&copy, &size, "ONE") == 0 && copy == NULL && size == 0);
    EXPECT(_dupenv_s(NULL, NULL, "ONE") == EINVAL);
    EXPECT(getenv_s(&size, text, sizeof text, "ONE") == 0 && size == 0 && text[0] == '\0');
    EXPECT(_putenv("ONE") == -1 && errno == EINVAL && _putenv(NULL) == -1 && _putenv("=x") == -1);
    EXPECT(_putenv_s("A=B", "x") == EINVAL && _putenv_s("A", NULL) == EINVAL);
}

TEST(crt, times_in_parts, "D13.20b")
{
    time_t time = 1000000000, far = INT64_MAX;
    struct tm parts;
    char text[26];

    setenv("TZ", "UTC-2", 1);
    EXPECT(gmtime_s(&parts, &time) == 0 && parts.tm_year == 101 && parts.tm_hour == 1);
    EXPECT(_mkgmtime(&parts) == time);
    EXPECT(localtime_s(&parts, &time) == 0 && parts.tm_hour == 3);
    EXPECT(ctime_s(text, sizeof text, &time) == 0 && strcmp(text, "Sun Sep  9 03:46:40 2001\n") == 0);
    EXPECT(asctime_s(text, sizeof text, &parts) == 0 && asctime_s(text, 25, &parts) == EINVAL);
    EXPECT(gmtime_s(&parts, NULL) == EINVAL && parts.tm_year == -1 && gmtime_s(NULL, &time) == EINVAL);
    EXPECT(gmtime_s(&parts, &far) == EINVAL && localtime_s(&parts, &far) == EINVAL);
    EXPECT(ctime_s(NULL, 26, &time) == EINVAL && ctime_s(text, 26, NULL) == EINVAL);
    parts.tm_year = 99999;
    EXPECT(asctime_s(text, sizeof text, &parts) == EINVAL);
}

/* --- floating point --- */

TEST(crt, control_words, "D13.20c")
{
    volatile double one = 1, three = 3, zero = 0, up, down, result;
    unsigned before = _controlfp(0, 0), now;

    EXPECT_EQ(before & _MCW_EM, _MCW_EM);
    EXPECT_EQ(before & (_MCW_RC | _MCW_DN), 0);
    EXPECT_EQ(_controlfp(_RC_UP, _MCW_RC) & _MCW_RC, _RC_UP);
    up = one / three;
    _controlfp(_RC_DOWN, _MCW_RC);
    down = one / three;
    EXPECT(up > down);
    EXPECT(_controlfp_s(&now, _RC_NEAR, _MCW_RC) == 0 && now == before);
    EXPECT(_controlfp_s(&now, _PC_24, _MCW_PC) == EINVAL && now == before);
    _clearfp();
    EXPECT_EQ(_statusfp(), 0);
    result = one / zero;
    EXPECT(result > 1 && _statusfp() & _SW_ZERODIVIDE && _clearfp() & _SW_ZERODIVIDE && _statusfp() == 0);
    EXPECT_EQ(_control87(_DN_FLUSH, _MCW_DN) & _MCW_DN, _DN_FLUSH);
    EXPECT_EQ(_control87(_DN_SAVE, _MCW_DN), before);
    EXPECT_EQ(_controlfp(0, _MCW_EM) & _MCW_EM, _EM_DENORMAL);
    EXPECT_EQ(_controlfp(_MCW_EM, _MCW_EM), before);
}

#if !defined __aarch64__
static int divisions;

static LONG CALLBACK on_division(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode != EXCEPTION_FLT_DIVIDE_BY_ZERO)
        return EXCEPTION_CONTINUE_SEARCH;
    divisions++;
    info->ContextRecord->MxCsr |= 0x1f80;
    return EXCEPTION_CONTINUE_EXECUTION;
}
#endif

TEST(crt, an_exception_that_is_not_masked_is_one, "D13.20c")
{
#if defined __aarch64__
    SKIP("few of these processors raise exceptions of floating point");
#else
    PVOID handler = AddVectoredExceptionHandler(1, on_division);
    volatile double one = 1, zero = 0, result;

    _controlfp(0, _EM_ZERODIVIDE);
    result = one / zero;
    (void)result;
    EXPECT_EQ(divisions, 1);
    _controlfp(_MCW_EM, _MCW_EM);
    RemoveVectoredExceptionHandler(handler);
#endif
}

#endif
