/* stdlib.cpp: windows.h between headers of the C++ library, which min, max, __in and the like would break. */
#include <algorithm>
#include <limits>
#include <string>

#include <windows.h>

#include <memory>
#include <vector>

struct release_memory {
    void operator()(void *p) const
    {
        VirtualFree(p, 0, MEM_RELEASE);
    }
};

std::size_t smaller(SIZE_T a, SIZE_T b);

std::size_t smaller(SIZE_T a, SIZE_T b)
{
    std::unique_ptr<void, release_memory> p(
        VirtualAlloc(nullptr, a, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    std::vector<MEMORY_BASIC_INFORMATION> regions(1);

    return std::max<std::size_t>(regions.size(), std::min(a, b)) + (std::numeric_limits<DWORD>::max)();
}
