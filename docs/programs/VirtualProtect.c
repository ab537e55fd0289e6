#include <windows.h>
#include <stdio.h>

int main(void)
{
    char *p = VirtualAlloc(NULL, 8192, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD before;

    if (p == NULL || !VirtualProtect(p, 4096, PAGE_READONLY, &before))
        return 1;
    printf("was 0x%02X\n", (unsigned)before); /* PAGE_READWRITE; the second page still is */
    return VirtualFree(p, 0, MEM_RELEASE) ? 0 : 1;
}
/* prints: was 0x04 */
