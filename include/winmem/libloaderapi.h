/*
 * libloaderapi.h: finding functions by name, which is how portable programs reach the newer memory functions.
 *
 * kernel32.dll, kernelbase.dll, ntdll.dll, psapi.dll, advapi32.dll, bcrypt.dll, user32.dll, shlwapi.dll, msvcrt.dll,
 * ucrtbase.dll and all names that begin with api-ms-win-core- stand for this library, with or without ".dll", in any case of
 * letters. Any other name is the file name or path of a Linux shared object.
 */
#ifndef WINMEM_LIBLOADERAPI_H
#define WINMEM_LIBLOADERAPI_H

#include "minwinbase.h"

#define GET_MODULE_HANDLE_EX_FLAG_PIN 0x1
#define GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT 0x2
#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS 0x4

#define DONT_RESOLVE_DLL_REFERENCES 0x00000001
#define LOAD_LIBRARY_AS_DATAFILE 0x00000002
#define LOAD_WITH_ALTERED_SEARCH_PATH 0x00000008
#define LOAD_IGNORE_CODE_AUTHZ_LEVEL 0x00000010
#define LOAD_LIBRARY_AS_IMAGE_RESOURCE 0x00000020
#define LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE 0x00000040
#define LOAD_LIBRARY_REQUIRE_SIGNED_TARGET 0x00000080
#define LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR 0x00000100
#define LOAD_LIBRARY_SEARCH_APPLICATION_DIR 0x00000200
#define LOAD_LIBRARY_SEARCH_USER_DIRS 0x00000400
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x00000800
#define LOAD_LIBRARY_SEARCH_DEFAULT_DIRS 0x00001000
#define LOAD_LIBRARY_SAFE_CURRENT_DIRS 0x00002000

WINMEM_C_BEGIN

/*
 * GetModuleHandleA, GetModuleHandleW: the handle of a module that is loaded.
 *
 * lpModuleName  its name; NULL means the program
 *
 * Returns the handle, which needs no FreeLibrary; NULL on failure.
 * Errors        ERROR_MOD_NOT_FOUND       no such module is loaded
 * On Linux      the A form takes UTF-8. A handle is the address where the module lies, what VirtualQuery answers as
 *               AllocationBase for an address in it
 * Source        learn.microsoft.com, libloaderapi.h
 */
WINBASEAPI HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName);
WINBASEAPI HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName) WINMEM_WIDE_SYMBOL("GetModuleHandleW");

/*
 * GetModuleHandleExA, GetModuleHandleExW: the same, also by address, and counted.
 *
 * dwFlags       GET_MODULE_HANDLE_EX_FLAG_ values. FROM_ADDRESS: the name is any address in the module.
 *               UNCHANGED_REFCOUNT: no FreeLibrary is owed. PIN: stays loaded; not with UNCHANGED_REFCOUNT
 * lpModuleName  name or address; NULL means the program
 * phModule      out: the handle; NULL on failure
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_MOD_NOT_FOUND       no such module is loaded; no module has this address
 *               ERROR_INVALID_PARAMETER   unknown or contradicting flags; phModule is NULL
 * On Linux      as for GetModuleHandle
 * Source        learn.microsoft.com, libloaderapi.h
 */
WINBASEAPI BOOL WINAPI GetModuleHandleExA(DWORD dwFlags, LPCSTR lpModuleName, HMODULE *phModule);
WINBASEAPI BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule)
    WINMEM_WIDE_SYMBOL("GetModuleHandleExW");

/*
 * LoadLibraryA, LoadLibraryW: loads a module, or counts one use more when it is loaded.
 *
 * lpLibFileName its name or path
 *
 * Returns the handle, to be given to FreeLibrary; NULL on failure.
 * Errors        ERROR_MOD_NOT_FOUND       no such file; not a shared object of this machine; one it needs is missing
 * On Linux      loads shared objects, with the search order of dlopen, and no Windows DLLs. The A form takes UTF-8.
 *               There is no DllMain
 * Source        learn.microsoft.com, libloaderapi.h
 */
WINBASEAPI HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName);
WINBASEAPI HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName) WINMEM_WIDE_SYMBOL("LoadLibraryW");

/*
 * LoadLibraryExA, LoadLibraryExW: the same, and where to look for it.
 *
 * lpLibFileName its name or path
 * hFile         NULL
 * dwFlags       LOAD_LIBRARY_SEARCH_ values, or LOAD_WITH_ALTERED_SEARCH_PATH, which excludes them; LOAD_LIBRARY_SAFE_CURRENT_DIRS,
 *               LOAD_IGNORE_CODE_AUTHZ_LEVEL
 *
 * Returns the handle, to be given to FreeLibrary; NULL on failure.
 * Errors        ERROR_MOD_NOT_FOUND       as for LoadLibrary
 *               ERROR_INVALID_PARAMETER   hFile is not NULL; unknown or contradicting flags; LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR
 *                                         and not a whole path
 *               ERROR_NOT_SUPPORTED       the flags ask for a module as data (the AS_ values), without what it needs
 *                                         (DONT_RESOLVE_DLL_REFERENCES), or signed
 * On Linux      the flags change nothing: dlopen has one search order, in which the current directory is not
 * Source        learn.microsoft.com, libloaderapi.h
 */
WINBASEAPI HMODULE WINAPI LoadLibraryExA(LPCSTR lpLibFileName, HANDLE hFile, DWORD dwFlags);
WINBASEAPI HMODULE WINAPI LoadLibraryExW(LPCWSTR lpLibFileName, HANDLE hFile, DWORD dwFlags)
    WINMEM_WIDE_SYMBOL("LoadLibraryExW");

/*
 * FreeLibrary: takes one use back; the module may go with the last.
 *
 * hLibModule    from LoadLibrary or GetModuleHandleEx
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_MOD_NOT_FOUND       not the handle of a loaded module
 * On Linux      this library and the program itself stay
 * Source        learn.microsoft.com, libloaderapi.h
 */
WINBASEAPI BOOL WINAPI FreeLibrary(HMODULE hLibModule);

/*
 * GetProcAddress: the address of a function or variable of a module.
 *
 * hModule       the module; NULL means the program
 * lpProcName    its name, in the case it was defined with
 *
 * Returns the address, to be cast to the right type; NULL on failure.
 * Errors        ERROR_PROC_NOT_FOUND      the module has no such name. In kernel32.dll and its like: Windows has it,
 *                                         this library has not
 *               ERROR_INVALID_ORDINAL     a number (MAKEINTRESOURCE) instead of a name
 *               ERROR_MOD_NOT_FOUND       not the handle of a loaded module
 * On Linux      symbols have no numbers. In a program with 16-bit WCHAR the name of a W function gives the one that
 *               takes 16-bit strings
 * Source        learn.microsoft.com, libloaderapi.h
 */
WINBASEAPI FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
    WINMEM_WIDE_SYMBOL("GetProcAddress");

/*
 * GetModuleFileNameA, GetModuleFileNameW: the file that a module was loaded from. Functions of libwinmem-win32.
 *
 * hModule       the module; NULL means the program
 * lpFilename    out: the file, from the root on
 * nSize         its room in characters
 *
 * Returns the length without the terminator; nSize if it does not fit: then it is cut off, and the last error is set; 0 on
 * failure.
 * Errors        ERROR_INSUFFICIENT_BUFFER it does not fit
 *               ERROR_MOD_NOT_FOUND       not the handle of a loaded module
 *               ERROR_NOACCESS            lpFilename cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES /proc cannot be read
 * On Linux      a path of Linux, as the kernel has it for what is mapped. kernel32.dll and its like are libwinmem, or the
 *               program that it is linked into
 * Source        learn.microsoft.com, libloaderapi.h
 */
WINBASEAPI DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize);
WINBASEAPI DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
    WINMEM_WIDE_SYMBOL("GetModuleFileNameW");

WINMEM_C_END

#ifdef UNICODE
#define GetModuleFileName GetModuleFileNameW
#define GetModuleHandle GetModuleHandleW
#define GetModuleHandleEx GetModuleHandleExW
#define LoadLibrary LoadLibraryW
#define LoadLibraryEx LoadLibraryExW
#else
#define GetModuleFileName GetModuleFileNameA
#define GetModuleHandle GetModuleHandleA
#define GetModuleHandleEx GetModuleHandleExA
#define LoadLibrary LoadLibraryA
#define LoadLibraryEx LoadLibraryExA
#endif

#endif /* WINMEM_LIBLOADERAPI_H */
