/*
 * ntifs.h: the native functions of sections. Programs find them with GetProcAddress in ntdll.dll, or link them.
 *
 * They do what CreateFileMapping, MapViewOfFile2 and UnmapViewOfFile2 do, and say with an NTSTATUS (ntstatus.h) which
 * rule was broken. RtlNtStatusToDosError (winternl.h) translates it; the last error stays what it was. A function that
 * has to store something where nothing can be stored answers STATUS_ACCESS_VIOLATION and has done nothing.
 */
#ifndef WINMEM_NTIFS_H
#define WINMEM_NTIFS_H

#include "winternl.h"

#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)

typedef enum _SECTION_INHERIT { ViewShare = 1, ViewUnmap = 2 } SECTION_INHERIT;

typedef enum _SECTION_INFORMATION_CLASS {
    SectionBasicInformation,
    SectionImageInformation
} SECTION_INFORMATION_CLASS;

typedef struct _SECTION_BASIC_INFORMATION {
    PVOID BaseAddress;          /* NULL: no section has an address of its own */
    ULONG AllocationAttributes; /* SEC_ values */
    LARGE_INTEGER MaximumSize;  /* bytes */
} SECTION_BASIC_INFORMATION, *PSECTION_BASIC_INFORMATION;

WINMEM_C_BEGIN

/*
 * NtCreateSection: makes a section.
 *
 * SectionHandle         out: the handle; NULL on failure
 * DesiredAccess         its rights: SECTION_MAP_READ and so on, or GENERIC_ ones
 * ObjectAttributes      optional: OBJ_INHERIT, and a name
 * MaximumSize           optional: bytes; 0 or NULL means the size of the file
 * SectionPageProtection PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY or one of their PAGE_EXECUTE_ forms
 * AllocationAttributes  SEC_COMMIT or SEC_RESERVE, with others as for CreateFileMapping
 * FileHandle            the file; NULL: memory of its own
 *
 * Returns STATUS_SUCCESS, or why not.
 * Errors        STATUS_INVALID_PAGE_PROTECTION    another protection
 *               STATUS_INVALID_PARAMETER_6        attributes that contradict each other, or none
 *               STATUS_INVALID_PARAMETER_4        no file and no size
 *               STATUS_INVALID_FILE_FOR_SECTION   SEC_IMAGE
 *               STATUS_INVALID_PARAMETER          ObjectAttributes->Length is not that of the structure
 *               STATUS_INVALID_HANDLE             FileHandle is not a file
 *               STATUS_SECTION_TOO_BIG            the size is absurd
 *               STATUS_COMMITMENT_LIMIT           the kernel refused to promise the memory
 *               STATUS_TOO_MANY_OPENED_FILES      no file descriptor is left
 *               STATUS_NOT_SUPPORTED              what CreateFileMapping has not either
 * On Linux      as for CreateFileMapping
 * Source        learn.microsoft.com, ntifs.h; behaviours O157 to O175
 */
NTSYSAPI NTSTATUS NTAPI NtCreateSection(PHANDLE SectionHandle, ACCESS_MASK DesiredAccess,
                                        POBJECT_ATTRIBUTES ObjectAttributes, PLARGE_INTEGER MaximumSize,
                                        ULONG SectionPageProtection, ULONG AllocationAttributes,
                                        HANDLE FileHandle) WINMEM_WIDE_SYMBOL("NtCreateSection");

/*
 * NtExtendSection: makes the section of a file larger, and the file. Views that were mapped with MEM_RESERVE show what was
 * added, in any process.
 *
 * SectionHandle     needs SECTION_EXTEND_SIZE
 * NewSectionSize    in: bytes; out: how large it is now, which is more if it was larger
 *
 * Returns STATUS_SUCCESS, or why not.
 * Errors        STATUS_SECTION_NOT_EXTENDED   it is no section of a file
 *               STATUS_ACCESS_DENIED          the handle lacks the right
 *               STATUS_INVALID_HANDLE         not a section
 * On Linux      as on Windows
 * Source        programs that use it: it is not documented
 */
NTSYSAPI NTSTATUS NTAPI NtExtendSection(HANDLE SectionHandle, PLARGE_INTEGER NewSectionSize);

/*
 * NtQuerySection: what a section is.
 *
 * SectionHandle             needs SECTION_QUERY
 * SectionInformationClass   SectionBasicInformation
 * SectionInformation        out: a SECTION_BASIC_INFORMATION
 * SectionInformationLength  bytes that fit there; more than needed is fine
 * ReturnLength              optional, out: bytes that were stored
 *
 * Returns STATUS_SUCCESS, or why not.
 * Errors        STATUS_INVALID_INFO_CLASS     another class
 *               STATUS_INFO_LENGTH_MISMATCH   the buffer is too short
 *               STATUS_SECTION_NOT_IMAGE      SectionImageInformation: there are no sections of images
 *               STATUS_ACCESS_DENIED          the handle lacks the right
 *               STATUS_INVALID_HANDLE         not a section
 * On Linux      as on Windows
 * Source        learn.microsoft.com, devnotes, NtQuerySection; behaviours O166, O168, O175
 */
NTSYSAPI NTSTATUS NTAPI NtQuerySection(HANDLE SectionHandle,
                                       SECTION_INFORMATION_CLASS SectionInformationClass,
                                       PVOID SectionInformation, SIZE_T SectionInformationLength,
                                       PSIZE_T ReturnLength);

/*
 * NtMapViewOfSection: maps a part of a section into a process.
 *
 * SectionHandle       needs SECTION_MAP_READ; SECTION_MAP_WRITE instead for a writable view; SECTION_MAP_EXECUTE as well
 *                     for an executable one
 * ProcessHandle       GetCurrentProcess, or a handle with PROCESS_VM_OPERATION
 * BaseAddress         in: where, a multiple of 64 KiB, or NULL; out: where it is
 * ZeroBits            0; how many of the upper bits of 32 are to be zero, at most 21; or, above 31, a mask without them
 * CommitSize          bytes that are committed at once, if the section was made with SEC_RESERVE; else of no effect
 * SectionOffset       optional, in: bytes into the section, a multiple of 64 KiB
 * ViewSize            in: bytes, 0 means to the end of the section; out: whole pages
 * InheritDisposition  ViewShare or ViewUnmap
 * AllocationType      0, MEM_TOP_DOWN, MEM_LARGE_PAGES; MEM_RESERVE: the section was made with SEC_RESERVE, or it is of a
 *                     file that may be written, and the view may be larger than that is yet: see NtExtendSection. VirtualAlloc with MEM_COMMIT
 *                     makes it larger as well
 * Win32Protect        a PAGE_ constant: what the section allows
 *
 * Returns STATUS_SUCCESS, or why not.
 * Errors        STATUS_INVALID_PAGE_PROTECTION   not one valid protection
 *               STATUS_SECTION_PROTECTION        the section does not allow it
 *               STATUS_ACCESS_DENIED             the handle does not
 *               STATUS_MAPPED_ALIGNMENT          address or offset is no multiple
 *               STATUS_CONFLICTING_ADDRESSES     some of the range is in use
 *               STATUS_INVALID_VIEW_SIZE         the range leaves the section
 *               STATUS_INVALID_PARAMETER_3, _4, _5, _8, _9      the address lies too high; ZeroBits; CommitSize is more
 *                                                than ViewSize; another InheritDisposition; another AllocationType, or
 *                                                one that the section has not
 *               STATUS_NO_MEMORY                 no free range is large enough and low enough
 *               STATUS_INVALID_HANDLE            not a section, not a process; NULL
 *               STATUS_NOT_SUPPORTED             SEC_NO_CHANGE
 * On Linux      as for MapViewOfFile2
 * Source        learn.microsoft.com, ZwMapViewOfSection; behaviours O33, O34, O178 to O188
 */
NTSYSAPI NTSTATUS NTAPI NtMapViewOfSection(HANDLE SectionHandle, HANDLE ProcessHandle, PVOID *BaseAddress,
                                           ULONG_PTR ZeroBits, SIZE_T CommitSize,
                                           PLARGE_INTEGER SectionOffset, PSIZE_T ViewSize,
                                           SECTION_INHERIT InheritDisposition, ULONG AllocationType,
                                           ULONG Win32Protect);

/*
 * NtUnmapViewOfSection: ends a view in a process.
 *
 * ProcessHandle     GetCurrentProcess, or a handle with PROCESS_VM_OPERATION
 * BaseAddress       any address in the view
 *
 * Returns STATUS_SUCCESS, or why not.
 * Errors        STATUS_NOT_MAPPED_VIEW   no view is there
 *               STATUS_INVALID_HANDLE    not a process; NULL
 *               STATUS_ACCESS_DENIED     the handle lacks the right
 * On Linux      as for UnmapViewOfFile2
 * Source        learn.microsoft.com, ZwUnmapViewOfSection; behaviours O189, O190
 */
NTSYSAPI NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE ProcessHandle, PVOID BaseAddress);

/*
 * RtlGetVersion: the version of Windows. (On Windows in wdm.h, which ntifs.h includes.)
 *
 * lpVersionInformation  in: dwOSVersionInfoSize is that of an RTL_OSVERSIONINFOEXW, or the rest of that is left alone
 *
 * Returns STATUS_SUCCESS.
 * On Linux      as for GetVersionEx. A bad pointer is an access violation
 * Source        learn.microsoft.com, wdm.h
 */
NTSYSAPI NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW lpVersionInformation)
    WINMEM_WIDE_SYMBOL("RtlGetVersion");

WINMEM_C_END

#endif /* WINMEM_NTIFS_H */
