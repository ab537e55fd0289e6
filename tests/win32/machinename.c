/* machinename.c: the name of the machine; the mode of errors. */
#include "../support/check.h"

TEST(machine, its_name, "L565")
{
    char name[MAX_COMPUTERNAME_LENGTH + 1];
    WCHAR wide[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = sizeof name, length;

    EXPECT_OK(GetComputerNameA(name, &size));
    length = size;
    EXPECT_EQ(strlen(name), length);
    size = MAX_COMPUTERNAME_LENGTH + 1;
    EXPECT_OK(GetComputerNameW(wide, &size));
    EXPECT(size == length && wide[0] == (WCHAR)name[0] && wide[size] == 0);
    EXPECT_FAIL(ERROR_BUFFER_OVERFLOW, GetComputerNameA(name, &size));
    EXPECT_EQ(size, length + 1);
    size = 0;
    EXPECT_FAIL(ERROR_BUFFER_OVERFLOW, GetComputerNameA(NULL, &size));
    EXPECT_EQ(size, length + 1);
}

TEST(machine, the_mode_of_errors, "L566")
{
    UINT before = SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);

    EXPECT_EQ(GetErrorMode(), SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    EXPECT_EQ(SetErrorMode(before), SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    EXPECT_EQ(GetErrorMode(), before);
}
