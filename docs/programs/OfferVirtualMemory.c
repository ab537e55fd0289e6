#include <windows.h>
#include <stdio.h>

int main(void)
{
    char *cache = VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    if (cache == NULL || OfferVirtualMemory(cache, 65536, VmOfferPriorityNormal) != ERROR_SUCCESS)
        return 1;
    switch (ReclaimVirtualMemory(cache, 65536)) {
    case ERROR_SUCCESS: /* all is there */
    case ERROR_BUSY: /* some is lost: compute it again */ puts("the cache can be used again"); return 0;
    default: return 1;
    }
}
/* prints: the cache can be used again */
