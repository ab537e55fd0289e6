#include <windows.h>
#include <stdio.h>

int main(void)
{
    HANDLE heap = HeapCreate(0, 0, 0);
    char *block = heap ? HeapAlloc(heap, HEAP_ZERO_MEMORY, 100) : NULL;

    if (block == NULL)
        return 1;
    printf("%zu bytes\n", HeapSize(heap, 0, block));
    return HeapDestroy(heap) ? 0 : 1; /* its blocks go with it */
}
/* prints: 100 bytes */
