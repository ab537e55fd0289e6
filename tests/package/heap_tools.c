/*
 * Blocks of every kind, all freed again; what the program is told to do wrong it does then: "over" reads a byte behind a
 * block, "twice" frees one twice, "wild" frees what is no address, "lost" loses one.
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

enum { BLOCKS = 100 };

static void use_blocks(HANDLE heap)
{
    void *block[BLOCKS];
    int i;

    for (i = 0; i < BLOCKS; i++)
        block[i] = HeapAlloc(heap, 0, 10 + (SIZE_T)i);
    for (i = 0; i < BLOCKS; i++)
        block[i] = HeapReAlloc(heap, 0, block[i], 10000 + (SIZE_T)i);
    for (i = 0; i < BLOCKS; i++)
        HeapFree(heap, 0, block[i]);
    for (i = 0; i < BLOCKS; i++)
        GlobalFree(GlobalAlloc(i % 2 ? GMEM_MOVEABLE : GMEM_FIXED, 10));
}

/* Failures that end up as such; non-zero: something went as it should not. */
static int do_wrong(const char *what, HANDLE heap)
{
    volatile char *p = (volatile char *)HeapAlloc(heap, HEAP_ZERO_MEMORY, 33);

    if (strcmp(what, "lost") == 0)
        return 0;
    if (strcmp(what, "over") == 0)
        printf("behind it: %d\n", p[33]);
    if (strcmp(what, "wild") == 0 && HeapFree(heap, 0, (LPVOID)0x123450000))
        return 1;
    HeapFree(heap, 0, (LPVOID)p);
    if (strcmp(what, "twice") == 0 && HeapFree(heap, 0, (LPVOID)p))
        return 1;
    return 0;
}

int main(int argc, char **argv)
{
    HANDLE heap = HeapCreate(0, 0, 0);

    use_blocks(GetProcessHeap());
    use_blocks(heap);
    HeapDestroy(heap);
    return argc > 1 ? do_wrong(argv[1], GetProcessHeap()) : 0;
}
