#include <windows.h>
#include <winmem.h>
#include <stdio.h>

int main(void)
{
    if (VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_NOACCESS) != NULL)
        return 1;
    printf("error %u\n", (unsigned)GetLastError());
    fprintf(stderr, "%s\n", WinmemLastCause()); /* in a sentence */
    return 0;
}
/* prints: error 87 */
