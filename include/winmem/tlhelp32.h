/*
 * tlhelp32.h: snapshots of processes, threads, modules and heaps.
 *
 * Source            learn.microsoft.com, tlhelp32.h
 */
#ifndef WINMEM_TLHELP32_H
#define WINMEM_TLHELP32_H

#include "windows.h"

#define MAX_MODULE_NAME32 255

#define TH32CS_SNAPHEAPLIST 0x00000001
#define TH32CS_SNAPPROCESS 0x00000002
#define TH32CS_SNAPTHREAD 0x00000004
#define TH32CS_SNAPMODULE 0x00000008
#define TH32CS_SNAPMODULE32 0x00000010
#define TH32CS_SNAPALL (TH32CS_SNAPHEAPLIST | TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD | TH32CS_SNAPMODULE)
#define TH32CS_INHERIT 0x80000000

#define HF32_DEFAULT 1
#define HF32_SHARED 2

/* th32ParentProcessID is 0 for a process without one; what is not named in a comment is 0. */
typedef struct tagPROCESSENTRY32 {
    DWORD dwSize; /* in: sizeof(PROCESSENTRY32) */
    DWORD cntUsage;
    DWORD th32ProcessID;
    ULONG_PTR th32DefaultHeapID;
    DWORD th32ModuleID;
    DWORD cntThreads;
    DWORD th32ParentProcessID;
    LONG pcPriClassBase; /* 8 */
    DWORD dwFlags;
    CHAR szExeFile[MAX_PATH]; /* the name of the program's file, or the kernel's name of the process */
} PROCESSENTRY32, *PPROCESSENTRY32, *LPPROCESSENTRY32;

typedef struct tagPROCESSENTRY32W {
    DWORD dwSize;
    DWORD cntUsage;
    DWORD th32ProcessID;
    ULONG_PTR th32DefaultHeapID;
    DWORD th32ModuleID;
    DWORD cntThreads;
    DWORD th32ParentProcessID;
    LONG pcPriClassBase;
    DWORD dwFlags;
    WCHAR szExeFile[MAX_PATH];
} PROCESSENTRY32W, *PPROCESSENTRY32W, *LPPROCESSENTRY32W;

typedef struct tagTHREADENTRY32 {
    DWORD dwSize; /* in: sizeof(THREADENTRY32) */
    DWORD cntUsage;
    DWORD th32ThreadID;
    DWORD th32OwnerProcessID;
    LONG tpBasePri; /* 8 */
    LONG tpDeltaPri;
    DWORD dwFlags;
} THREADENTRY32, *PTHREADENTRY32, *LPTHREADENTRY32;

typedef struct tagMODULEENTRY32 {
    DWORD dwSize;       /* in: sizeof(MODULEENTRY32) */
    DWORD th32ModuleID; /* 1 */
    DWORD th32ProcessID;
    DWORD GlblcntUsage; /* 0xFFFF, as the next one */
    DWORD ProccntUsage;
    BYTE *modBaseAddr;
    DWORD modBaseSize;
    HMODULE hModule;
    CHAR szModule[MAX_MODULE_NAME32 + 1];
    CHAR szExePath[MAX_PATH];
} MODULEENTRY32, *PMODULEENTRY32, *LPMODULEENTRY32;

typedef struct tagMODULEENTRY32W {
    DWORD dwSize;
    DWORD th32ModuleID;
    DWORD th32ProcessID;
    DWORD GlblcntUsage;
    DWORD ProccntUsage;
    BYTE *modBaseAddr;
    DWORD modBaseSize;
    HMODULE hModule;
    WCHAR szModule[MAX_MODULE_NAME32 + 1];
    WCHAR szExePath[MAX_PATH];
} MODULEENTRY32W, *PMODULEENTRY32W, *LPMODULEENTRY32W;

typedef struct tagHEAPLIST32 {
    SIZE_T dwSize; /* in: sizeof(HEAPLIST32) */
    DWORD th32ProcessID;
    ULONG_PTR th32HeapID; /* the heap's handle */
    DWORD dwFlags;        /* HF32_DEFAULT: the process's heap */
} HEAPLIST32, *PHEAPLIST32, *LPHEAPLIST32;

WINMEM_C_BEGIN

/*
 * CreateToolhelp32Snapshot: what there is at this moment.
 *
 * dwFlags           TH32CS_SNAPPROCESS, TH32CS_SNAPTHREAD: all processes, all threads, as far as /proc shows them.
 *                   TH32CS_SNAPMODULE (or ...32, which is the same), TH32CS_SNAPHEAPLIST: of one process.
 *                   TH32CS_INHERIT has no effect: a snapshot is not passed on
 * th32ProcessID     which one; 0: the calling one
 *
 * Returns a handle, to be closed with CloseHandle; INVALID_HANDLE_VALUE on failure.
 * Errors            ERROR_INVALID_PARAMETER   nothing is asked for, or an unknown flag; there is no such process
 *                   ERROR_ACCESS_DENIED       modules: the kernel does not let this process look into that one
 *                   ERROR_NOT_SUPPORTED       heaps of another process
 *                   ERROR_NO_SYSTEM_RESOURCES /proc cannot be read
 *                   ERROR_NOT_ENOUGH_MEMORY
 * On Linux          modules are files that are mapped to be executed; the program is the first. The kernel's vdso has no file, so
 *                   it is none
 * Source            learn.microsoft.com, tlhelp32.h
 */
WINBASEAPI HANDLE WINAPI CreateToolhelp32Snapshot(DWORD dwFlags, DWORD th32ProcessID);

/*
 * Process32First, Process32Next, Process32FirstW, Process32NextW, Thread32First, Thread32Next, Module32First, Module32Next,
 * Module32FirstW, Module32NextW, Heap32ListFirst, Heap32ListNext: one after the other what a snapshot has of a kind.
 *
 * hSnapshot         by CreateToolhelp32Snapshot; it remembers how far it is
 * lppe, lpte, lpme, lphl   in: dwSize; out: the entry
 *
 * Returns non-zero on success, zero on failure.
 * Errors            ERROR_NO_MORE_FILES       that was the last; or the snapshot has none of this kind
 *                   ERROR_BAD_LENGTH          dwSize is not that of the structure
 *                   ERROR_INVALID_HANDLE      not a snapshot
 *                   ERROR_NOACCESS            the structure cannot be written
 * On Linux          names and paths that are too long are cut off
 * Source            learn.microsoft.com, tlhelp32.h
 */
WINBASEAPI BOOL WINAPI Process32First(HANDLE hSnapshot, LPPROCESSENTRY32 lppe);
WINBASEAPI BOOL WINAPI Process32Next(HANDLE hSnapshot, LPPROCESSENTRY32 lppe);
WINBASEAPI BOOL WINAPI Process32FirstW(HANDLE hSnapshot, LPPROCESSENTRY32W lppe)
    WINMEM_WIDE_SYMBOL("Process32FirstW");
WINBASEAPI BOOL WINAPI Process32NextW(HANDLE hSnapshot, LPPROCESSENTRY32W lppe)
    WINMEM_WIDE_SYMBOL("Process32NextW");
WINBASEAPI BOOL WINAPI Thread32First(HANDLE hSnapshot, LPTHREADENTRY32 lpte);
WINBASEAPI BOOL WINAPI Thread32Next(HANDLE hSnapshot, LPTHREADENTRY32 lpte);
WINBASEAPI BOOL WINAPI Module32First(HANDLE hSnapshot, LPMODULEENTRY32 lpme);
WINBASEAPI BOOL WINAPI Module32Next(HANDLE hSnapshot, LPMODULEENTRY32 lpme);
WINBASEAPI BOOL WINAPI Module32FirstW(HANDLE hSnapshot, LPMODULEENTRY32W lpme)
    WINMEM_WIDE_SYMBOL("Module32FirstW");
WINBASEAPI BOOL WINAPI Module32NextW(HANDLE hSnapshot, LPMODULEENTRY32W lpme)
    WINMEM_WIDE_SYMBOL("Module32NextW");
WINBASEAPI BOOL WINAPI Heap32ListFirst(HANDLE hSnapshot, LPHEAPLIST32 lphl);
WINBASEAPI BOOL WINAPI Heap32ListNext(HANDLE hSnapshot, LPHEAPLIST32 lphl);

WINMEM_C_END

#ifdef UNICODE
#define Process32First Process32FirstW
#define Process32Next Process32NextW
#define PROCESSENTRY32 PROCESSENTRY32W
#define PPROCESSENTRY32 PPROCESSENTRY32W
#define LPPROCESSENTRY32 LPPROCESSENTRY32W
#define Module32First Module32FirstW
#define Module32Next Module32NextW
#define MODULEENTRY32 MODULEENTRY32W
#define PMODULEENTRY32 PMODULEENTRY32W
#define LPMODULEENTRY32 LPMODULEENTRY32W
#endif

#endif /* WINMEM_TLHELP32_H */
