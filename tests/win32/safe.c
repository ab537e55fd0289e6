/* safe.c: strings and integers that tell when something does not fit (strsafe.h, intsafe.h). */
#include "../support/check.h"

#include <strsafe.h>

#include <intsafe.h>

#define OVERFLOWED INTSAFE_E_ARITHMETIC_OVERFLOW

TEST(safe, strings_are_copied_as_far_as_they_fit, "L536")
{
    char text[6] = "?????";
    WCHAR wide[4];

    EXPECT_EQ(StringCchCopyA(text, 6, "hello"), S_OK);
    EXPECT_EQ(strcmp(text, "hello"), 0);
    EXPECT_EQ(StringCchCopyA(text, 6, "longer"), STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT_EQ(strcmp(text, "longe"), 0);
    EXPECT_EQ(StringCchCopyA(text, 1, "x"), STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT_EQ(text[0], 0);
    EXPECT_EQ(StringCchCopyA(text, 0, "x"), STRSAFE_E_INVALID_PARAMETER);
    EXPECT_EQ(StringCchCopyA(text, (SIZE_T)STRSAFE_MAX_CCH + 1, "x"), STRSAFE_E_INVALID_PARAMETER);
    EXPECT_EQ(StringCchCopyNA(text, 6, "hello", 2), S_OK);
    EXPECT_EQ(strcmp(text, "he"), 0);
    EXPECT_EQ(StringCchCopyNA(text, 3, "hello", 4), STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT_EQ(strcmp(text, "he"), 0);
    EXPECT_EQ(StringCbCopyW(wide, sizeof wide, L"abc"), S_OK);
    EXPECT(wide[0] == 'a' && wide[2] == 'c' && wide[3] == 0);
    EXPECT_EQ(StringCbCopyW(wide, sizeof wide - 1, L"abc"), STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT(wide[1] == 'b' && wide[2] == 0);
}

TEST(safe, strings_are_joined_and_measured, "L536")
{
    char text[8] = "ab";
    SIZE_T length = 77;

    EXPECT_EQ(StringCchCatA(text, 8, "cd"), S_OK);
    EXPECT_EQ(StringCbCatA(text, 8, "efghi"), STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT_EQ(strcmp(text, "abcdefg"), 0);
    text[3] = 0;
    EXPECT_EQ(StringCchCatNA(text, 8, "xyz", 2), S_OK);
    EXPECT_EQ(strcmp(text, "abcxy"), 0);
    EXPECT_EQ(StringCchLengthA(text, 8, &length), S_OK);
    EXPECT_EQ(length, 5);
    EXPECT_EQ(StringCchLengthA(text, 6, &length), S_OK);
    EXPECT_EQ(StringCchLengthA(text, 5, &length), STRSAFE_E_INVALID_PARAMETER);
    EXPECT_EQ(length, 0);
    EXPECT_EQ(StringCchLengthA(NULL, 5, &length), STRSAFE_E_INVALID_PARAMETER);
    EXPECT_EQ(StringCbLengthW(L"abc", 4 * sizeof(WCHAR), &length), S_OK);
    EXPECT_EQ(length, 3 * sizeof(WCHAR));
    memset(text, 'x', 8);
    EXPECT_EQ(StringCchCatA(text, 8, ""), STRSAFE_E_INVALID_PARAMETER);
}

TEST(safe, strings_are_printed, "L536")
{
    char text[8];
    WCHAR wide[8];

    EXPECT_EQ(StringCchPrintfA(text, 8, "%d-%s", 12, "ab"), S_OK);
    EXPECT_EQ(strcmp(text, "12-ab"), 0);
    EXPECT_EQ(StringCbPrintfA(text, 8, "%d-%s", 12, "abcdef"), STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT_EQ(strcmp(text, "12-abcd"), 0);
    EXPECT_EQ(StringCchPrintfA(text, 0, "x"), STRSAFE_E_INVALID_PARAMETER);
    EXPECT_EQ(StringCchPrintfW(wide, 8, L"%d", 77), S_OK);
    EXPECT(wide[0] == '7' && wide[1] == '7' && wide[2] == 0);
    EXPECT_EQ(StringCchPrintfW(wide, 2, L"%d", 77), STRSAFE_E_INSUFFICIENT_BUFFER);
    EXPECT_EQ(wide[1], 0);
}

TEST(safe, sums_and_products_that_do_not_fit, "L537")
{
    SIZE_T size;
    ULONG small;
    INT number;
    LONGLONG large;

    EXPECT_EQ(SizeTAdd(1, 2, &size), S_OK);
    EXPECT_EQ(size, 3);
    EXPECT_EQ(SizeTAdd(MAXSIZE_T, 1, &size), OVERFLOWED);
    EXPECT_EQ(size, MAXSIZE_T);
    EXPECT_EQ(SizeTSub(1, 2, &size), OVERFLOWED);
    EXPECT_EQ(SizeTMult((SIZE_T)1 << 32, (SIZE_T)1 << 31, &size), S_OK);
    EXPECT_EQ(SizeTMult((SIZE_T)1 << 32, (SIZE_T)1 << 32, &size), OVERFLOWED);
    EXPECT_EQ(ULongMult(0x10000, 0x10000, &small), OVERFLOWED);
    EXPECT_EQ(small, 0xffffffff);
    EXPECT_EQ(ULongAdd(0xffffffff, 0, &small), S_OK);
    EXPECT_EQ(IntAdd(0x7fffffff, 1, &number), OVERFLOWED);
    EXPECT_EQ(number, -1);
    EXPECT_EQ(IntSub(-5, 5, &number), S_OK);
    EXPECT_EQ(number, -10);
    EXPECT_EQ(LongLongMult(-3, 5, &large), S_OK);
    EXPECT_EQ(large, -15);
    EXPECT_EQ(LongLongMult(0x7fffffffffffffff, 2, &large), OVERFLOWED);
}

TEST(safe, conversions_that_lose_something, "L537")
{
    ULONG small;
    INT number;
    SIZE_T size;
    USHORT tiny;

    EXPECT_EQ(SizeTToULong(0xffffffff, &small), S_OK);
    EXPECT_EQ(small, 0xffffffff);
    EXPECT_EQ(SizeTToULong(0x100000000, &small), OVERFLOWED);
    EXPECT_EQ(SizeTToInt(0x7fffffff, &number), S_OK);
    EXPECT_EQ(SizeTToInt(0x80000000, &number), OVERFLOWED);
    EXPECT_EQ(IntToSizeT(-1, &size), OVERFLOWED);
    EXPECT_EQ(IntToSizeT(5, &size), S_OK);
    EXPECT_EQ(size, 5);
    EXPECT_EQ(ULongToUShort(0x10000, &tiny), OVERFLOWED);
    EXPECT_EQ(ULongToUShort(0xffff, &tiny), S_OK);
    EXPECT_EQ(ULongLongToSizeT(0xffffffffffffffff, &size), S_OK);
    EXPECT_EQ(LongLongToInt(-0x80000000ll, &number), S_OK);
    EXPECT_EQ(LongLongToInt(-0x80000001ll, &number), OVERFLOWED);
}
