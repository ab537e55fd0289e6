#include <windows.h>
#include <stdio.h>

int main(void)
{
    char *p = VirtualAlloc(NULL, 1 << 30, MEM_RESERVE, PAGE_NOACCESS); /* a GiB of addresses, no memory */

    if (p == NULL || VirtualAlloc(p + 4096, 4096, MEM_COMMIT, PAGE_READWRITE) == NULL)
        return 1;
    p[4096] = 'a'; /* p[0] would be an access violation */
    puts("one page of a GiB");
    return VirtualFree(p, 0, MEM_RELEASE) ? 0 : 1;
}
/* prints: one page of a GiB */
