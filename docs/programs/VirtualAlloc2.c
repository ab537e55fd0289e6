#include <windows.h>
#include <stdio.h>

int main(void)
{
    MEM_ADDRESS_REQUIREMENTS where = {.Alignment = 1 << 21}; /* 2 MiB */
    MEM_EXTENDED_PARAMETER parameter = {.Type = MemExtendedParameterAddressRequirements, .Pointer = &where};
    char *p = VirtualAlloc2(NULL, NULL, 1 << 20, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, &parameter, 1);

    if (p == NULL)
        return 1;
    puts((ULONG_PTR)p % (1 << 21) == 0 ? "aligned" : "not aligned");
    return VirtualFree(p, 0, MEM_RELEASE) ? 0 : 1;
}
/* prints: aligned */
