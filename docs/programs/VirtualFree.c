#include <windows.h>
#include <stdio.h>

int main(void)
{
    const SIZE_T half = 1 << 20;
    char *p =
        VirtualAlloc2(NULL, NULL, 2 * half, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);

    /* One placeholder becomes two, two become one, and that is given back. */
    if (p == NULL || !VirtualFree(p, half, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER) ||
        !VirtualFree(p, 2 * half, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS))
        return 1;
    puts("split and merged");
    return VirtualFree(p, 0, MEM_RELEASE) ? 0 : 1; /* with the size 0 */
}
/* prints: split and merged */
