/* machinename.c: the name of the machine, the speed of its processors; the mode of errors. */
#include "../support/check.h"

#include <shlwapi.h>

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

TEST(machine, the_speed_of_a_processor, "L567")
{
    static const char key[] = "Hardware\\Description\\System\\CentralProcessor\\0";
    static const char none[] = "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\70000";
    DWORD type = 0, speed = 0, size = sizeof speed;

    EXPECT_EQ(SHGetValueA(HKEY_LOCAL_MACHINE, key, "~MHz", &type, &speed, &size), ERROR_SUCCESS);
    EXPECT(type == REG_DWORD && size == 4 && speed > 100 && speed < 20000);
    size = 0;
    EXPECT_EQ(SHGetValueA(HKEY_LOCAL_MACHINE, key, "~MHz", NULL, NULL, &size), ERROR_SUCCESS);
    EXPECT_EQ(size, 4);
    size = 3;
    EXPECT_EQ(SHGetValueA(HKEY_LOCAL_MACHINE, key, "~MHz", NULL, &speed, &size), ERROR_MORE_DATA);
    EXPECT_EQ(size, 4);
    EXPECT_EQ(SHGetValueA(HKEY_LOCAL_MACHINE, none, "~MHz", NULL, &speed, &size), ERROR_FILE_NOT_FOUND);
    EXPECT_EQ(SHGetValueA(HKEY_LOCAL_MACHINE, key, "~Hz", NULL, &speed, &size), ERROR_FILE_NOT_FOUND);
    EXPECT_EQ(SHGetValueA(NULL, key, "~MHz", NULL, &speed, &size), ERROR_INVALID_HANDLE);
}
