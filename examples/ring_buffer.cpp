// A ring buffer that never has to think about its end: the same memory is mapped twice, side by
// side, so what runs over the end of the first view arrives at the beginning of the buffer.
//
//   g++ $(pkg-config --cflags winmem) ring_buffer.cpp $(pkg-config --libs winmem)

#include <windows.h>
#include <winmem.h>

#include <stdio.h>

struct Ring {
    volatile char *first; // volatile: the compiler cannot know that both views are one memory
    volatile char *second;
    SIZE_T size;
};

static bool failed(const char *step)
{
    printf("%s: error %u (%s)\n", step, (unsigned)GetLastError(), WinmemLastCause());
    return false;
}

// Maps the whole section over the placeholder at `place`.
static volatile char *map_at(HANDLE section, void *place, SIZE_T size)
{
    return static_cast<char *>(MapViewOfFile3(section, nullptr, place, 0, size, MEM_REPLACE_PLACEHOLDER,
                                              PAGE_READWRITE, nullptr, 0));
}

// Fills in both views over two neighbouring placeholders. What is not replaced stays the caller's.
static bool map_twice(char *place, SIZE_T size, Ring &ring)
{
    HANDLE section =
        CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, (DWORD)size, nullptr);

    if (!section)
        return failed("CreateFileMapping");
    ring.first = map_at(section, place, size);
    ring.second = ring.first ? map_at(section, place + size, size) : nullptr;
    bool mapped = ring.second || failed("MapViewOfFile3");
    CloseHandle(section); // the views keep the section alive
    return mapped;
}

static void destroy(const Ring &ring)
{
    if (ring.first)
        UnmapViewOfFile(const_cast<char *>(ring.first));
    if (ring.second)
        UnmapViewOfFile(const_cast<char *>(ring.second));
}

static bool create(SIZE_T size, Ring &ring)
{
    ring = Ring{nullptr, nullptr, size};
    char *place = static_cast<char *>(VirtualAlloc2(
        nullptr, nullptr, 2 * size, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, nullptr, 0));
    if (!place)
        return failed("VirtualAlloc2");

    // One placeholder becomes two, each of which a view can replace.
    if (!VirtualFree(place, size, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER)) {
        failed("VirtualFree");
        VirtualFree(place, 0, MEM_RELEASE);
        return false;
    }
    if (map_twice(place, size, ring))
        return true;

    if (!ring.first)
        VirtualFree(place, 0, MEM_RELEASE);
    VirtualFree(place + size, 0, MEM_RELEASE);
    destroy(ring);
    return false;
}

// A record that starts before the end of the ring and ends after it, written in one go.
static bool wraps(const Ring &ring)
{
    static const char record[] = "half here, half there";
    const SIZE_T start = ring.size - sizeof(record) / 2;

    for (SIZE_T i = 0; i < sizeof(record); i++)
        ring.first[start + i] = record[i];
    for (SIZE_T i = 0; i < sizeof(record); i++) {
        if (ring.first[(start + i) % ring.size] != record[i])
            return false;
    }
    ring.first[0] = 'a';
    return ring.second[0] == 'a' && ring.first[ring.size] == 'a';
}

int __cdecl wmain()
{
    SYSTEM_INFO system;
    Ring ring;

    GetSystemInfo(&system);
    if (!create(system.dwAllocationGranularity, ring))
        return 1;
    bool good = wraps(ring);
    puts(good ? "The buffer wraps as expected" : "The buffer does not wrap");
    destroy(ring);
    return good ? 0 : 1;
}
