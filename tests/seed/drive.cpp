// Calls the functions of blocks 2 and 3 and looks at what they return.
#include <windows.h>

#include <stdio.h>

void *AllocateWithPreferredNode(size_t size, unsigned int numaNode);
void *AllocateAlignedBelow2GB(size_t size, size_t alignment);

static bool usable(void *memory, size_t size)
{
    char *bytes = static_cast<char *>(memory);

    if (!bytes || bytes[0] != 0 || bytes[size - 1] != 0)
        return false;
    bytes[0] = bytes[size - 1] = 1;
    return VirtualFree(memory, 0, MEM_RELEASE) != FALSE;
}

int main()
{
    const size_t size = 1 << 20, alignment = 4 << 20;

    if (!usable(AllocateWithPreferredNode(size, 0), size)) {
        printf("AllocateWithPreferredNode: error %u\n", (unsigned)GetLastError());
        return 1;
    }
    void *low = AllocateAlignedBelow2GB(size, alignment);
    const size_t address = reinterpret_cast<size_t>(low);
    if (address % alignment != 0 || address + size - 1 > 0x7fffffff || !usable(low, size)) {
        printf("AllocateAlignedBelow2GB: %p, error %u\n", low, (unsigned)GetLastError());
        return 1;
    }
    return 0;
}
