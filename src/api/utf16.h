/*
 * utf16.h: the functions that programs with a 16-bit WCHAR call.
 *
 * The public headers give them these symbol names (WINMEM_WIDE_SYMBOL), so that objects of both kinds
 * never mix silently.
 */
#ifndef WM_API_UTF16_H
#define WM_API_UTF16_H

#include <windows.h>
#include <ntifs.h>

WINBASEAPI HANDLE WINAPI CreateFileMappingW_utf16(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                                  DWORD flProtect, DWORD dwMaximumSizeHigh,
                                                  DWORD dwMaximumSizeLow, const uint16_t *lpName);
WINBASEAPI HANDLE WINAPI CreateFileMappingNumaW_utf16(HANDLE hFile,
                                                      LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                                      DWORD flProtect, DWORD dwMaximumSizeHigh,
                                                      DWORD dwMaximumSizeLow, const uint16_t *lpName,
                                                      DWORD nndPreferred);
WINBASEAPI HANDLE WINAPI CreateFileMappingFromApp_utf16(HANDLE hFile, PSECURITY_ATTRIBUTES SecurityAttributes,
                                                        ULONG PageProtection, ULONG64 MaximumSize,
                                                        const uint16_t *Name);
WINBASEAPI HANDLE WINAPI CreateFileMapping2_utf16(HANDLE File, SECURITY_ATTRIBUTES *SecurityAttributes,
                                                  ULONG DesiredAccess, ULONG PageProtection,
                                                  ULONG AllocationAttributes, ULONG64 MaximumSize,
                                                  const uint16_t *Name,
                                                  MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                                  ULONG ParameterCount);
WINBASEAPI HANDLE WINAPI OpenFileMappingW_utf16(DWORD dwDesiredAccess, BOOL bInheritHandle,
                                                const uint16_t *lpName);
WINBASEAPI HANDLE WINAPI OpenFileMappingFromApp_utf16(ULONG DesiredAccess, BOOL InheritHandle,
                                                      const uint16_t *Name);
WINBASEAPI DWORD WINAPI FormatMessageW_utf16(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                                             DWORD dwLanguageId, uint16_t *lpBuffer, DWORD nSize,
                                             va_list *Arguments);
WINBASEAPI HMODULE WINAPI GetModuleHandleW_utf16(const uint16_t *lpModuleName);
WINBASEAPI BOOL WINAPI GetModuleHandleExW_utf16(DWORD dwFlags, const uint16_t *lpModuleName,
                                                HMODULE *phModule);
WINMEM_PUBLIC NTSTATUS NTAPI NtCreateSection_utf16(PHANDLE SectionHandle, ACCESS_MASK DesiredAccess,
                                                   POBJECT_ATTRIBUTES ObjectAttributes,
                                                   PLARGE_INTEGER MaximumSize, ULONG SectionPageProtection,
                                                   ULONG AllocationAttributes, HANDLE FileHandle);
WINMEM_PUBLIC NTSTATUS NTAPI NtQueryVirtualMemory_utf16(HANDLE ProcessHandle, PVOID BaseAddress,
                                                        MEMORY_INFORMATION_CLASS MemoryInformationClass,
                                                        PVOID MemoryInformation,
                                                        SIZE_T MemoryInformationLength, PSIZE_T ReturnLength);
WINBASEAPI BOOL WINAPI IsBadStringPtrW_utf16(const uint16_t *lpsz, UINT_PTR ucchMax);
WINBASEAPI DWORD WINAPI K32GetMappedFileNameW_utf16(HANDLE hProcess, LPVOID lpv, uint16_t *lpFilename,
                                                    DWORD nSize);
WINBASEAPI DWORD WINAPI GetMappedFileNameW_utf16(HANDLE hProcess, LPVOID lpv, uint16_t *lpFilename,
                                                 DWORD nSize);
WINBASEAPI HMODULE WINAPI LoadLibraryW_utf16(const uint16_t *lpLibFileName);
WINBASEAPI HMODULE WINAPI LoadLibraryExW_utf16(const uint16_t *lpLibFileName, HANDLE hFile, DWORD dwFlags);
WINBASEAPI FARPROC WINAPI GetProcAddress_utf16(HMODULE hModule, LPCSTR lpProcName);

#endif
