/*
 * FormatMessage: texts for error codes, and texts of the program's own. The words are each system's, so only their
 * form is asked for. The rules are those of its reference page, FM; of "Message Text Files", MT.
 */
#include "api.h"

#include <stdarg.h>

#ifndef ERROR_NO_WORK_DONE /* mingw-w64 lacks it */
#define ERROR_NO_WORK_DONE 235
#endif

#define FROM_SYSTEM (FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS)
#define ALLOCATE FORMAT_MESSAGE_ALLOCATE_BUFFER
#define NO_SUCH_CODE 0x2FFFFFFF
#define ZULU 0x0435

static DWORD system_text(DWORD code, char *buffer, DWORD size)
{
    return FormatMessageA(FROM_SYSTEM, NULL, code, 0, buffer, size, NULL);
}

static int ends_in_a_line_break(const char *text, size_t length)
{
    return length > 3 && memcmp(text + length - 3, ".\r\n", 3) == 0;
}

static DWORD format_list(DWORD flags, const char *definition, char *buffer, DWORD size, ...)
{
    va_list list;
    DWORD length;

    va_start(list, size);
    length = FormatMessageA(FORMAT_MESSAGE_FROM_STRING | flags, definition, 0, 0, buffer, size, &list);
    va_end(list);
    return length;
}

static DWORD format_wide(DWORD flags, const WCHAR *definition, WCHAR *buffer, DWORD size, ...)
{
    va_list list;
    DWORD length;

    va_start(list, size);
    length = FormatMessageW(FORMAT_MESSAGE_FROM_STRING | flags, definition, 0, 0, buffer, size, &list);
    va_end(list);
    return length;
}

static DWORD format_array(DWORD flags, const char *definition, char *buffer, DWORD size,
                          const DWORD_PTR *values)
{
    return FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY | flags, definition, 0,
                          0, buffer, size, (va_list *)values);
}

static void check_text(int line, const char *got, DWORD length, const char *want)
{
    if (length != strlen(want) || strcmp(got, want) != 0)
        check_fail(__FILE__, line, "got %u characters, \"%s\", wanted \"%s\"", (unsigned)length, got, want);
}

/* The definition with these arguments becomes this text. */
#define EXPECT_TEXT(want, flags, ...)                                                                        \
    do {                                                                                                     \
        char text_[1000] = "nothing was written";                                                            \
        DWORD length_ = EXPECT_LIST(flags, text_, __VA_ARGS__, 0);                                           \
        check_text(__LINE__, text_, length_, want);                                                          \
    } while (0)
#define EXPECT_LIST(flags, text, definition, ...) format_list(flags, definition, text, 1000, __VA_ARGS__)

/* --- codes --- */

TEST(formatmessage, a_code_has_a_text_that_ends_in_a_line_break, "D12.10a")
{
    char text[500];
    DWORD length;

    memset(text, 'x', sizeof text);
    EXPECT_OK(length = system_text(ERROR_ACCESS_DENIED, text, sizeof text));
    EXPECT_EQ(strlen(text), length);
    EXPECT(ends_in_a_line_break(text, length));
    EXPECT_EQ(text[length + 1], 'x');
}

TEST(formatmessage, the_two_forms_agree, "D12.10a")
{
    char text[500] = "";
    WCHAR wide[500] = {0};
    DWORD length = system_text(ERROR_INVALID_HANDLE, text, 500), i;

    MUST(length > 0);
    EXPECT_RETURNS(length, FormatMessageW(FROM_SYSTEM, NULL, ERROR_INVALID_HANDLE, 0, wide, 500, NULL));
    for (i = 0; i <= length; i++)
        EXPECT_EQ(wide[i], text[i]);
}

TEST(formatmessage, what_memory_functions_fail_with_has_texts, "D12.10a")
{
    static const DWORD codes[] = {
        0,    1,    2,    3,    4,    5,    6,    8,    13,   14,         17,        19,   23,   24,   31,
        32,   33,   38,   50,   59,   80,   87,   112,  120,  122,        123,       126,  127,  157,  158,
        167,  170,  182,  183,  193,  203,  206,  212,  234,  259,        299,       317,  487,  534,  995,
        996,  997,  998,  999,  1001, 1004, 1006, 1113, 1131, 1132,       1168,      1224, 1300, 1314, 1450,
        1451, 1452, 1453, 1454, 1455, 1460, 1813, 1815, 1816, 0x80004001, 0x80004005};
    size_t i;

    for (i = 0; i < ARRAYSIZE(codes); i++) {
        char text[500] = "";
        DWORD length = system_text(codes[i], text, sizeof text);

        if (length != strlen(text) || !ends_in_a_line_break(text, length))
            check_fail(__FILE__, __LINE__, "code %u: \"%s\"", (unsigned)codes[i], text);
    }
}

TEST(formatmessage, rarer_codes_have_texts_too, "D12.10a")
{
    static const DWORD codes[] = {235,  258,        635,        698,        750,
                                  1655, 0x80004002, 0x80004003, 0x80004004, 0x8000FFFF};
    char text[500];
    size_t i;

    for (i = 0; i < ARRAYSIZE(codes); i++)
        EXPECT(system_text(codes[i], text, sizeof text) > 3);
}

TEST(formatmessage, texts_differ, "D12.10a")
{
    char one[500] = "", other[500] = "";

    MUST(system_text(ERROR_INVALID_PARAMETER, one, 500) && system_text(ERROR_INVALID_ADDRESS, other, 500));
    EXPECT(strcmp(one, other) != 0);
}

TEST(formatmessage, an_hresult_of_a_code_has_its_text, "L125")
{
    char one[500] = "", other[500] = "";

    EXPECT_OK(system_text((DWORD)E_ACCESSDENIED, one, 500));
    EXPECT_OK(system_text(ERROR_ACCESS_DENIED, other, 500));
    EXPECT(strcmp(one, other) == 0);
    EXPECT_OK(system_text((DWORD)HRESULT_FROM_WIN32(ERROR_COMMITMENT_LIMIT), one, 500));
}

TEST(formatmessage, an_unknown_code_is_not_found, "D12.10b")
{
    char text[500];

    EXPECT_FAIL(ERROR_MR_MID_NOT_FOUND, system_text(NO_SUCH_CODE, text, 500));
    EXPECT_FAIL(ERROR_MR_MID_NOT_FOUND, system_text(0x8007FFFF, text, 500));
    EXPECT_FAIL(ERROR_MR_MID_NOT_FOUND, system_text(0xC0000005, text, 500));
}

TEST(formatmessage, without_line_breaks_it_ends_in_a_blank, "D12.10l")
{
    char broken[500] = "", text[500] = "";
    DWORD length = system_text(ERROR_ACCESS_DENIED, broken, 500);

    MUST(length > 3);
    EXPECT_RETURNS(length - 1, FormatMessageA(FROM_SYSTEM | FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL,
                                              ERROR_ACCESS_DENIED, 0, text, 500, NULL));
    EXPECT(memcmp(text, broken, length - 2) == 0);
    EXPECT(strcmp(text + length - 2, " ") == 0);
}

/* --- languages --- */

TEST(formatmessage, languages_that_are_there, "D12.10c")
{
    static const DWORD languages[] = {0, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT),
                                      MAKELANGID(LANG_NEUTRAL, SUBLANG_SYS_DEFAULT),
                                      MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US)};
    char text[500];
    size_t i;

    for (i = 0; i < ARRAYSIZE(languages); i++)
        EXPECT_OK(FormatMessageA(FROM_SYSTEM, NULL, ERROR_NOACCESS, languages[i], text, 500, NULL));
}

TEST(formatmessage, a_language_that_is_not_there, "D12.10c")
{
    char text[500];

    EXPECT_FAIL(ERROR_RESOURCE_LANG_NOT_FOUND,
                FormatMessageA(FROM_SYSTEM, NULL, ERROR_NOACCESS, ZULU, text, 500, NULL));
    EXPECT_OK(FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "x", 0, ZULU, text, 500, NULL));
}

/* --- sources --- */

TEST(formatmessage, there_must_be_a_source, "D12.10d")
{
    char text[500];

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FormatMessageA(0, NULL, ERROR_NOACCESS, 0, text, 500, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                FormatMessageA(FORMAT_MESSAGE_IGNORE_INSERTS, "x", ERROR_NOACCESS, 0, text, 500, NULL));
}

TEST(formatmessage, a_module_without_messages, "D12.10d")
{
    char text[500];

    EXPECT_FAIL(ERROR_RESOURCE_TYPE_NOT_FOUND,
                FormatMessageA(FORMAT_MESSAGE_FROM_HMODULE, NULL, ERROR_NOACCESS, 0, text, 500, NULL));
    EXPECT_OK(FormatMessageA(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_NOACCESS,
                             0, text, 500, NULL));
}

/* --- buffers --- */

TEST(formatmessage, there_must_be_a_buffer, "D12.10e")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FormatMessageW(FROM_SYSTEM, NULL, 5, 0, NULL, 500, NULL));
}

TEST(formatmessage, a_buffer_that_is_not_there, "O279")
{
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, FormatMessageA(FROM_SYSTEM, NULL, 5, 0, NULL, 0, NULL));
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, FormatMessageA(FROM_SYSTEM, NULL, 5, 0, NULL, 1, NULL));
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, FormatMessageA(FROM_SYSTEM | ALLOCATE, NULL, 5, 0, NULL, 0, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FormatMessageW(FROM_SYSTEM | ALLOCATE, NULL, 5, 0, NULL, 500, NULL));
}

TEST(formatmessage, the_terminator_needs_room, "D12.10e")
{
    char text[500];
    WCHAR wide[500];
    DWORD length = system_text(ERROR_ACCESS_DENIED, text, 500);

    MUST(length > 3);
    memset(text, 'x', sizeof text);
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, system_text(ERROR_ACCESS_DENIED, text, length));
    EXPECT_EQ(text[length], 'x');
    EXPECT_RETURNS(length, system_text(ERROR_ACCESS_DENIED, text, length + 1));
    EXPECT_EQ(text[length], 0);
    EXPECT_EQ(text[length + 1], 'x');
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, system_text(ERROR_ACCESS_DENIED, text, 0));
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, FormatMessageW(FROM_SYSTEM, NULL, 5, 0, wide, length, NULL));
    EXPECT_RETURNS(length, FormatMessageW(FROM_SYSTEM, NULL, 5, 0, wide, length + 1, NULL));
}

TEST(formatmessage, a_buffer_that_is_allocated, "D12.10f")
{
    char text[500] = "", *allocated = NULL;
    WCHAR *wide = NULL;
    DWORD length = system_text(ERROR_ACCESS_DENIED, text, 500);

    MUST(length > 3);
    EXPECT_RETURNS(length, FormatMessageA(FROM_SYSTEM | ALLOCATE, NULL, 5, 0, (LPSTR)&allocated, 0, NULL));
    EXPECT_RETURNS(length, FormatMessageW(FROM_SYSTEM | ALLOCATE, NULL, 5, 0, (LPWSTR)&wide, 0, NULL));
    MUST(allocated != NULL && wide != NULL);
    EXPECT(strcmp(allocated, text) == 0);
    EXPECT_EQ(wide[0], text[0]);
    EXPECT_EQ(wide[length], 0);
    EXPECT_EQ(LocalFree(allocated), NULL);
    EXPECT_EQ(LocalFree(wide), NULL);
}

TEST(formatmessage, the_size_is_the_least_that_is_allocated, "D12.10f")
{
    char *allocated = NULL;

    EXPECT_OK(FormatMessageA(FROM_SYSTEM | ALLOCATE, NULL, 5, 0, (LPSTR)&allocated, 3000, NULL));
    MUST(allocated != NULL);
    memset(allocated, 'x', 3000); /* a sanitizer or the heap complains if they are not ours */
    EXPECT_EQ(LocalFree(allocated), NULL);
    EXPECT_OK(FormatMessageA(FROM_SYSTEM | ALLOCATE, NULL, 5, 0, (LPSTR)&allocated, 1, NULL));
    EXPECT(ends_in_a_line_break(allocated, strlen(allocated)));
    EXPECT_EQ(LocalFree(allocated), NULL);
}

TEST(formatmessage, after_a_failure_there_is_nothing_to_free, "D12.10f")
{
    char local = 0, *allocated = &local;

    EXPECT_FAIL(ERROR_MR_MID_NOT_FOUND,
                FormatMessageA(FROM_SYSTEM | ALLOCATE, NULL, NO_SUCH_CODE, 0, (LPSTR)&allocated, 0, NULL));
    EXPECT_EQ(allocated, NULL);
}

TEST(formatmessage, an_empty_text_counts_as_failure, "L125 O279")
{
    char local = 'x', text[2] = "x", *allocated = &local;

    EXPECT_FAIL(ERROR_NO_WORK_DONE, format_list(0, "%0", text, 2));
    EXPECT_EQ(text[0], 'x');
    EXPECT_FAIL(ERROR_NO_WORK_DONE, format_list(ALLOCATE, "", (char *)&allocated, 2));
    EXPECT_EQ(allocated, NULL);
}

/* What the W form leaves in a buffer when it fails. */
#define EXPECT_LEFT(want, error, room, definition, ...)                                                      \
    do {                                                                                                     \
        WCHAR text_[100];                                                                                    \
        memset(text_, 'x', sizeof text_);                                                                    \
        EXPECT_FAIL(error, format_wide(0, definition, text_, room, __VA_ARGS__));                            \
        EXPECT(memcmp(text_, want, sizeof(want)) == 0);                                                      \
    } while (0)

TEST(formatmessage, a_failing_wide_call_leaves_what_it_had, "O279")
{
    EXPECT_LEFT(L"abc", ERROR_INSUFFICIENT_BUFFER, 4, L"abcdef", 0);
    EXPECT_LEFT(L"", ERROR_INSUFFICIENT_BUFFER, 1, L"abcdef", 0);
    EXPECT_LEFT(L"ab12", ERROR_INSUFFICIENT_BUFFER, 5, L"ab%1!d!c", 12345);
    EXPECT_LEFT(L"ab7", ERROR_INVALID_PARAMETER, 100, L"ab%1!d!%2!d", 7, 8);
}

/* The next argument is the one behind those that were formatted. */
static int next_argument(const WCHAR *definition, DWORD room, ...)
{
    WCHAR text[100];
    va_list list;
    int next;

    va_start(list, room);
    FormatMessageW(FORMAT_MESSAGE_FROM_STRING, definition, 0, 0, text, room, &list);
    next = va_arg(list, int);
    va_end(list);
    return next;
}

TEST(formatmessage, a_failing_wide_call_takes_what_it_formatted, "O279")
{
    EXPECT_EQ(next_argument(L"%1!d!", 50, 11, 22, 33, 44), 22);
    EXPECT_EQ(next_argument(L"%1!d! %2!d!", 50, 11, 22, 33, 44), 33);
    EXPECT_EQ(next_argument(L"%1!d! too long for this %2!d! %3!d!", 10, 11, 22, 33, 44), 22);
    EXPECT_EQ(next_argument(L"%1!d! %2!d! too long for this %3!d!", 10, 11, 22, 33, 44), 33);
    EXPECT_EQ(next_argument(L"too long for this %1!d!", 5, 11, 22, 33, 44), 11);
}

TEST(formatmessage, a_text_of_128_kib_is_the_longest, "D12.10g")
{
    enum { LONGEST = 128 << 10 };
    char *insert = (char *)commit(LONGEST + PAGE, PAGE_READWRITE), *text = NULL;

    memset(insert, 'x', LONGEST);
    EXPECT_RETURNS(LONGEST, format_list(ALLOCATE, "%1", (char *)&text, 0, insert));
    EXPECT(text != NULL && text[LONGEST] == 0 && LocalFree(text) == NULL);
    insert[LONGEST] = 'x';
    EXPECT_FAIL(ERROR_MORE_DATA, format_list(ALLOCATE, "%1", (char *)&text, 0, insert));
}

/* --- texts of the program's own --- */

TEST(formatmessage, inserts_are_strings, "D12.10h")
{
    EXPECT_TEXT("Bill Bob Bill", 0, "%1 %2 %1", "Bill", "Bob");
    EXPECT_TEXT("ten0", 0, "%100", "1", "2", "3", "4", "5", "6", "7", "8", "9", "ten");
    EXPECT_TEXT("a!", 0, "%1%!", "a");
    EXPECT_TEXT("(null)", 0, "%1", (char *)NULL);
}

TEST(formatmessage, arguments_in_an_array, "D12.10h")
{
    const DWORD_PTR page[] = {4, 2, (DWORD_PTR) "Bill", (DWORD_PTR) "Bob", 6, (DWORD_PTR) "Bill"};
    const DWORD_PTR values[] = {(DWORD_PTR) "a", 7, (DWORD_PTR)-8};
    char text[100];

    check_text(__LINE__, text, format_array(0, "%1!*.*s! %4 %5!*s!", text, 100, page), "  Bi Bob   Bill");
    check_text(__LINE__, text, format_array(0, "%3!d! %2!u! %1", text, 100, values), "-8 7 a");
}

TEST(formatmessage, widths_from_a_list, "D12.10h")
{
    EXPECT_TEXT("  Bi Bob   Bill", 0, "%1!*.*s! %3 %4!*s!", 4, 2, "Bill", "Bob", 6, "Bill");
    EXPECT_TEXT("a    |", 0, "%1!*s!|", -5, "a");
}

TEST(formatmessage, strings_with_a_format, "D12.10i")
{
    static const char no_terminator[] = {'a', 'b'};

    EXPECT_TEXT("a|   a|a   |ab|", 0, "%1!s!|%1!4s!|%1!-4s!|%2!.2s!|", "a", "abc");
    EXPECT_TEXT("ab", 0, "%1!.2s!", no_terminator);
    EXPECT_TEXT("z|    z", 0, "%1!c!|%1!5c!", 'z');
}

TEST(formatmessage, integers, "D12.10i")
{
    EXPECT_TEXT("-5|4294967291|-5", 0, "%1!d!|%1!u!|%1!i!", -5);
    EXPECT_TEXT("ff|FF|0xff|000000ff|377", 0, "%1!x!|%1!X!|%1!#x!|%1!08x!|%1!o!", 255);
    EXPECT_TEXT("   42|42   |00042|+42|042", 0, "%1!5d!|%1!-5d!|%1!05d!|%1!+d!|%1!.3d!", 42);
    EXPECT_TEXT("   42", 0, "%1!*d!", 5, 42);
}

TEST(formatmessage, sizes_of_integers, "D12.10i")
{
    EXPECT_TEXT("4294967295|-1", 0, "%1!lu!|%1!ld!", -1);
    EXPECT_TEXT("-5000000000|-5000000000", 0, "%1!I64d!|%1!lld!", -5000000000ll);
    EXPECT_TEXT("9029|65535", 0, "%1!hd!|%2!hu!", 0x12345, -1);
    EXPECT_TEXT("ffffffffffffffff|-1", 0, "%1!Ix!|%1!I32d!", (SIZE_T)-1);
    EXPECT_TEXT("0000000000001234", 0, "%1!p!", (void *)0x1234);
}

TEST(formatmessage, escapes, "D12.10j")
{
    EXPECT_TEXT("100% \r\n|\r|\t|.|!|q", 0, "100%% %n|%r|%t|%.|%!|%q", 0);
    EXPECT_TEXT("two  blanks", 0, "two% % blanks", 0);
    EXPECT_TEXT("the end", 0, "the end%0 and more", 0);
}

TEST(formatmessage, a_blank_by_its_letter, "D12.10j")
{
    EXPECT_TEXT("a b", 0, "a%bb", 0);
}

TEST(formatmessage, inserts_that_are_ignored_stay, "D12.10k")
{
    EXPECT_TEXT("%1!d!%%\r\n%. ", FORMAT_MESSAGE_IGNORE_INSERTS, "%1!d!%%%n%. %0x", 0);
}

TEST(formatmessage, line_breaks_of_the_text, "D12.10l")
{
    EXPECT_TEXT("a\r\nb\r\nc\r\n", 0, "a\r\nb\nc\r", 0);
    EXPECT_TEXT("a b c\r\nd ", FORMAT_MESSAGE_MAX_WIDTH_MASK, "a\r\nb\nc%nd\n", 0);
}

TEST(formatmessage, lines_of_limited_width, "D12.10l")
{
    EXPECT_TEXT("the quick\r\nbrown fox\r\njumps", 10, "the quick\nbrown\nfox jumps", 0);
    EXPECT_TEXT("the quick\r\nbrown", 11, "%1 %2", "the quick", "brown");
}

/* A line that has become as long as the width ends: at its last blanks, which go, or right there. */
TEST(formatmessage, where_lines_are_broken, "O279")
{
    static const struct {
        DWORD width;
        const char *text, *want;
    } rows[] = {
        {10, "0123456789", "0123456789\r\n"},
        {10, "0123456789 abc", "0123456789\r\n abc"},
        {10, "012345678", "012345678"},
        {10, "012345678 abc", "012345678\r\nabc"},
        {10, "abc 0123456789", "abc\r\n0123456789\r\n"},
        {10, "abc 0123456789abcdef ghi", "abc\r\n0123456789\r\nabcdef\r\nghi"},
        {10, "0123456789abcdefghijklmno", "0123456789\r\nabcdefghij\r\nklmno"},
        {10, "aaa  bbb  ccc  ddd", "aaa  bbb\r\nccc  ddd"},
        {10, "aaa   bbb      ccc", "aaa   bbb\r\n     ccc"},
        {10, "aaa bbb   cccc", "aaa bbb\r\ncccc"},
        {10, "aaa bbb    ", "aaa bbb\r\n "},
        {10, "a\tb\tc\td\te\tf\tg", "a\tb\tc\td\te\t\r\nf\tg"},
        {10, "aaa\tbbb ccc\tddd", "aaa\tbbb\r\nccc\tddd"},
        {10, "aaaa bbbb%r%ncc", "aaaa bbbb\r\r\ncc"},
        {10, "0123456789%nabc", "0123456789\r\n\r\nabc"},
        {9, "the quick brown fox jumps", "the\r\nquick\r\nbrown\r\nfox\r\njumps"},
        {5, "the unsplittable word", "the\r\nunspl\r\nittab\r\nle\r\nword"},
        {1, "a b", "a\r\n\r\nb\r\n"},
        {2, "ab cd", "ab\r\n\r\ncd\r\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        EXPECT_TEXT(rows[i].want, rows[i].width, rows[i].text, 0);
}

TEST(formatmessage, characters_of_either_form, "O279")
{
    EXPECT_TEXT("a|b|  c|d  |", 0, "%1!c!|%2!C!|%3!3c!|%4!-3C!|", 'a', 'b', 'c', 'd');
}

/* A width is the insert's own argument, whatever has been taken meanwhile; what follows it is the next. */
TEST(formatmessage, widths_and_precisions_of_several_inserts, "O279")
{
    static const DWORD_PTR values[] = {6, 4, 2, 5, 3, 1};
    char text[100];

    EXPECT_TEXT("  001, 0002", 0, "%1!*.*u!,%1!*.*u!", 5, 3, 1, 4, 2);
    EXPECT_RETURNS(13, format_array(0, "%1!*.*u!,%1!*.*u!", text, 100, values));
    EXPECT(strcmp(text, "  0002, 00003") == 0);
}

/* 193 has an insert: who does not ignore inserts has to give an argument. */
TEST(formatmessage, a_code_whose_text_has_an_insert, "O279")
{
    DWORD_PTR name[] = {(DWORD_PTR) "prog.exe"};
    char text[500];

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 193, 0, text, 500, NULL));
    EXPECT_OK(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ARGUMENT_ARRAY, NULL, 193, 0, text,
                             500, (va_list *)name));
    EXPECT(strstr(text, "prog.exe") != NULL);
    EXPECT_OK(system_text(193, text, 500));
    EXPECT(strstr(text, "%1") != NULL);
    EXPECT_OK(system_text(7, text, 500));
    EXPECT_OK(system_text(0x800B0100, text, 500));
}

TEST(formatmessage, wide_texts, "D12.10h D12.10i")
{
    WCHAR text[100];

    EXPECT_RETURNS(18, format_wide(0, L"%2!d! \x20AC %1!6s!%n|%1", text, 100, L"b\xE4r", -12));
    EXPECT(memcmp(text, L"-12 \x20AC    b\xE4r\r\n|", 15 * sizeof(WCHAR)) == 0);
    EXPECT(memcmp(text + 15, L"b\xE4r", 3 * sizeof(WCHAR)) == 0);
}

TEST(formatmessage, bytes_stay_as_they_are, "L128")
{
    EXPECT_TEXT("\xE2\x82\xAC|\xC3\xA4", 0, "\xE2\x82\xAC|%1", "\xC3\xA4");
}

TEST(formatmessage, a_percent_sign_at_the_end_is_refused, "D12.10m")
{
    char text[100];

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, format_list(0, "100%", text, 100));
}

TEST(formatmessage, formats_must_end, "D12.10m")
{
    char text[100];

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, format_list(0, "%1!s", text, 100, "a"));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, format_list(0, "%1!", text, 100, "a"));
}

TEST(formatmessage, inserts_need_arguments, "D12.10m")
{
    char text[100];

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "%1", 0, 0, text, 100, NULL));
    EXPECT_OK(FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "none", 0, 0, text, 100, NULL));
    EXPECT_OK(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS, "%1", 0, 0, text,
                             100, NULL));
}

TEST(formatmessage, floating_point_is_refused, "D12.10i")
{
    char text[100];

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, format_list(0, "%1!f!", text, 100, 1.0));
}

#ifdef __linux__
TEST(formatmessage, strings_of_the_other_width_are_not_supported, "L126")
{
    char text[100];
    WCHAR wide[100];

    EXPECT_FAIL(ERROR_NOT_SUPPORTED, format_list(0, "%1!S!", text, 100, L"a"));
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, format_list(0, "%1!ls!", text, 100, L"a"));
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, format_wide(0, L"%1!hs!", wide, 100, "a"));
    EXPECT_TEXT("a|a", 0, "%1!hs!|%1!hS!", "a");
    EXPECT_RETURNS(3, format_wide(0, L"%1!ls!|%1!ws!", wide, 100, L"a"));
}

TEST(formatmessage, there_must_be_a_string, "D12.10d D12.10e")
{
    char text[100];

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                FormatMessageA(FORMAT_MESSAGE_FROM_STRING, NULL, 0, 0, text, 100, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FormatMessageA(FROM_SYSTEM, NULL, 5, 0, NULL, 100, NULL));
}

TEST(formatmessage, absurd_widths_and_numbers_are_refused, "L127")
{
    char text[100];

    EXPECT_FAIL(ERROR_MORE_DATA, format_list(0, "%1!*s!", text, 100, 0x7FFFFFFF, "a"));
    EXPECT_FAIL(ERROR_MORE_DATA, format_list(0, "%1!*s!", text, 100, (int)0x80000000, "a"));
    EXPECT_FAIL(ERROR_MORE_DATA, format_list(0, "%1!1000d!", text, 100, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, format_list(0, "%1!99999999999d!", text, 100, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, format_list(0, "%1!I7d!", text, 100, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, format_list(0, "%1!\xFF!", text, 100, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, format_list(0, "%1!n!", text, 100, text));
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, format_list(0, "%1!131071s!", text, 100, "a"));
}

TEST(formatmessage, a_bad_buffer_is_no_access, "O7")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    char *end = (char *)p + PAGE;

    protect(p + PAGE, PAGE, PAGE_READONLY);
    EXPECT_FAIL(ERROR_NOACCESS, system_text(5, end - 3, 500));
    EXPECT_FAIL(ERROR_NOACCESS, FormatMessageA(FROM_SYSTEM | ALLOCATE, NULL, 5, 0, end - 4, 0, NULL));
    EXPECT_RETURNS(1, FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "x", 0, 0, end - 2, 500, NULL));
}

/* What a program with 16-bit WCHAR calls; L"" here is 32 bits wide. */
TEST(formatmessage, programs_with_16_bit_wchar, "L137")
{
    extern DWORD FormatMessageW_utf16(DWORD, LPCVOID, DWORD, DWORD, uint16_t *, DWORD, va_list *);
    const DWORD_PTR values[] = {(DWORD_PTR)u"b\u00E4r \U0001F43B", 7};
    uint16_t text[100];
    DWORD length;

    EXPECT_OK(length = FormatMessageW_utf16(FROM_SYSTEM, NULL, 5, 0, text, 100, NULL));
    EXPECT_EQ(text[length - 1], '\n');
    EXPECT_EQ(text[length], 0);
    EXPECT_RETURNS(9, FormatMessageW_utf16(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY,
                                           u"%2!d!: %1", 0, 0, text, 100, (va_list *)values));
    EXPECT(memcmp(text, u"7: b\u00E4r \U0001F43B", 10 * sizeof *text) == 0);
}
#endif
