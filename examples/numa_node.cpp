// Memory that should come from a certain NUMA node: an extended parameter of VirtualAlloc2. It is a
// preference; when the node has nothing left, another one gives. A node that does not exist is an error.
//
//   g++ $(pkg-config --cflags winmem) numa_node.cpp $(pkg-config --libs winmem)
//   ./a.out [node]

#include <windows.h>
#include <winmem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *allocate_near(ULONG node, SIZE_T size)
{
    MEM_EXTENDED_PARAMETER preference;

    memset(&preference, 0, sizeof(preference));
    preference.Type = MemExtendedParameterNumaNode;
    preference.ULong = node;
    return VirtualAlloc2(nullptr, nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, &preference, 1);
}

static bool all_zero(const unsigned char *bytes, SIZE_T size)
{
    for (SIZE_T i = 0; i < size; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    const ULONG node = argc > 1 ? (ULONG)strtoul(argv[1], nullptr, 10) : 0;
    const SIZE_T size = 1024 * 1024;

    unsigned char *memory = static_cast<unsigned char *>(allocate_near(node, size));
    if (!memory) {
        printf("VirtualAlloc2: error %u (%s)\n", (unsigned)GetLastError(), WinmemLastCause());
        return 1;
    }
    bool good = all_zero(memory, size);
    memset(memory, 0xa5, size);
    printf("%zu KiB at %p prefer node %u\n", (size_t)size / 1024, (void *)memory, (unsigned)node);
    if (!good)
        puts("The memory was not zero at first");

    if (!VirtualFree(memory, 0, MEM_RELEASE)) {
        printf("VirtualFree: error %u (%s)\n", (unsigned)GetLastError(), WinmemLastCause());
        good = false;
    }
    return good ? 0 : 1;
}
