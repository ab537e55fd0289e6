// Memory that 32 bits can point to, aligned to more than the granularity: address requirements are
// another extended parameter of VirtualAlloc2.
//
//   g++ $(pkg-config --cflags winmem) aligned_below_2gib.cpp $(pkg-config --libs winmem)

#include <windows.h>
#include <winmem.h>

#include <stdio.h>
#include <string.h>

static const ULONG_PTR last_byte = 0x7fffffff; // the highest address that may belong to it

static char *allocate_low(SIZE_T size, SIZE_T alignment)
{
    MEM_ADDRESS_REQUIREMENTS where;
    MEM_EXTENDED_PARAMETER parameter;

    memset(&where, 0, sizeof(where));
    where.HighestEndingAddress = reinterpret_cast<PVOID>(last_byte);
    where.Alignment = alignment; // a power of two, at least the granularity

    memset(&parameter, 0, sizeof(parameter));
    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = &where;
    return static_cast<char *>(
        VirtualAlloc2(nullptr, nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, &parameter, 1));
}

static bool try_alignment(SIZE_T size, SIZE_T alignment)
{
    char *memory = allocate_low(size, alignment);
    if (!memory) {
        printf("VirtualAlloc2: error %u (%s)\n", (unsigned)GetLastError(), WinmemLastCause());
        return false;
    }
    const ULONG_PTR first = reinterpret_cast<ULONG_PTR>(memory);
    const bool good = first % alignment == 0 && first + size - 1 <= last_byte;
    printf("%5zu KiB aligned to %5zu KiB: %#010zx to %#010zx%s\n", (size_t)size / 1024,
           (size_t)alignment / 1024, (size_t)first, (size_t)(first + size - 1),
           good ? "" : ", not as required");
    memset(memory, 1, size);
    VirtualFree(memory, 0, MEM_RELEASE);
    return good;
}

int main()
{
    bool good = true;

    for (SIZE_T alignment = 64 * 1024; alignment <= 16 * 1024 * 1024; alignment *= 4)
        good = try_alignment(2 * 1024 * 1024, alignment) && good;
    return good ? 0 : 1;
}
