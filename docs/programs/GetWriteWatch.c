#include <windows.h>
#include <stdio.h>

int main(void)
{
    char *p = VirtualAlloc(NULL, 1 << 20, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    void *written[8];
    ULONG_PTR count = 8;
    DWORD granularity;

    if (p == NULL)
        return 1;
    p[3 * 4096] = 'a';
    if (GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, 1 << 20, written, &count, &granularity) != 0)
        return 1;
    puts(count > 0 ? "written pages are told" : "no page was written");
    return VirtualFree(p, 0, MEM_RELEASE) ? 0 : 1;
}
/* prints: written pages are told */
