/*
 * What a kernel is told whose pages are larger than 4 KiB: it is refused by the first call, and by each that follows. Everywhere
 * else there is nothing to see.
 */
#include "api.h"

#ifdef __linux__

static void need_larger_pages(void)
{
    if (getauxval(AT_PAGESZ) == PAGE)
        SKIP("the kernel's pages are of 4 KiB, as almost everywhere");
}

TEST(largerpages, nothing_can_be_had, "L656")
{
    MEMORY_BASIC_INFORMATION mbi;

    need_larger_pages();
    EXPECT_FAIL(ERROR_NOT_SUPPORTED,
                VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) != NULL);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, VirtualQuery(&mbi, &mbi, sizeof mbi) != 0);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, HeapCreate(0, 0, 0) != NULL);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED,
                CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NULL) != NULL);
}

TEST(largerpages, the_cause_says_why, "L656")
{
    need_larger_pages();
    EXPECT(VirtualAlloc(NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS) == NULL);
    printf("%s\n", WinmemLastCause());
    EXPECT(strstr(WinmemLastCause(), "pages of this kernel are larger") != NULL);
}

#endif
