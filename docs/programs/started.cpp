#include <windows.h>

#include <stdio.h>

int wmain()
{
    // A GiB of addresses, no memory; then one page of it.
    char *p = static_cast<char *>(VirtualAlloc(NULL, 1 << 30, MEM_RESERVE, PAGE_NOACCESS));
    if (p == NULL || VirtualAlloc(p, 4096, MEM_COMMIT, PAGE_READWRITE) == NULL)
        return 1;
    p[0] = 'a';

    MEMORY_BASIC_INFORMATION info;
    VirtualQuery(p, &info, sizeof info);
    printf("%zu bytes committed\n", info.RegionSize);
    VirtualFree(p, 0, MEM_RELEASE);
    return 0;
}
/* prints: 4096 bytes committed */
