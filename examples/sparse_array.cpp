// A sparse array of 64 GiB that commits on fault: the elements have addresses from the beginning, and a page
// gets memory when it is touched first. No check stands before an access.
//
//   g++ $(pkg-config --cflags winmem) sparse_array.cpp $(pkg-config --libs winmem)

#include <windows.h>

#include <atomic>
#include <stdio.h>

typedef unsigned long long Element;

static const ULONG_PTR array_size = (ULONG_PTR)64 << 30;
static const size_t elements = array_size / sizeof(Element);

static Element *array;               // only reserved
static std::atomic<unsigned> faults; // pages that were committed for somebody

// Asked about every access violation of the process. It repairs those in the array; anything else, a null
// pointer for example, is left to whoever comes next.
static LONG WINAPI commit_on_fault(PEXCEPTION_POINTERS exception)
{
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;

    if (record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;

    // [0] says how (0 to read, 1 to write, 8 to execute), [1] where.
    const ULONG_PTR address = record->ExceptionInformation[1];
    if (record->ExceptionInformation[0] > 1 || address - reinterpret_cast<ULONG_PTR>(array) >= array_size)
        return EXCEPTION_CONTINUE_SEARCH;

    // The page that this byte is in. If another thread was faster it is committed already, and that is
    // success, too. No memory left: search, so the program ends at the access that could not be served.
    if (!VirtualAlloc(reinterpret_cast<void *>(address), 1, MEM_COMMIT, PAGE_READWRITE))
        return EXCEPTION_CONTINUE_SEARCH;
    faults++;
    return EXCEPTION_CONTINUE_EXECUTION; // the instruction runs again
}

// What the reservation costs, region by region.
static bool count_committed(ULONG_PTR &committed, unsigned &regions)
{
    const ULONG_PTR begin = reinterpret_cast<ULONG_PTR>(array);
    MEMORY_BASIC_INFORMATION region;

    committed = 0;
    regions = 0;
    for (ULONG_PTR at = begin; at < begin + array_size; at += region.RegionSize) {
        if (VirtualQuery(reinterpret_cast<void *>(at), &region, sizeof(region)) == 0)
            return false;
        if (region.State == MEM_COMMIT)
            committed += region.RegionSize;
        regions++;
    }
    return true;
}

// Scattered over the whole array. 2^33 elements and an odd factor: no two are the same.
static size_t scattered(size_t i)
{
    return (size_t)(i * 0x9e3779b97f4a7c15ull) % elements;
}

static bool use_array(size_t count, ULONG_PTR page_size)
{
    ULONG_PTR committed;
    unsigned regions;
    bool good = true;

    for (size_t i = 1; i <= count; i++)
        array[scattered(i)] = i;
    for (size_t i = 1; i <= count; i++)
        good = good && array[scattered(i)] == i;
    if (!count_committed(committed, regions)) {
        printf("VirtualQuery: error %u\n", (unsigned)GetLastError());
        return false;
    }
    good = good && committed == (ULONG_PTR)faults.load() * page_size;
    printf("%u elements: %u faults, %u KiB committed of %u GiB, in %u regions%s\n", (unsigned)count,
           faults.load(), (unsigned)(committed >> 10), (unsigned)(array_size >> 30), regions,
           good ? "" : ", not as expected");
    return good;
}

int main()
{
    SYSTEM_INFO system;

    GetSystemInfo(&system);
    array = static_cast<Element *>(VirtualAlloc(nullptr, array_size, MEM_RESERVE, PAGE_NOACCESS));
    if (!array) {
        printf("VirtualAlloc: error %u\n", (unsigned)GetLastError());
        return 1;
    }
    void *handler = AddVectoredExceptionHandler(1, commit_on_fault);
    if (!handler)
        return 1;

    bool good = use_array(10, system.dwPageSize);
    good = use_array(1000, system.dwPageSize) && good;

    // Neighbours share pages: one fault for 512 elements.
    const unsigned before = faults;
    for (size_t i = 0; i < 65536; i++)
        array[elements - 1 - i] = i;
    printf("65536 neighbours: %u more faults\n", faults - before);
    good = good && faults - before == 65536 * sizeof(Element) / system.dwPageSize;

    RemoveVectoredExceptionHandler(handler);
    return VirtualFree(array, 0, MEM_RELEASE) && good ? 0 : 1;
}
