#include <windows.h>
#include <psapi.h>
#include <stdio.h>

int main(void)
{
    char *p = VirtualAlloc(NULL, 8192, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    PSAPI_WORKING_SET_EX_INFORMATION pages[2] = {{.VirtualAddress = p}, {.VirtualAddress = p + 4096}};

    if (p == NULL)
        return 1;
    p[0] = 'a';
    if (!QueryWorkingSetEx(GetCurrentProcess(), pages, sizeof pages))
        return 1;
    printf("%s\n", pages[0].VirtualAttributes.Valid ? "what is touched is in memory" : "it was swapped out");
    return 0;
}
/* prints: what is touched is in memory */
