/* versions.c: which Windows programs are told this is, and what processor. */
#include "../support/check.h"

#include <versionhelpers.h>

#ifdef WINMEM_VERSION_MAJOR
#ifndef bit_SSE3 /* gcc 10 has it once only */
#if defined __x86_64__
#include <cpuid.h>
#endif
#endif
#include <intrin.h>
#include <ntifs.h>
#endif

enum { MAJOR = VER_MAJORVERSION, MINOR = VER_MINORVERSION };

#ifdef WINMEM_VERSION_MAJOR
TEST(versions, this_is_windows_10, "L528")
{
    OSVERSIONINFOEXA narrow = {.dwOSVersionInfoSize = sizeof narrow, .szCSDVersion = "x"};
    OSVERSIONINFOEXW wide = {.dwOSVersionInfoSize = sizeof wide, .szCSDVersion = {'x'}};
    OSVERSIONINFOW plain = {.dwOSVersionInfoSize = sizeof plain};
    RTL_OSVERSIONINFOEXW native = {.dwOSVersionInfoSize = sizeof native};
    DWORD version = GetVersion();

    EXPECT_EQ(version & 0xff, 10);
    EXPECT_EQ(version >> 8 & 0xff, 0);
    EXPECT_OK(GetVersionExA((LPOSVERSIONINFOA)&narrow));
    EXPECT_OK(GetVersionExW((LPOSVERSIONINFOW)&wide));
    EXPECT_OK(GetVersionExW(&plain));
    EXPECT_EQ(RtlGetVersion((PRTL_OSVERSIONINFOW)&native), 0);
    EXPECT(narrow.dwMajorVersion == 10 && narrow.dwMinorVersion == 0 && narrow.dwPlatformId == 2);
    EXPECT_EQ(narrow.dwBuildNumber, version >> 16);
    EXPECT_EQ(narrow.szCSDVersion[0] | wide.szCSDVersion[0], 0);
    EXPECT_EQ(narrow.wProductType, VER_NT_WORKSTATION);
    EXPECT(wide.dwMajorVersion == 10 && wide.dwBuildNumber == narrow.dwBuildNumber);
    EXPECT(wide.wSuiteMask == narrow.wSuiteMask && wide.wProductType == narrow.wProductType);
    EXPECT(plain.dwMajorVersion == 10 && plain.dwBuildNumber == narrow.dwBuildNumber);
    EXPECT(native.dwMajorVersion == 10 && native.dwBuildNumber == narrow.dwBuildNumber);
    EXPECT_EQ(native.wProductType, VER_NT_WORKSTATION);
}
#endif

TEST(versions, the_structure_has_one_of_two_sizes, "L528")
{
    OSVERSIONINFOEXA info = {.dwOSVersionInfoSize = sizeof info - 1};

    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetVersionExA((LPOSVERSIONINFOA)&info));
    info.dwOSVersionInfoSize = 0;
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetVersionExA((LPOSVERSIONINFOA)&info));
    EXPECT_EQ(info.dwMajorVersion, 0);
    info.dwOSVersionInfoSize = sizeof(OSVERSIONINFOA);
    EXPECT_OK(GetVersionExA((LPOSVERSIONINFOA)&info));
    EXPECT(info.dwMajorVersion >= 6);
    EXPECT_EQ(info.wProductType, 0);
}

TEST(versions, a_mask_has_three_bits_for_each_thing, "L529")
{
    EXPECT_EQ(VerSetConditionMask(0, MINOR, VER_EQUAL) & 0xffffff, 1);
    EXPECT_EQ(VerSetConditionMask(0, MAJOR, VER_GREATER_EQUAL) & 0xffffff, 3 << 3);
    EXPECT_EQ(VerSetConditionMask(1, VER_BUILDNUMBER, VER_LESS) & 0xffffff, 4 << 6 | 1);
    EXPECT_EQ(VerSetConditionMask(0, VER_PLATFORMID, VER_EQUAL) & 0xffffff, 1 << 9);
    EXPECT_EQ(VerSetConditionMask(0, VER_SERVICEPACKMINOR, VER_EQUAL) & 0xffffff, 1 << 12);
    EXPECT_EQ(VerSetConditionMask(0, VER_SERVICEPACKMAJOR, VER_EQUAL) & 0xffffff, 1 << 15);
    EXPECT_EQ(VerSetConditionMask(0, VER_SUITENAME, VER_AND) & 0xffffff, 6 << 18);
    EXPECT_EQ(VerSetConditionMask(0, VER_PRODUCT_TYPE, VER_OR) & 0xffffff, 7 << 21);
    EXPECT_EQ(VerSetConditionMask(5, 0, VER_EQUAL), 5);
}

/* This Windows, and what is asked for relative to it: which conditions hold. */
static OSVERSIONINFOEXA now(void)
{
    OSVERSIONINFOEXA info = {.dwOSVersionInfoSize = sizeof info};

    MUST(GetVersionExA((LPOSVERSIONINFOA)&info));
    return info;
}

static BOOL is(OSVERSIONINFOEXA info, int major, int minor, DWORD types, BYTE condition)
{
    ULONGLONG mask = 0;

    info.dwMajorVersion += (DWORD)major;
    info.dwMinorVersion += (DWORD)minor;
    for (DWORD type = 1; type <= VER_PRODUCT_TYPE; type <<= 1)
        if (types & type)
            mask = VerSetConditionMask(mask, type, condition);
    return VerifyVersionInfoA(&info, types, mask);
}

TEST(versions, the_first_part_that_differs_decides, "L529")
{
    OSVERSIONINFOEXA info = now();
    BYTE greater = VER_GREATER, greater_equal = VER_GREATER_EQUAL, less = VER_LESS,
         less_equal = VER_LESS_EQUAL;

    EXPECT_OK(is(info, 0, 0, MAJOR | MINOR, VER_EQUAL));
    EXPECT_OK(is(info, 0, 0, MAJOR | MINOR | VER_SERVICEPACKMAJOR, greater_equal));
    EXPECT_OK(is(info, 0, 0, MAJOR | MINOR, less_equal));
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, 0, 0, MAJOR | MINOR, greater));
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, 0, 0, MAJOR | MINOR, less));
    EXPECT_OK(is(info, -1, 9, MAJOR | MINOR, greater_equal));
    EXPECT_OK(is(info, -1, 9, MAJOR | MINOR, greater));
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, -1, 9, MAJOR | MINOR, less_equal));
    EXPECT_OK(is(info, 1, 0, MAJOR | MINOR, less));
    EXPECT_OK(is(info, 0, 1, MAJOR | MINOR, less));
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, 0, 1, MAJOR | MINOR, greater_equal));
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, -1, 0, MAJOR, VER_EQUAL));
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, 0, 1, MINOR, VER_EQUAL));
    EXPECT_OK(is(info, 5, 0, MINOR, VER_EQUAL));
}

TEST(versions, other_things_are_compared_one_by_one, "L529")
{
    OSVERSIONINFOEXA info = now();

    EXPECT_OK(is(info, 0, 0, VER_PLATFORMID | VER_BUILDNUMBER | VER_PRODUCT_TYPE, VER_EQUAL));
    info.dwBuildNumber++;
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, 0, 0, VER_BUILDNUMBER, VER_GREATER_EQUAL));
    EXPECT_OK(is(info, 0, 0, VER_BUILDNUMBER, VER_LESS));
    info.wProductType = VER_NT_SERVER;
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, 0, 0, VER_PRODUCT_TYPE, VER_EQUAL));
#ifdef WINMEM_VERSION_MAJOR
    info.wSuiteMask = VER_SUITE_SINGLEUSERTS;
    EXPECT_OK(is(info, 0, 0, VER_SUITENAME, VER_AND));
    info.wSuiteMask |= VER_SUITE_DATACENTER;
    EXPECT_FAIL(ERROR_OLD_WIN_VERSION, is(info, 0, 0, VER_SUITENAME, VER_AND));
    EXPECT_OK(is(info, 0, 0, VER_SUITENAME, VER_OR));
#endif
}

TEST(versions, nothing_is_asked_for, "L529")
{
    OSVERSIONINFOEXA info = now();

    EXPECT_FAIL(ERROR_BAD_ARGUMENTS, VerifyVersionInfoA(&info, 0, 1));
    EXPECT_FAIL(ERROR_BAD_ARGUMENTS, VerifyVersionInfoA(&info, MAJOR, 0));
}

#ifdef WINMEM_VERSION_MAJOR
TEST(versions, all_older_ones_and_no_server, "L528")
{
    EXPECT(IsWindowsXPOrGreater() && IsWindowsXPSP1OrGreater() && IsWindowsXPSP2OrGreater());
    EXPECT(IsWindowsXPSP3OrGreater() && IsWindowsVistaOrGreater() && IsWindowsVistaSP1OrGreater());
    EXPECT(IsWindowsVistaSP2OrGreater() && IsWindows7OrGreater() && IsWindows7SP1OrGreater());
    EXPECT(IsWindows8OrGreater() && IsWindows8Point1OrGreater());
    EXPECT(IsWindowsThresholdOrGreater() && IsWindows10OrGreater());
    EXPECT(!IsWindowsVersionOrGreater(10, 0, 1) && !IsWindowsVersionOrGreater(11, 0, 0));
    EXPECT(!IsWindowsServer());
}

/* By the compiler's own way to find out. */
TEST(versions, what_the_processor_can_do, "L530")
{
#if defined __x86_64__
    EXPECT_EQ(IsProcessorFeaturePresent(PF_XMMI64_INSTRUCTIONS_AVAILABLE) != 0, 1);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_XMMI_INSTRUCTIONS_AVAILABLE) != 0, 1);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_MMX_INSTRUCTIONS_AVAILABLE) != 0, 1);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_COMPARE_EXCHANGE_DOUBLE) != 0, 1);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_RDTSC_INSTRUCTION_AVAILABLE) != 0, 1);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_NX_ENABLED) != 0, 1);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_FASTFAIL_AVAILABLE) != 0, 1);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_SSE3_INSTRUCTIONS_AVAILABLE) != 0,
              __builtin_cpu_supports("sse3") != 0);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_SSSE3_INSTRUCTIONS_AVAILABLE) != 0,
              __builtin_cpu_supports("ssse3") != 0);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_SSE4_1_INSTRUCTIONS_AVAILABLE) != 0,
              __builtin_cpu_supports("sse4.1") != 0);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_SSE4_2_INSTRUCTIONS_AVAILABLE) != 0,
              __builtin_cpu_supports("sse4.2") != 0);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_AVX_INSTRUCTIONS_AVAILABLE) != 0,
              __builtin_cpu_supports("avx") != 0);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_AVX2_INSTRUCTIONS_AVAILABLE) != 0,
              __builtin_cpu_supports("avx2") != 0);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_AVX512F_INSTRUCTIONS_AVAILABLE) != 0,
              __builtin_cpu_supports("avx512f") != 0);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_FLOATING_POINT_EMULATED), 0);
    EXPECT_EQ(IsProcessorFeaturePresent(PF_ARM_V8_INSTRUCTIONS_AVAILABLE), 0);
    EXPECT_EQ(IsProcessorFeaturePresent(0xffffffff), 0);
#else
    SKIP("its features are those of x86-64");
#endif
}
#endif
