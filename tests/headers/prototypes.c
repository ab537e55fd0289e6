/*
 * prototypes.c: every declared function once more, with the types of its documentation. A declaration that differs
 * does not compile. Included by prototypes.cpp.
 */
#include <windows.h>
#include <psapi.h>
#include <winmem.h>

#ifdef __cplusplus
extern "C" {
#endif

LPVOID VirtualAlloc(LPVOID, SIZE_T, DWORD, DWORD);
LPVOID VirtualAllocEx(HANDLE, LPVOID, SIZE_T, DWORD, DWORD);
LPVOID VirtualAllocExNuma(HANDLE, LPVOID, SIZE_T, DWORD, DWORD, DWORD);
PVOID VirtualAllocFromApp(PVOID, SIZE_T, ULONG, ULONG);
PVOID VirtualAlloc2(HANDLE, PVOID, SIZE_T, ULONG, ULONG, MEM_EXTENDED_PARAMETER *, ULONG);
PVOID VirtualAlloc2FromApp(HANDLE, PVOID, SIZE_T, ULONG, ULONG, MEM_EXTENDED_PARAMETER *, ULONG);
BOOL VirtualFree(LPVOID, SIZE_T, DWORD);
BOOL VirtualFreeEx(HANDLE, LPVOID, SIZE_T, DWORD);
BOOL VirtualProtect(LPVOID, SIZE_T, DWORD, PDWORD);
BOOL VirtualProtectEx(HANDLE, LPVOID, SIZE_T, DWORD, PDWORD);
BOOL VirtualProtectFromApp(PVOID, SIZE_T, ULONG, PULONG);
SIZE_T VirtualQuery(LPCVOID, PMEMORY_BASIC_INFORMATION, SIZE_T);
SIZE_T VirtualQueryEx(HANDLE, LPCVOID, PMEMORY_BASIC_INFORMATION, SIZE_T);
BOOL QueryVirtualMemoryInformation(HANDLE, const VOID *, WIN32_MEMORY_INFORMATION_CLASS, PVOID, SIZE_T,
                                   PSIZE_T);

HANDLE CreateMemoryResourceNotification(MEMORY_RESOURCE_NOTIFICATION_TYPE);
BOOL QueryMemoryResourceNotification(HANDLE, PBOOL);
BOOL GetProcessWorkingSetSize(HANDLE, PSIZE_T, PSIZE_T);
BOOL GetProcessWorkingSetSizeEx(HANDLE, PSIZE_T, PSIZE_T, PDWORD);
BOOL SetProcessWorkingSetSize(HANDLE, SIZE_T, SIZE_T);
BOOL SetProcessWorkingSetSizeEx(HANDLE, SIZE_T, SIZE_T, DWORD);
BOOL K32EmptyWorkingSet(HANDLE);
BOOL K32GetProcessMemoryInfo(HANDLE, PPROCESS_MEMORY_COUNTERS, DWORD);
BOOL AllocateUserPhysicalPages(HANDLE, PULONG_PTR, PULONG_PTR);
BOOL AllocateUserPhysicalPagesNuma(HANDLE, PULONG_PTR, PULONG_PTR, DWORD);
BOOL AllocateUserPhysicalPages2(HANDLE, PULONG_PTR, PULONG_PTR, PMEM_EXTENDED_PARAMETER, ULONG);
BOOL FreeUserPhysicalPages(HANDLE, PULONG_PTR, PULONG_PTR);
BOOL MapUserPhysicalPages(PVOID, ULONG_PTR, PULONG_PTR);
BOOL MapUserPhysicalPagesScatter(PVOID *, ULONG_PTR, PULONG_PTR);

HANDLE CreateFileMappingA(HANDLE, LPSECURITY_ATTRIBUTES, DWORD, DWORD, DWORD, LPCSTR);
HANDLE CreateFileMappingW(HANDLE, LPSECURITY_ATTRIBUTES, DWORD, DWORD, DWORD, LPCWSTR);
LPVOID MapViewOfFile(HANDLE, DWORD, DWORD, DWORD, SIZE_T);
LPVOID MapViewOfFileEx(HANDLE, DWORD, DWORD, DWORD, SIZE_T, LPVOID);
PVOID MapViewOfFile3(HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG, MEM_EXTENDED_PARAMETER *, ULONG);
PVOID MapViewOfFile3FromApp(HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG, MEM_EXTENDED_PARAMETER *,
                            ULONG);
BOOL UnmapViewOfFile(LPCVOID);
BOOL UnmapViewOfFileEx(PVOID, ULONG);
BOOL UnmapViewOfFile2(HANDLE, PVOID, ULONG);

VOID GetSystemInfo(LPSYSTEM_INFO);
VOID GetNativeSystemInfo(LPSYSTEM_INFO);
BOOL GlobalMemoryStatusEx(LPMEMORYSTATUSEX);
VOID GlobalMemoryStatus(LPMEMORYSTATUS);
BOOL GetPhysicallyInstalledSystemMemory(PULONGLONG);
BOOL GetNumaHighestNodeNumber(PULONG);
BOOL GetNumaNodeProcessorMask(UCHAR, PULONGLONG);
BOOL GetNumaNodeProcessorMaskEx(USHORT, PGROUP_AFFINITY);
BOOL GetNumaProcessorNode(UCHAR, PUCHAR);
BOOL GetNumaProcessorNodeEx(PPROCESSOR_NUMBER, PUSHORT);
BOOL GetNumaAvailableMemoryNode(UCHAR, PULONGLONG);
BOOL GetNumaAvailableMemoryNodeEx(USHORT, PULONGLONG);
DWORD GetLastError(void);
VOID SetLastError(DWORD);
DWORD FormatMessageA(DWORD, LPCVOID, DWORD, DWORD, LPSTR, DWORD, va_list *);
DWORD FormatMessageW(DWORD, LPCVOID, DWORD, DWORD, LPWSTR, DWORD, va_list *);
PVOID AddVectoredExceptionHandler(ULONG, PVECTORED_EXCEPTION_HANDLER);
ULONG RemoveVectoredExceptionHandler(PVOID);
PVOID AddVectoredContinueHandler(ULONG, PVECTORED_EXCEPTION_HANDLER);
ULONG RemoveVectoredContinueHandler(PVOID);
LPTOP_LEVEL_EXCEPTION_FILTER SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER);
VOID RaiseException(DWORD, DWORD, DWORD, const ULONG_PTR *);
HANDLE GetCurrentProcess(void);
DWORD GetCurrentProcessId(void);
HANDLE OpenProcess(DWORD, BOOL, DWORD);
DWORD GetProcessId(HANDLE);
BOOL GetExitCodeProcess(HANDLE, LPDWORD);
DWORD WaitForSingleObject(HANDLE, DWORD);
DWORD WaitForSingleObjectEx(HANDLE, DWORD, BOOL);
BOOL DuplicateHandle(HANDLE, HANDLE, HANDLE, LPHANDLE, DWORD, BOOL, DWORD);
BOOL CloseHandle(HANDLE);
BOOL FlushInstructionCache(HANDLE, LPCVOID, SIZE_T);

HMODULE GetModuleHandleA(LPCSTR);
HMODULE GetModuleHandleW(LPCWSTR);
BOOL GetModuleHandleExA(DWORD, LPCSTR, HMODULE *);
BOOL GetModuleHandleExW(DWORD, LPCWSTR, HMODULE *);
HMODULE LoadLibraryA(LPCSTR);
HMODULE LoadLibraryW(LPCWSTR);
BOOL FreeLibrary(HMODULE);
FARPROC GetProcAddress(HMODULE, LPCSTR);

const char *WinmemVersion(void);
const char *WinmemLastCause(void);
BOOL WinmemFeature(const char *);

#ifdef __cplusplus
}
#endif
