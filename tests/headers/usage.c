/*
 * usage.c: Windows code of the kinds that programs have, to be compiled without a warning. Included by usage.cpp.
 */
#include <windows.h>
#include <stdio.h>
#include <tchar.h>

int find_page_size(_Out_ DWORD *granularity);
int print_memory_at(_In_opt_ LPCVOID address);
PVOID reserve_aligned_below(_In_ PVOID highest, _In_ SIZE_T alignment, SIZE_T bytes);
PVOID allocate_if_windows_is_new(SIZE_T bytes);
HANDLE make_section(IN ULONGLONG bytes, IN LPCTSTR name OPTIONAL);
BOOL __stdcall own_module(OUT HMODULE *module);
LONG CALLBACK on_fault(struct _EXCEPTION_POINTERS *pointers);
__declspec(dllexport) unsigned __int64 bytes_of(const LARGE_INTEGER *large);
DWORD tell_error(DWORD code, LPTSTR buffer, DWORD size, ...);

static __declspec(thread) DWORD last_page_size;

static __forceinline BOOL is_code(DWORD protect)
{
    return (protect & (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY)) !=
           0;
}

int find_page_size(DWORD *granularity)
{
    SYSTEM_INFO info;

    ZeroMemory(&info, sizeof(info));
    GetSystemInfo(&info);
    if (info.wProcessorArchitecture != PROCESSOR_ARCHITECTURE_AMD64)
        return -1;
    *granularity = info.dwAllocationGranularity;
    last_page_size = info.dwPageSize;
    return (int)info.dwPageSize;
}

int print_memory_at(LPCVOID address)
{
    MEMORY_BASIC_INFORMATION mbi;

    if (VirtualQuery(address, &mbi, sizeof(mbi)) != sizeof(mbi)) {
        fprintf(stderr, "VirtualQuery failed, error %#x (%u)\n", GetLastError(), GetLastError());
        return FALSE;
    }
    printf("%p: %zu bytes, state %#x, protection %#x%s\n", mbi.BaseAddress, mbi.RegionSize, mbi.State,
           mbi.Protect, is_code(mbi.Protect) ? ", code" : "");
    return TRUE;
}

PVOID reserve_aligned_below(PVOID highest, SIZE_T alignment, SIZE_T bytes)
{
    MEM_ADDRESS_REQUIREMENTS requirements;
    MEM_EXTENDED_PARAMETER parameters[2];

    memset(&requirements, 0, sizeof(requirements));
    memset(parameters, 0, sizeof(parameters));
    requirements.Alignment = alignment;
    requirements.HighestEndingAddress = highest;
    parameters[0].Type = MemExtendedParameterAddressRequirements;
    parameters[0].Pointer = &requirements;
    parameters[1].Type = MemExtendedParameterNumaNode;
    parameters[1].ULong = 0;
    return VirtualAlloc2(NULL, NULL, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, parameters, 2);
}

typedef PVOID(WINAPI *alloc2_function)(HANDLE, PVOID, SIZE_T, ULONG, ULONG, MEM_EXTENDED_PARAMETER *, ULONG);

PVOID allocate_if_windows_is_new(SIZE_T bytes)
{
    HMODULE kernel = GetModuleHandle(TEXT("kernelbase.dll"));
    alloc2_function alloc2;

    if (kernel == NULL)
        kernel = LoadLibrary(_T("kernelbase.dll"));
    alloc2 = (alloc2_function)(void (*)(void))GetProcAddress(kernel, "VirtualAlloc2");
    if (alloc2 == NULL)
        return VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_TOP_DOWN, PAGE_NOACCESS);
    return alloc2(GetCurrentProcess(), NULL, bytes, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS,
                  NULL, 0);
}

HANDLE make_section(ULONGLONG bytes, LPCTSTR name)
{
    LARGE_INTEGER size;
    HANDLE section;

    size.QuadPart = (LONGLONG)bytes;
    section = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT, (DWORD)size.HighPart,
                                size.u.LowPart, name);
    if (section == NULL && GetLastError() == ERROR_COMMITMENT_LIMIT)
        SetLastError(ERROR_OUTOFMEMORY);
    return section;
}

BOOL __stdcall own_module(HMODULE *module)
{
    static const char here = 0;

    return GetModuleHandleEx(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                 GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                             (LPCTSTR)(const void *)&here, module);
}

LONG CALLBACK on_fault(struct _EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;

    if ((NTSTATUS)record->ExceptionCode != (NTSTATUS)EXCEPTION_ACCESS_VIOLATION ||
        record->NumberParameters < 2)
        return EXCEPTION_CONTINUE_SEARCH;
    YieldProcessor();
    MemoryBarrier();
    return record->ExceptionInformation[0] == EXCEPTION_WRITE_FAULT ? EXCEPTION_CONTINUE_EXECUTION
                                                                    : EXCEPTION_CONTINUE_SEARCH;
}

unsigned __int64 bytes_of(const LARGE_INTEGER *large)
{
    UNREFERENCED_PARAMETER(last_page_size);
    return (unsigned __int64)large->HighPart << 32 | large->LowPart;
}

DWORD tell_error(DWORD code, LPTSTR buffer, DWORD size, ...)
{
    LPTSTR text = NULL;
    DWORD length =
        FormatMessage(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
                          FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK,
                      NULL, code, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPTSTR)&text, 0, NULL);
    va_list arguments;

    if (length != 0)
        LocalFree(text);
    va_start(arguments, size);
    length = FormatMessage(FORMAT_MESSAGE_FROM_STRING, TEXT("%1 failed"), 0, 0, buffer, size, &arguments);
    va_end(arguments);
    return length;
}

int _tmain(void)
{
    SIZE_T bytes = 65536;
    ULONG_PTR *same_type = &bytes;
    HMODULE module;
    LPVOID p = VirtualAllocEx(GetCurrentProcess(), NULL, *same_type, MEM_COMMIT, PAGE_READWRITE);
    WCHAR name[MAX_PATH] = {0};

    if (p == NULL || !own_module(&module) || !VirtualFree(p, 0, MEM_RELEASE))
        return 1;
    return GetModuleHandleW(name) == module;
}
