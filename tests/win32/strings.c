/* strings.c: MultiByteToWideChar, WideCharToMultiByte: every form of a text that is UTF-8, and what is none. */
#include "files.h"

#ifdef WINMEM_VERSION_MAJOR

/* A text of bytes, and the characters that it is. */
static BOOL is_widened(const char *text, int bytes, const WCHAR *wanted, int count)
{
    WCHAR found[20];
    int got = MultiByteToWideChar(CP_UTF8, 0, text, bytes, found, 20);

    for (int i = 0; i < got; i++)
        if (i >= count || found[i] != wanted[i])
            return FALSE;
    return got == count && MultiByteToWideChar(CP_UTF8, 0, text, bytes, NULL, 0) == count;
}

#define WIDENED(text, wanted)                                                                                \
    is_widened(text, sizeof(text) - 1, wanted, (int)(sizeof(wanted) / sizeof(WCHAR)) - 1)

TEST(strings, utf8_becomes_wide, "D13.13a")
{
    EXPECT(WIDENED("abc", L"abc"));
    EXPECT(WIDENED("gr\xc3\xbc\xc3\x9f", L"gr\u00fc\u00df"));
    EXPECT(WIDENED("\xe2\x82\xac\xef\xbf\xbf", L"\u20ac\uffff"));
    EXPECT(WIDENED("\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf", L"\U0001f600\U0010ffff"));
    EXPECT(is_widened("a\0b", 3, L"a\0b", 3));
    EXPECT(is_widened("ab", -1, L"ab", 3));
    EXPECT(is_widened("", -1, L"", 1));
}

TEST(strings, what_is_no_utf8_becomes_a_replacement, "D13.13b L396")
{
    EXPECT(WIDENED("\xff\x80", L"\ufffd\ufffd"));
    EXPECT(WIDENED("\xf0\x9f\x98"
                   "a",
                   L"\ufffda"));
    EXPECT(WIDENED("\xe2\x82", L"\ufffd"));
    EXPECT(WIDENED("\xc0\x80", L"\ufffd\ufffd"));
    EXPECT(WIDENED("\xed\xa0\x80", L"\ufffd\ufffd\ufffd"));
    EXPECT(WIDENED("\xf4\x90\x80\x80", L"\ufffd\ufffd\ufffd\ufffd"));
    EXPECT(WIDENED("\xe0\x9f\xbf", L"\ufffd\ufffd\ufffd"));
    EXPECT_FAIL(ERROR_NO_UNICODE_TRANSLATION,
                MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "a\xff", 2, NULL, 0));
    EXPECT_RETURNS(1, MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "a", 1, NULL, 0));
}

static BOOL is_narrowed(const WCHAR *text, int count, const char *wanted, int bytes)
{
    char found[40];
    int got = WideCharToMultiByte(CP_UTF8, 0, text, count, found, 40, NULL, NULL);

    return got == bytes && memcmp(found, wanted, (size_t)bytes) == 0 &&
           WideCharToMultiByte(CP_UTF8, 0, text, count, NULL, 0, NULL, NULL) == bytes;
}

TEST(strings, wide_becomes_utf8, "D13.13a")
{
    static const WCHAR wrong[] = {0xd800, 'a', 0xdfff, 0x110000, (WCHAR)-1};
    BOOL used = 7;
    char c;

    EXPECT(is_narrowed(L"gr\u00fc\u00df", 4, "gr\xc3\xbc\xc3\x9f", 6));
    EXPECT(is_narrowed(L"\u20ac\U0001f600", -1, "\xe2\x82\xac\xf0\x9f\x98\x80", 8));
    EXPECT(is_narrowed(L"\x7f\x80\u07ff\u0800\uffff\U00010000", 6,
                       "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80", 15));
    EXPECT(is_narrowed(wrong, 5,
                       "\xef\xbf\xbd"
                       "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
                       13));
    EXPECT_FAIL(ERROR_NO_UNICODE_TRANSLATION,
                WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wrong, 1, NULL, 0, NULL, NULL));
    EXPECT_RETURNS(3, WideCharToMultiByte(CP_ACP, WC_NO_BEST_FIT_CHARS, wrong, 1, NULL, 0, "?", &used));
    EXPECT_EQ(used, TRUE);
    EXPECT_RETURNS(1, WideCharToMultiByte(CP_ACP, 0, L"a", 1, &c, 1, NULL, &used));
    EXPECT_EQ(used, FALSE);
}

TEST(strings, arguments, "D13.13c L394")
{
    WCHAR wide[10];
    char text[10];
    BOOL used;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MultiByteToWideChar(CP_UTF8, 0, "abc", 0, wide, 10));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MultiByteToWideChar(CP_UTF8, 0, NULL, 3, wide, 10));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MultiByteToWideChar(CP_UTF8, 0, "abc", 3, NULL, 10));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MultiByteToWideChar(CP_UTF8, 0, "abc", 3, wide, -1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MultiByteToWideChar(CP_UTF8, 0, (char *)wide, 3, wide, 10));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MultiByteToWideChar(1252, 0, "abc", 3, wide, 10));
    EXPECT_FAIL(ERROR_INVALID_FLAGS, MultiByteToWideChar(CP_UTF8, MB_PRECOMPOSED, "abc", 3, wide, 10));
    EXPECT_FAIL(ERROR_INVALID_FLAGS, MultiByteToWideChar(CP_ACP, 0x100, "abc", 3, wide, 10));
    EXPECT_RETURNS(3, MultiByteToWideChar(CP_ACP, MB_PRECOMPOSED, "abc", 3, wide, 10));
    EXPECT_RETURNS(3, MultiByteToWideChar(CP_OEMCP, 0, "abc", 3, wide, 10));
    EXPECT_RETURNS(3, MultiByteToWideChar(CP_THREAD_ACP, 0, "abc", 3, wide, 10));
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, MultiByteToWideChar(CP_UTF8, 0, "abc", -1, wide, 3));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WideCharToMultiByte(CP_UTF8, 0, L"abc", 0, text, 10, NULL, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WideCharToMultiByte(CP_UTF8, 0, NULL, 3, text, 10, NULL, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WideCharToMultiByte(CP_UTF8, 0, L"abc", 3, NULL, 3, NULL, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WideCharToMultiByte(CP_UTF8, 0, L"abc", 3, text, 10, "?", NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WideCharToMultiByte(CP_UTF8, 0, L"abc", 3, text, 10, NULL, &used));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WideCharToMultiByte(437, 0, L"abc", 3, text, 10, NULL, NULL));
    EXPECT_FAIL(ERROR_INVALID_FLAGS,
                WideCharToMultiByte(CP_UTF8, WC_NO_BEST_FIT_CHARS, L"abc", 3, text, 10, NULL, NULL));
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER,
                WideCharToMultiByte(CP_UTF8, 0, L"ab\u20ac", 3, text, 4, NULL, NULL));
    EXPECT(GetACP() == CP_UTF8 && GetOEMCP() == CP_UTF8 && IsValidCodePage(CP_UTF8) &&
           !IsValidCodePage(1252));
}

TEST(strings, of_the_oldest_programs, "D13.13d")
{
    char text[10] = "abc";
    WCHAR wide[10];

    EXPECT(lstrlenA("abc") == 3 && lstrlenA(NULL) == 0 && lstrlenW(L"ab") == 2 && lstrlenW(NULL) == 0);
    EXPECT(lstrcpyA(text, "xy") == text && strcmp(text, "xy") == 0 && lstrcpyA(NULL, "x") == NULL);
    EXPECT(lstrcatA(text, "z") == text && strcmp(text, "xyz") == 0 && lstrcatA(text, NULL) == NULL);
    EXPECT(lstrcpynA(text, "abcdef", 4) == text && strcmp(text, "abc") == 0);
    EXPECT(lstrcpynA(text, "x", 0) == text && strcmp(text, "abc") == 0);
    EXPECT(lstrcmpA("a", "a") == 0 && lstrcmpA("a", "b") == -1 && lstrcmpA("ab", "a") == 1);
    EXPECT(lstrcmpiA("aB", "Ab") == 0 && lstrcmpiA("a", "B") == -1);
    EXPECT(lstrcmpA(NULL, "a") == -1 && lstrcmpA("a", NULL) == 1 && lstrcmpA(NULL, NULL) == 0);
    EXPECT(lstrcpyW(wide, L"a\u20ac") == wide && wide[1] == 0x20ac && lstrcatW(wide, L"b") == wide);
    EXPECT(lstrlenW(wide) == 3 && lstrcmpW(wide, L"a\u20acb") == 0 && lstrcmpiW(wide, L"A\u20acB") == 0);
    EXPECT(lstrcpynW(wide, L"xyz", 3) == wide && lstrcmpW(wide, L"xy") == 0 && lstrcatW(NULL, L"x") == NULL);
}

#endif
