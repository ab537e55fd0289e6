#include <windows.h>
#include <stdio.h>

int main(void)
{
    MEMORY_BASIC_INFORMATION info;
    SIZE_T committed = 0;
    char *at = NULL;

    /* All of the address space, a run of equal pages at a time. */
    for (; VirtualQuery(at, &info, sizeof info) != 0; at = (char *)info.BaseAddress + info.RegionSize)
        committed += info.State == MEM_COMMIT ? info.RegionSize : 0;
    puts(committed > 0 ? "something is committed" : "nothing is committed");
    return 0;
}
/* prints: something is committed */
