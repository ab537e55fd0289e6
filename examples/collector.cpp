// A collector that looks again only at what was written. It marks the whole heap once, lets the program go
// on, asks which pages were written meanwhile, and follows only the references in these.
//
//   g++ $(pkg-config --cflags winmem) collector.cpp $(pkg-config --libs winmem)

#include <windows.h>

#include <algorithm>
#include <stdio.h>
#include <stdlib.h>
#include <vector>

struct Object {
    Object *fields[8]; // 64 bytes: 64 objects a page
};

static const size_t heap_size = 4 << 20;
static Object *heap; // heap[0] is the root
static size_t used = 1;

// The marks lie beside the heap: inside, setting one would count as a write.
typedef std::vector<bool> Marks;

static void require(bool good, const char *step)
{
    if (good)
        return;
    printf("%s: error %u\n", step, (unsigned)GetLastError());
    exit(1);
}

// Marks what an object refers to, and leaves for later what was not marked yet.
static void scan(size_t object, Marks &marks, std::vector<size_t> &pending)
{
    for (Object *field : heap[object].fields) {
        if (field && !marks[field - heap]) {
            marks[field - heap] = true;
            pending.push_back(field - heap);
        }
    }
}

static void drain(Marks &marks, std::vector<size_t> &pending)
{
    while (!pending.empty()) {
        const size_t object = pending.back();
        pending.pop_back();
        scan(object, marks, pending);
    }
}

static Marks full_mark()
{
    Marks marks(heap_size / sizeof(Object));
    std::vector<size_t> pending(1, 0);

    marks[0] = true;
    drain(marks, pending);
    return marks;
}

// The pages written since the last time. There is room for all of them, so one call is enough. It forgets in
// the same step what it returns: a write that another thread makes just now is in this answer or in the next.
static std::vector<void *> take_dirty_pages(DWORD &page_size)
{
    std::vector<void *> pages(heap_size / 4096);
    ULONG_PTR count = pages.size();

    require(GetWriteWatch(WRITE_WATCH_FLAG_RESET, heap, heap_size, pages.data(), &count, &page_size) == 0,
            "GetWriteWatch");
    pages.resize(count);
    return pages;
}

// A marked object refers to an unmarked one only if it was written since it was looked at.
static void mark_again(Marks &marks)
{
    DWORD page_size;
    const std::vector<void *> dirty = take_dirty_pages(page_size);
    std::vector<size_t> pending;

    for (void *page : dirty) {
        const size_t first = static_cast<Object *>(page) - heap;
        for (size_t object = first; object < first + page_size / sizeof(Object); object++) {
            if (marks[object])
                scan(object, marks, pending);
        }
    }
    drain(marks, pending);
    printf("looked at %u of %u pages", (unsigned)dirty.size(),
           (unsigned)((used * sizeof(Object) + page_size - 1) / page_size));
}

static size_t any_field()
{
    static unsigned long long state = 1; // a generator of our own: every run is the same

    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (size_t)(state >> 61);
}

// The program at work: it goes down from the root and hangs a new object into the free field that it meets.
static void grow(size_t count)
{
    for (; count > 0; count--) {
        Object **field = &heap[0].fields[any_field()];
        while (*field)
            field = &(*field)->fields[any_field()];
        *field = &heap[used++];
    }
}

// Three levels down something loses its only reference, and so does all that hangs on it. A program may do
// this at any time; but what is marked by then stays marked until the next full mark.
static void lose(size_t count)
{
    for (; count > 0; count--)
        heap[0].fields[any_field()]->fields[any_field()]->fields[any_field()] = nullptr;
}

static bool collect()
{
    bool good = true;

    // First, so that what is written while the mark goes on counts.
    require(ResetWriteWatch(heap, heap_size) == 0, "ResetWriteWatch");
    Marks marks = full_mark();
    printf("%d of %d objects are alive\n", (int)std::count(marks.begin(), marks.end(), true), (int)used);

    for (unsigned count = 10; count <= 1000 && good; count *= 10) {
        grow(count);
        printf("%4u more: ", count);
        mark_again(marks);
        good = marks == full_mark();
        printf(", %s as a full mark\n", good ? "found the same" : "not the same");
    }
    return good;
}

int main()
{
    heap = static_cast<Object *>(
        VirtualAlloc(nullptr, heap_size, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE));
    require(heap, "VirtualAlloc");
    grow(60000);
    lose(50);
    const bool good = collect();
    require(VirtualFree(heap, 0, MEM_RELEASE), "VirtualFree");
    return good ? 0 : 1;
}
