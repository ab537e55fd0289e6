// A heap of one's own: what is in it, what it says of a wrong pointer, and how it goes at once. And memory that may
// move while its handle stays.
//
//   g++ $(pkg-config --cflags winmem) private_heap.cpp $(pkg-config --libs winmem)
#include <windows.h>

#include <cstdio>
#include <cstring>

// What the last error means, in words. The buffer is the system's: LocalFree gives it back.
static void tell_last_error(const char *what)
{
    DWORD error = GetLastError();
    char *text = nullptr;

    if (FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
                           FORMAT_MESSAGE_IGNORE_INSERTS,
                       nullptr, error, 0, (LPSTR)&text, 0, nullptr) != 0)
        std::printf("%s: error %u, %s", what, (unsigned)error, text);
    LocalFree(text);
}

static void list(HANDLE heap)
{
    PROCESS_HEAP_ENTRY entry = {};

    HeapLock(heap);
    while (HeapWalk(heap, &entry))
        if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
            std::printf("  %6u bytes at %p\n", (unsigned)entry.cbData, entry.lpData);
    HeapUnlock(heap);
}

static bool use_private_heap()
{
    HANDLE heap = HeapCreate(0, 0, 0);
    char *name = (char *)HeapAlloc(heap, HEAP_ZERO_MEMORY, 12);
    void *table = HeapAlloc(heap, 0, 40000), *other = HeapAlloc(heap, 0, 300);

    if (!name || !table || !other)
        return false;
    std::strcpy(name, "a heap");
    std::printf("%s, and its blocks:\n", name);
    list(heap);

    HeapFree(heap, 0, other);
    if (HeapFree(heap, 0, other)) // once too often
        return false;
    tell_last_error("freed twice");
    std::printf("the heap is %s\n", HeapValidate(heap, 0, nullptr) ? "sound" : "broken");
    return HeapDestroy(heap); // with all that is left in it
}

// The handle stays while the memory moves.
static bool use_movable_memory()
{
    HGLOBAL handle = GlobalAlloc(GHND, 16);
    char *text = (char *)GlobalLock(handle);

    if (!text)
        return false;
    std::strcpy(text, "movable memory");
    GlobalUnlock(handle);
    if (!GlobalReAlloc(handle, 1 << 20, GMEM_ZEROINIT))
        return false;
    text = (char *)GlobalLock(handle);
    std::printf("%s, now %zu bytes\n", text, (size_t)GlobalSize(handle));
    GlobalUnlock(handle);
    return GlobalFree(handle) == nullptr;
}

int main()
{
    return use_private_heap() && use_movable_memory() ? 0 : 1;
}
