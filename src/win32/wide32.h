/* wide32.h: the functions of this library that programs with a 16-bit WCHAR call (api/utf16.h). */
#ifndef WM_WIN32_WIDE32_H
#define WM_WIN32_WIDE32_H

#include <ntifs.h>
#include <windows.h>

WINBASEAPI HANDLE WINAPI CreateFileW_utf16(const uint16_t *lpFileName, DWORD dwDesiredAccess,
                                           DWORD dwShareMode, LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                           DWORD dwCreationDisposition, DWORD dwFlagsAndAttributes,
                                           HANDLE hTemplateFile);
WINBASEAPI HANDLE WINAPI CreateFile2_utf16(const uint16_t *lpFileName, DWORD dwDesiredAccess,
                                           DWORD dwShareMode, DWORD dwCreationDisposition,
                                           LPCREATEFILE2_EXTENDED_PARAMETERS pCreateExParams);
WINBASEAPI BOOL WINAPI DeleteFileW_utf16(const uint16_t *lpFileName);
WINBASEAPI BOOL WINAPI CreateProcessW_utf16(const uint16_t *lpApplicationName, uint16_t *lpCommandLine,
                                            LPSECURITY_ATTRIBUTES lpProcessAttributes,
                                            LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles,
                                            DWORD dwCreationFlags, LPVOID lpEnvironment,
                                            const uint16_t *lpCurrentDirectory, LPSTARTUPINFOW lpStartupInfo,
                                            LPPROCESS_INFORMATION lpProcessInformation);

WINBASEAPI DWORD WINAPI GetModuleBaseNameW_utf16(HANDLE hProcess, HMODULE hModule, uint16_t *lpBaseName,
                                                 DWORD nSize);
WINBASEAPI DWORD WINAPI GetModuleFileNameExW_utf16(HANDLE hProcess, HMODULE hModule, uint16_t *lpFilename,
                                                   DWORD nSize);
WINBASEAPI DWORD WINAPI K32GetModuleBaseNameW_utf16(HANDLE hProcess, HMODULE hModule, uint16_t *lpBaseName,
                                                    DWORD nSize);
WINBASEAPI DWORD WINAPI K32GetModuleFileNameExW_utf16(HANDLE hProcess, HMODULE hModule, uint16_t *lpFilename,
                                                      DWORD nSize);
WINBASEAPI BOOL WINAPI Process32FirstW_utf16(HANDLE hSnapshot, void *entry);
WINBASEAPI BOOL WINAPI Process32NextW_utf16(HANDLE hSnapshot, void *entry);
WINBASEAPI BOOL WINAPI Module32FirstW_utf16(HANDLE hSnapshot, void *entry);
WINBASEAPI BOOL WINAPI Module32NextW_utf16(HANDLE hSnapshot, void *entry);
WINBASEAPI DWORD WINAPI GetFileAttributesW_utf16(const uint16_t *lpFileName);
WINBASEAPI BOOL WINAPI GetFileAttributesExW_utf16(const uint16_t *lpFileName,
                                                  GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                                  LPVOID lpFileInformation);
WINBASEAPI BOOL WINAPI SetFileAttributesW_utf16(const uint16_t *lpFileName, DWORD dwFileAttributes);
WINBASEAPI BOOL WINAPI CreateDirectoryW_utf16(const uint16_t *lpPathName,
                                              LPSECURITY_ATTRIBUTES lpSecurityAttributes);
WINBASEAPI BOOL WINAPI RemoveDirectoryW_utf16(const uint16_t *lpPathName);
WINBASEAPI DWORD WINAPI GetFullPathNameW_utf16(const uint16_t *lpFileName, DWORD nBufferLength,
                                               uint16_t *lpBuffer, uint16_t **lpFilePart);
WINBASEAPI DWORD WINAPI GetFinalPathNameByHandleW_utf16(HANDLE hFile, uint16_t *lpszFilePath,
                                                        DWORD cchFilePath, DWORD dwFlags);
WINBASEAPI DWORD WINAPI GetTempPathW_utf16(DWORD nBufferLength, uint16_t *lpBuffer);
WINBASEAPI DWORD WINAPI GetTempPath2W_utf16(DWORD BufferLength, uint16_t *Buffer);
WINBASEAPI UINT WINAPI GetTempFileNameW_utf16(const uint16_t *lpPathName, const uint16_t *lpPrefixString,
                                              UINT uUnique, uint16_t *lpTempFileName);
WINBASEAPI BOOL WINAPI MoveFileW_utf16(const uint16_t *lpExistingFileName, const uint16_t *lpNewFileName);
WINBASEAPI BOOL WINAPI MoveFileExW_utf16(const uint16_t *lpExistingFileName, const uint16_t *lpNewFileName,
                                         DWORD dwFlags);
WINBASEAPI DWORD WINAPI GetCurrentDirectoryW_utf16(DWORD nBufferLength, uint16_t *lpBuffer);
WINBASEAPI BOOL WINAPI SetCurrentDirectoryW_utf16(const uint16_t *lpPathName);
WINBASEAPI HANDLE WINAPI CreateEventW_utf16(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                                            BOOL bInitialState, const uint16_t *lpName);
WINBASEAPI HANDLE WINAPI CreateEventExW_utf16(LPSECURITY_ATTRIBUTES lpEventAttributes, const uint16_t *lpName,
                                              DWORD dwFlags, DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI OpenEventW_utf16(DWORD dwDesiredAccess, BOOL bInheritHandle, const uint16_t *lpName);
WINBASEAPI HANDLE WINAPI CreateMutexW_utf16(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
                                            const uint16_t *lpName);
WINBASEAPI HANDLE WINAPI CreateMutexExW_utf16(LPSECURITY_ATTRIBUTES lpMutexAttributes, const uint16_t *lpName,
                                              DWORD dwFlags, DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI OpenMutexW_utf16(DWORD dwDesiredAccess, BOOL bInheritHandle, const uint16_t *lpName);
WINBASEAPI HANDLE WINAPI CreateSemaphoreW_utf16(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                                                LONG lInitialCount, LONG lMaximumCount,
                                                const uint16_t *lpName);
WINBASEAPI HANDLE WINAPI CreateSemaphoreExW_utf16(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes,
                                                  LONG lInitialCount, LONG lMaximumCount,
                                                  const uint16_t *lpName, DWORD dwFlags,
                                                  DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI OpenSemaphoreW_utf16(DWORD dwDesiredAccess, BOOL bInheritHandle,
                                              const uint16_t *lpName);
WINBASEAPI BOOL WINAPI LookupPrivilegeValueW_utf16(const uint16_t *lpSystemName, const uint16_t *lpName,
                                                   PLUID lpLuid);
WINBASEAPI BOOL WINAPI LookupPrivilegeNameW_utf16(const uint16_t *lpSystemName, PLUID lpLuid,
                                                  uint16_t *lpName, LPDWORD cchName);
WINBASEAPI BOOL WINAPI GetVersionExW_utf16(void *lpVersionInformation);
NTSYSAPI NTSTATUS NTAPI RtlGetVersion_utf16(void *lpVersionInformation);
WINBASEAPI BOOL WINAPI VerifyVersionInfoW_utf16(void *lpVersionInformation, DWORD dwTypeMask,
                                                DWORDLONG dwlConditionMask);

WINBASEAPI int WINAPI MultiByteToWideChar_utf16(UINT CodePage, DWORD dwFlags, LPCSTR lpMultiByteStr,
                                                int cbMultiByte, uint16_t *lpWideCharStr, int cchWideChar);
WINBASEAPI int WINAPI WideCharToMultiByte_utf16(UINT CodePage, DWORD dwFlags, const uint16_t *lpWideCharStr,
                                                int cchWideChar, LPSTR lpMultiByteStr, int cbMultiByte,
                                                LPCCH lpDefaultChar, LPBOOL lpUsedDefaultChar);
WINBASEAPI DWORD WINAPI GetEnvironmentVariableW_utf16(const uint16_t *lpName, uint16_t *lpBuffer,
                                                      DWORD nSize);
WINBASEAPI BOOL WINAPI SetEnvironmentVariableW_utf16(const uint16_t *lpName, const uint16_t *lpValue);
WINBASEAPI uint16_t *WINAPI GetEnvironmentStringsW_utf16(VOID);
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsW_utf16(uint16_t *penv);
WINBASEAPI DWORD WINAPI ExpandEnvironmentStringsW_utf16(const uint16_t *lpSrc, uint16_t *lpDst, DWORD nSize);
WINBASEAPI uint16_t *WINAPI GetCommandLineW_utf16(VOID);
WINBASEAPI BOOL WINAPI GetComputerNameW_utf16(uint16_t *lpBuffer, LPDWORD nSize);
WINBASEAPI DWORD WINAPI GetModuleFileNameW_utf16(HMODULE hModule, uint16_t *lpFilename, DWORD nSize);
WINBASEAPI BOOL WINAPI WriteConsoleW_utf16(HANDLE hConsoleOutput, const VOID *lpBuffer,
                                           DWORD nNumberOfCharsToWrite, LPDWORD lpNumberOfCharsWritten,
                                           LPVOID lpReserved);
WINBASEAPI int WINAPI MessageBoxW_utf16(HWND hWnd, const uint16_t *lpText, const uint16_t *lpCaption,
                                        UINT uType);
WINBASEAPI VOID WINAPI OutputDebugStringW_utf16(const uint16_t *lpOutputString);

WINBASEAPI int WINAPI lstrlenW_utf16(const uint16_t *lpString);
WINBASEAPI uint16_t *WINAPI lstrcpyW_utf16(uint16_t *lpString1, const uint16_t *lpString2);
WINBASEAPI uint16_t *WINAPI lstrcpynW_utf16(uint16_t *lpString1, const uint16_t *lpString2, int iMaxLength);
WINBASEAPI uint16_t *WINAPI lstrcatW_utf16(uint16_t *lpString1, const uint16_t *lpString2);
WINBASEAPI int WINAPI lstrcmpW_utf16(const uint16_t *lpString1, const uint16_t *lpString2);
WINBASEAPI int WINAPI lstrcmpiW_utf16(const uint16_t *lpString1, const uint16_t *lpString2);

WINBASEAPI int WINAPIV wsprintfA_utf16(LPSTR out, LPCSTR format, ...);
WINBASEAPI int WINAPIV wsprintfW_utf16(uint16_t *out, const uint16_t *format, ...);
WINBASEAPI int WINAPI wvsprintfA_utf16(LPSTR out, LPCSTR format, va_list arglist);
WINBASEAPI int WINAPI wvsprintfW_utf16(uint16_t *out, const uint16_t *format, va_list arglist);

/* Of the C run time. */
WINMEM_PUBLIC int _wcsicmp_utf16(const uint16_t *first, const uint16_t *second);
WINMEM_PUBLIC int _wcsnicmp_utf16(const uint16_t *first, const uint16_t *second, size_t count);
WINMEM_PUBLIC uint16_t *_wcsdup_utf16(const uint16_t *text);
WINMEM_PUBLIC errno_t wcscpy_s_utf16(uint16_t *to, rsize_t size, const uint16_t *from);
WINMEM_PUBLIC errno_t wcscat_s_utf16(uint16_t *to, rsize_t size, const uint16_t *from);
WINMEM_PUBLIC uint16_t *_wgetenv_utf16(const uint16_t *name);
WINMEM_PUBLIC errno_t _wsopen_s_utf16(int *fd, const uint16_t *name, int flags, int share, int mode);
WINMEM_PUBLIC struct _IO_FILE *_wfopen_utf16(const uint16_t *name, const uint16_t *mode);

WINBASEAPI HRESULT WINAPI SetThreadDescription_utf16(HANDLE hThread, const uint16_t *lpThreadDescription);
WINBASEAPI HRESULT WINAPI GetThreadDescription_utf16(HANDLE hThread, uint16_t **ppszThreadDescription);

#endif
