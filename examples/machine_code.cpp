// Machine code that is never writable and executable at once: it is written to PAGE_READWRITE memory, which then
// becomes PAGE_EXECUTE_READ. To change it, it becomes writable again for that long.
//
//   g++ $(pkg-config --cflags winmem) machine_code.cpp $(pkg-config --libs winmem)

#include <windows.h>
#include <winmem.h>

#include <stdio.h>
#include <string.h>

typedef unsigned (*Function)(unsigned);

// Code of one function, in a page of its own.
struct Code {
    unsigned char *page;
    SIZE_T page_size;
};

static bool failed(const char *step)
{
    printf("%s: error %u (%s)\n", step, (unsigned)GetLastError(), WinmemLastCause());
    return false;
}

// The instructions for x * factor + summand; how many bytes they take. Programs of this library call functions as
// Linux does, whatever _WIN32 says: the argument is in edi, or w0.
static size_t assemble(unsigned char *to, unsigned short factor, unsigned short summand)
{
#if defined __x86_64__
    // clang-format off
    const unsigned char code[] = {
        0x69, 0xc7, (unsigned char)factor, (unsigned char)(factor >> 8), 0, 0,  // imul eax, edi, factor
        0x05, (unsigned char)summand, (unsigned char)(summand >> 8), 0, 0,      // add eax, summand
        0xc3,                                                                   // ret
    };
    // clang-format on
#elif defined __aarch64__
    const unsigned code[] = {
        0x52800001u | (unsigned)factor << 5,  // mov w1, factor
        0x1b017c00u,                          // mul w0, w0, w1
        0x52800001u | (unsigned)summand << 5, // mov w1, summand
        0x0b010000u,                          // add w0, w0, w1
        0xd65f03c0u,                          // ret
    };
#else
#error "this example knows x86-64 and aarch64"
#endif
    memcpy(to, code, sizeof code);
    return sizeof code;
}

// Writes the function anew. From VirtualProtect to VirtualProtect nobody may call it.
static bool compile(const Code &code, unsigned short factor, unsigned short summand)
{
    DWORD before;

    if (!VirtualProtect(code.page, code.page_size, PAGE_READWRITE, &before))
        return failed("VirtualProtect");
    const size_t bytes = assemble(code.page, factor, summand);
    if (!VirtualProtect(code.page, code.page_size, PAGE_EXECUTE_READ, &before))
        return failed("VirtualProtect"); // ERROR_DYNAMIC_CODE_BLOCKED: SELinux or PR_SET_MDWE forbids it
    return FlushInstructionCache(GetCurrentProcess(), code.page, bytes) || failed("FlushInstructionCache");
}

static unsigned call(const Code &code, unsigned x)
{
    Function function;

    memcpy(&function, &code.page, sizeof function); // C++ has no cast from data to functions
    return function(x);
}

// What the page can do now: executed, and not written.
static bool is_sealed(const Code &code)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQuery(code.page, &info, sizeof info) != 0 && info.Protect == PAGE_EXECUTE_READ;
}

static bool use(const Code &code)
{
    if (!compile(code, 3, 4))
        return false;
    const unsigned first = call(code, 5);
    if (!compile(code, 1000, 1))
        return false;
    const unsigned second = call(code, 5);
    printf("5 * 3 + 4 = %u, 5 * 1000 + 1 = %u, %s\n", first, second,
           is_sealed(code) ? "executable and not writable" : "not as expected");
    return first == 19 && second == 5001 && is_sealed(code);
}

int main()
{
    SYSTEM_INFO system;
    Code code;

    GetSystemInfo(&system);
    code.page_size = system.dwPageSize;
    code.page = static_cast<unsigned char *>(
        VirtualAlloc(nullptr, code.page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    if (!code.page)
        return failed("VirtualAlloc"), 1;
    bool good = use(code);
    return VirtualFree(code.page, 0, MEM_RELEASE) && good ? 0 : 1;
}
