// A cache that never has to be told to shrink: entries that nobody uses are offered to the system, which may
// drop what is in them when memory is short. An entry that is wanted again is reclaimed; if its contents are
// gone, they are computed again.
//
//   g++ $(pkg-config --cflags winmem) reclaimable_cache.cpp $(pkg-config --libs winmem)

#include <windows.h>
#include <psapi.h>

#include <stdio.h>
#include <stdlib.h>

static const SIZE_T entry_size = 256 * 1024;
static const unsigned values = entry_size / sizeof(unsigned);
static const unsigned keys = 64;

static unsigned *cache[keys]; // null: not computed yet
static unsigned kept, lost;   // what came out of reclaiming

static void fail(const char *function, DWORD error)
{
    printf("%s: error %u\n", function, (unsigned)error);
    exit(1);
}

// Stands for something that takes long: a decoded picture, a compiled shader.
static unsigned value(unsigned key, unsigned i)
{
    return (key * 2654435761u + i) * 2246822519u ^ i;
}

static void compute(unsigned *entry, unsigned key)
{
    for (unsigned i = 0; i < values; i++)
        entry[i] = value(key, i);
}

// True if the contents are as they were when they were offered. If not, all of them count as gone: each page
// may have been dropped or not. The memory itself is there again in both cases.
static bool reclaim(unsigned *entry)
{
    const DWORD error = ReclaimVirtualMemory(entry, entry_size);

    if (error != ERROR_SUCCESS && error != ERROR_BUSY)
        fail("ReclaimVirtualMemory", error);
    (error == ERROR_SUCCESS ? kept : lost)++;
    return error == ERROR_SUCCESS;
}

// From now on the entry is in use: its contents are right, and stay.
static const unsigned *acquire(unsigned key)
{
    if (cache[key]) {
        if (!reclaim(cache[key]))
            compute(cache[key], key);
        return cache[key];
    }
    // Offered and reclaimed are whole pages of one allocation; here an entry is one.
    cache[key] =
        static_cast<unsigned *>(VirtualAlloc(nullptr, entry_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    if (!cache[key])
        fail("VirtualAlloc", GetLastError());
    compute(cache[key], key);
    return cache[key];
}

// Nobody uses the entry for now. Until it is reclaimed it must not be touched.
static void release(unsigned key)
{
    const DWORD error = OfferVirtualMemory(cache[key], entry_size, VmOfferPriorityNormal);

    if (error != ERROR_SUCCESS)
        fail("OfferVirtualMemory", error);
}

static bool use(unsigned key)
{
    const unsigned *entry = acquire(key);
    bool good = true;

    for (unsigned i = 0; i < values; i++)
        good = good && entry[i] == value(key, i);
    release(key);
    return good;
}

static bool use_all(const char *when)
{
    bool good = true;

    kept = lost = 0;
    for (unsigned key = 0; key < keys; key++)
        good = use(key) && good;
    printf("%-26s %2u computed first, %2u kept, %2u computed again%s\n", when, keys - kept - lost, kept, lost,
           good ? "" : ", with wrong contents");
    return good;
}

int main()
{
    bool good = use_all("Empty cache:");
    good = good && kept + lost == 0;
    good = use_all("Soon after:") && good;
    good = good && kept + lost == keys;

    // Pages that leave the working set are those that the system takes first. How many it drops is its
    // business, and depends on how much memory it has.
    if (!EmptyWorkingSet(GetCurrentProcess()))
        fail("EmptyWorkingSet", GetLastError());
    good = use_all("After EmptyWorkingSet:") && good;
    good = good && kept + lost == keys;

    for (unsigned *entry : cache)
        good = VirtualFree(entry, 0, MEM_RELEASE) && good;
    return good ? 0 : 1;
}
