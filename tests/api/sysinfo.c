/*
 * GetSystemInfo, GetNativeSystemInfo: page size, granularity, the ends of the address space.
 */
#include "api.h"

static SYSTEM_INFO system_info(void)
{
    SYSTEM_INFO info;

    memset(&info, 0xEE, sizeof info);
    SetLastError(CHECK_SENTINEL);
    GetSystemInfo(&info);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    return info;
}

TEST(sysinfo, page_size_and_granularity, "S10 S113")
{
    SYSTEM_INFO info = system_info();

    EXPECT_EQ(sizeof info, 48);
    EXPECT_EQ(info.dwPageSize, PAGE);
    EXPECT_EQ(info.dwAllocationGranularity, GRAIN);
}

TEST(sysinfo, the_ends_of_the_address_space, "O76 O236 D12.1c")
{
    SYSTEM_INFO info = system_info();

    EXPECT_EQ(info.lpMinimumApplicationAddress, 0x10000);
    EXPECT_EQ(info.lpMaximumApplicationAddress, TOP);
}

TEST(sysinfo, processors, "D12.1a")
{
    SYSTEM_INFO info = system_info();
    DWORD_PTR mask = info.dwActiveProcessorMask;
    DWORD count = 0;

    for (; mask; mask &= mask - 1)
        count++;
    EXPECT(info.dwNumberOfProcessors >= 1);
    EXPECT_EQ(count, info.dwNumberOfProcessors > 64 ? 64 : info.dwNumberOfProcessors);
#if defined(__x86_64__)
    EXPECT_EQ(info.wProcessorArchitecture, PROCESSOR_ARCHITECTURE_AMD64);
    EXPECT_EQ(info.dwProcessorType, 8664);
#elif defined(__aarch64__)
    EXPECT_EQ(info.wProcessorArchitecture, PROCESSOR_ARCHITECTURE_ARM64);
#endif
}

TEST(sysinfo, native_information_is_the_same, "D12.1b")
{
    SYSTEM_INFO a = system_info(), b;

    memset(&b, 0x11, sizeof b);
    GetNativeSystemInfo(&b);
    EXPECT_EQ(a.dwPageSize, b.dwPageSize);
    EXPECT_EQ(a.dwAllocationGranularity, b.dwAllocationGranularity);
    EXPECT_EQ(a.lpMinimumApplicationAddress, b.lpMinimumApplicationAddress);
    EXPECT_EQ(a.lpMaximumApplicationAddress, b.lpMaximumApplicationAddress);
    EXPECT_EQ(a.dwNumberOfProcessors, b.dwNumberOfProcessors);
    EXPECT_EQ(a.dwActiveProcessorMask, b.dwActiveProcessorMask);
    EXPECT_EQ(a.wProcessorArchitecture, b.wProcessorArchitecture);
}

TEST(sysinfo, allocations_stay_between_the_ends, "D12.1c S11")
{
    SYSTEM_INFO info = system_info();
    int i;

    for (i = 0; i < 20; i++) {
        BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | (i % 2 ? MEM_TOP_DOWN : 0), PAGE_NOACCESS);

        EXPECT(p >= (BYTE *)info.lpMinimumApplicationAddress);
        EXPECT(p + GRAIN - 1 <= (BYTE *)info.lpMaximumApplicationAddress);
    }
}

TEST(sysinfo, the_lowest_and_highest_granule_can_be_reserved, "D12.1c S114")
{
    BYTE *low = (BYTE *)0x10000, *high = (BYTE *)(TOP + 1 - GRAIN);

    /* Somebody else may be there already (the kernel's own minimum, the stack): then it is 487. */
    if (check_state(low) == MEM_FREE && VirtualAlloc(low, GRAIN, MEM_RESERVE, PAGE_NOACCESS))
        EXPECT_REGION(low, .size = GRAIN, .state = MEM_RESERVE, .base = AT(low));
    if (check_state(high) == MEM_FREE && VirtualAlloc(high, GRAIN, MEM_RESERVE, PAGE_NOACCESS))
        EXPECT_REGION(high, .size = GRAIN, .state = MEM_RESERVE, .base = AT(high));
}
