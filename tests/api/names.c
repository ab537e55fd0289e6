/*
 * Sections with a name, in one process: what a name may be, what finding one gives, how long it lives. Other processes
 * are in namedelsewhere.c.
 */
#include "api.h"

#include "names.h"

#ifdef WINMEM_VERSION_MAJOR
#include <signal.h>
#include <sys/time.h>
#endif

TEST(names, a_new_name_says_so_and_an_existing_one_too, "O158")
{
    HANDLE first = create("news", 0x1000), second;

    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    MUST(first != NULL);
    second = create("news", 0x1000);
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    MUST(second != NULL && second != first);
    view(first, FILE_MAP_WRITE)[7] = 77;
    EXPECT_EQ(view(second, FILE_MAP_READ)[7], 77);
}

TEST(names, an_existing_section_keeps_its_size_and_protection, "O158 O180")
{
    HANDLE first = create("size", GRAIN), second, third;
    BYTE *p;

    MUST(first != NULL);
    second = create("size", 16 * GRAIN);
    MUST(second != NULL);
    p = view(second, FILE_MAP_WRITE);
    EXPECT_REGION(p, .size = GRAIN);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(second, FILE_MAP_READ, 0, 0, GRAIN + 1));
    third = CreateFileMappingA(NOBODY, NULL, PAGE_READONLY, 0, 1, name_of("size"));
    MUST(third != NULL);
    p = view(third, FILE_MAP_READ);
    EXPECT_REGION(p, .size = GRAIN);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(third, FILE_MAP_WRITE, 0, 0, 0));
}

TEST(names, a_section_reads_as_zero_to_its_end, "O157 L330")
{
    HANDLE handle = create("zero", 3 * PAGE - 5);
    BYTE *p = view(handle, FILE_MAP_WRITE);

    EXPECT_REGION(p, .size = 3 * PAGE, .type = MEM_MAPPED, .protect = PAGE_READWRITE);
    EXPECT(all_zero(p, 3 * PAGE));
    memset(p, 5, 3 * PAGE);
    EXPECT(holds(view(open_for(FILE_MAP_READ, "zero"), FILE_MAP_READ), 3 * PAGE, 5));
}

TEST(names, case_and_namespace_tell_names_apart, "O159")
{
    HANDLE local = create("Xy", 0x1000), global;

    MUST(local != NULL);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "XY"));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "Global\\Xy"));
    EXPECT_HANDLE(open_for(FILE_MAP_READ, "Local\\Xy"));
    global = create("Global\\Xy", 0x1000);
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    MUST(global != NULL);
    EXPECT_HANDLE(open_for(FILE_MAP_READ, "Global\\Xy"));
    create("Local\\Xy", 0x1000);
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
}

TEST(names, the_name_goes_with_the_last_handle_and_not_with_a_view, "O161 O176")
{
    HANDLE first = create("life", GRAIN), second = open_for(FILE_MAP_WRITE, "life"), again;
    BYTE *p = view(second, FILE_MAP_WRITE), *q;

    p[0] = 1;
    MUST(CloseHandle(first));
    EXPECT_HANDLE(open_for(FILE_MAP_READ, "life"));
    MUST(CloseHandle(second) && CloseHandle(open_for(FILE_MAP_READ, "life")));
    p[1] = 2;
    again = create("life", GRAIN);
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS); /* the handle that was opened in between is open still */
    MUST(again != NULL);
    q = view(again, FILE_MAP_READ);
    EXPECT(q[0] == 1 && q[1] == 2);
}

TEST(names, closing_every_handle_makes_room_for_a_new_section, "O161 O176")
{
    HANDLE first = create("anew", GRAIN), copy, again;
    BYTE *p = view(first, FILE_MAP_WRITE);

    p[0] = 1;
    MUST(DuplicateHandle(GetCurrentProcess(), first, GetCurrentProcess(), &copy, 0, FALSE,
                         DUPLICATE_SAME_ACCESS));
    MUST(CloseHandle(first));
    EXPECT_HANDLE(open_for(FILE_MAP_READ, "anew"));
    forget_opened();
    MUST(CloseHandle(copy));
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "anew"));
    again = create("anew", GRAIN);
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    EXPECT_EQ(view(again, FILE_MAP_READ)[0], 0);
    EXPECT_EQ(p[0], 1);
    protect(p, PAGE, PAGE_WRITECOPY);
    EXPECT(writable(p));
}

TEST(names, handles_of_one_name_stand_for_one_section, "D12.4e O158")
{
    HANDLE first = create("one", GRAIN), second = open_for(FILE_MAP_READ, "one"),
           other = create("two", GRAIN);

    EXPECT_OK(CompareObjectHandles(first, second));
    EXPECT_FAIL(ERROR_NOT_SAME_OBJECT, CompareObjectHandles(first, other));
}

TEST(names, rights_are_those_that_are_asked_for, "O172 O173 O174 O181")
{
    HANDLE handle = CreateFileMappingA(NOBODY, NULL, PAGE_EXECUTE_READWRITE, 0, 0x1000, name_of("rights"));

    MUST(handle != NULL);
    EXPECT_HANDLE(MapViewOfFile(open_for(FILE_MAP_READ, "rights"), FILE_MAP_READ, 0, 0, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                MapViewOfFile(open_for(FILE_MAP_READ, "rights"), FILE_MAP_WRITE, 0, 0, 0));
    EXPECT_HANDLE(MapViewOfFile(open_for(FILE_MAP_COPY, "rights"), FILE_MAP_READ, 0, 0, 0));
    EXPECT_HANDLE(MapViewOfFile(open_for(FILE_MAP_COPY, "rights"), FILE_MAP_COPY, 0, 0, 0));
    EXPECT_HANDLE(MapViewOfFile(open_for(GENERIC_WRITE, "rights"), FILE_MAP_WRITE, 0, 0, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                MapViewOfFile(open_for(GENERIC_WRITE, "rights"), FILE_MAP_READ, 0, 0, 0));
    EXPECT_HANDLE(MapViewOfFile(open_for(FILE_MAP_ALL_ACCESS, "rights"), FILE_MAP_WRITE, 0, 0, 0));
}

TEST(names, every_function_of_every_width_finds_the_same, "O159 O174 D8.2a D8.2b D8.2c")
{
    WCHAR wide[80];
    HANDLE first = create("width", 0x1000);

    MUST(first != NULL);
    widen(name_of("width"), wide, 80);
    EXPECT_HANDLE(OpenFileMappingW(FILE_MAP_READ, FALSE, wide));
    EXPECT_HANDLE(OpenFileMappingFromApp(FILE_MAP_READ, FALSE, wide));
    EXPECT_HANDLE(CreateFileMappingW(NOBODY, NULL, PAGE_READWRITE, 0, 1, wide));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT_HANDLE(CreateFileMappingNumaA(NOBODY, NULL, PAGE_READWRITE, 0, 1, name_of("width"), NO_NODE));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT_HANDLE(CreateFileMappingNumaW(NOBODY, NULL, PAGE_READWRITE, 0, 1, wide, NO_NODE));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT_HANDLE(CreateFileMappingFromApp(NOBODY, NULL, PAGE_READWRITE, 1, wide));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    EXPECT_HANDLE(CreateFileMapping2(NOBODY, NULL, SECTION_ALL_ACCESS, PAGE_READWRITE, 0, 1, wide, NULL, 0));
    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
}

TEST(names, what_is_no_name, "L331")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenFileMappingA(FILE_MAP_READ, FALSE, NULL));
    EXPECT_HANDLE(CreateFileMappingA(NOBODY, NULL, PAGE_READWRITE, 0, 1, ""));
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    EXPECT_HANDLE(CreateFileMappingA(NOBODY, NULL, PAGE_READWRITE, 0, 1, ""));
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, open_for(FILE_MAP_READ, "unknown"));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, create("a\\b", 1));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, open_for(FILE_MAP_READ, "Elsewhere\\b"));
    EXPECT_FAIL(ERROR_PATH_NOT_FOUND, open_for(FILE_MAP_READ, "Local\\a\\b"));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, create("no size", 0));
}

/* Of a handle whose value other calls use too: only the bad pointer is bad. */
TEST(names, a_name_that_cannot_be_read, "L332")
{
    EXPECT_FAIL(ERROR_NOACCESS, OpenFileMappingA(FILE_MAP_READ, FALSE, (LPCSTR)8));
    EXPECT_FAIL(ERROR_NOACCESS, CreateFileMappingA(NOBODY, NULL, PAGE_READWRITE, 0, 1, (LPCSTR)8));
}

TEST(names, a_long_name_is_a_name_and_a_longer_one_is_none, "L331")
{
    char text[300];
    HANDLE handle;

    memset(text, '*', sizeof text);
    text[260] = '\0';
    memcpy(text, name_of(""), strlen(name_of("")));
    handle = CreateFileMappingA(NOBODY, NULL, PAGE_READWRITE, 0, 1, text);
    MUST(handle != NULL);
    EXPECT_HANDLE(OpenFileMappingA(FILE_MAP_READ, FALSE, text));
    text[259] = '+';
    EXPECT_FAIL(ERROR_FILE_NOT_FOUND, OpenFileMappingA(FILE_MAP_READ, FALSE, text));
    text[260] = '*';
    text[261] = '\0';
    EXPECT_FAIL(ERROR_FILENAME_EXCED_RANGE, OpenFileMappingA(FILE_MAP_READ, FALSE, text));
    EXPECT_FAIL(ERROR_FILENAME_EXCED_RANGE, CreateFileMappingA(NOBODY, NULL, PAGE_READWRITE, 0, 1, text));
}

#ifdef WINMEM_VERSION_MAJOR

static unsigned handled;
static char handled_name[80];

/* Whoever is removing the name may be whom it interrupted: it does not wait for that. */
static void open_in_handler(int signal)
{
    HANDLE handle = OpenFileMappingA(FILE_MAP_READ, FALSE, handled_name);
    DWORD error = GetLastError();

    (void)signal;
    EXPECT(handle != NULL || error == ERROR_FILE_NOT_FOUND || error == ERROR_POSSIBLE_DEADLOCK);
    if (handle != NULL)
        CloseHandle(handle);
    handled++;
}

TEST(names, a_signal_handler_does_not_wait_for_its_own_thread, "L356")
{
    struct itimerval soon = {{0, 0}, {0, 0}};
    double began = check_seconds();

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread that is interrupted may be inside the sanitizer");
#endif
    snprintf(handled_name, sizeof handled_name, "%s", name_of("handled"));
    signal(SIGALRM, open_in_handler);
    while (handled < 3000 && check_seconds() - began < 1) {
        HANDLE handle;

        soon.it_value.tv_usec = 1 + (long)handled % 60; /* once: who waits in vain does so once */
        setitimer(ITIMER_REAL, &soon, NULL);
        handle = CreateFileMappingA(NOBODY, NULL, PAGE_READWRITE, 0, PAGE, handled_name);

        if (handle != NULL)
            CloseHandle(handle);
    }
    EXPECT(check_seconds() - began < 2);
    EXPECT(handled > 10);
}

#endif

TEST(names, names_may_have_any_characters, "O159")
{
    static const char *const odd[] = {".", "..",       "a/b", "../x", "a b", "%41",
                                      "A", "\xc3\xa4", "-",   "~1",   "t-1"};
    size_t i;

    for (i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        HANDLE handle = create(odd[i], 1);

        EXPECT_HANDLE(handle);
        EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
        view(handle, FILE_MAP_WRITE)[0] = (BYTE)(i + 1);
    }
    for (i = 0; i < sizeof odd / sizeof odd[0]; i++)
        EXPECT_EQ(view(open_for(FILE_MAP_READ, odd[i]), FILE_MAP_READ)[0], i + 1);
}
