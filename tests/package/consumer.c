/* A small program that needs all that an installed winmem has: headers, library, start object. */
#ifdef EXPECT_WIN32
unsigned __int64 word_above_windows_h;
static __forceinline int __cdecl word_of_the_compiler(void)
{
    return sizeof word_above_windows_h == 8;
}
#endif

#include <windows.h>
#include <winmem.h>

#include <stdio.h>
#include <string.h>

#if defined(EXPECT_WIN32) && (!defined(_WIN32) || defined(__linux__) || defined(__unix__))
#error "the flags for the Windows side are missing"
#endif
#if !defined(EXPECT_WIN32) && !defined(__linux__)
#error "the Linux side is gone without being asked"
#endif

int wmain(int argc, WCHAR **argv)
{
    char *page = (char *)VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    if (!page) {
        printf("VirtualAlloc: error %u, %s\n", (unsigned)GetLastError(), WinmemLastCause());
        return 1;
    }
    page[0] = 'x';
#ifdef EXPECT_WIN32
    if (!word_of_the_compiler())
        return 1;
#endif
#ifdef EXPECT_VERSION
    if (strcmp(WinmemVersion(), EXPECT_VERSION) != 0)
        return printf("the package says %s, the library %s\n", EXPECT_VERSION, WinmemVersion());
#endif
#ifdef EXPECT_FILES
    if (GetFileAttributesA("/") == INVALID_FILE_ATTRIBUTES ||
        !GetProcAddress(GetModuleHandleA("kernel32"), "DeleteFileW"))
        return 1;
#else
    if (GetProcAddress(GetModuleHandleA("kernel32"), "DeleteFileW"))
        return 1; /* whoever links winmem alone gets memory alone */
#endif
    if (argc != 2 || argv[1][0] != 'a' || !VirtualFree(page, 0, MEM_RELEASE))
        return 1;
    return 0;
}
