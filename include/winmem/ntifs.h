/*
 * ntifs.h: the native functions of memory and of sections. Programs find them with GetProcAddress in ntdll.dll, or link them.
 *
 * They do what VirtualAlloc, CreateFileMapping, MapViewOfFile2 and their kin do, and say with an NTSTATUS (ntstatus.h) which
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

/* What NtQueryVirtualMemory is asked. It answers the first one, and the three that say so. */
typedef enum _MEMORY_INFORMATION_CLASS {
    MemoryBasicInformation, /* MEMORY_BASIC_INFORMATION */
    MemoryWorkingSetInformation,
    MemoryMappedFilenameInformation, /* UNICODE_STRING, and behind it the name */
    MemoryRegionInformation,         /* MEMORY_REGION_INFORMATION */
    MemoryWorkingSetExInformation,   /* MEMORY_WORKING_SET_EX_INFORMATION, any number of them */
    MemorySharedCommitInformation,
    MemoryImageInformation,
    MemoryRegionInformationEx
} MEMORY_INFORMATION_CLASS;

/*
 * As WIN32_MEMORY_REGION_INFORMATION (memoryapi.h), and behind its bits more, which tell what an allocation was made for. With
 * a length that ends before CommitSize that is not counted.
 */
typedef struct _MEMORY_REGION_INFORMATION {
    PVOID AllocationBase;
    ULONG AllocationProtect;
    __extension__ union {
        ULONG RegionType;
        __extension__ struct {
            ULONG Private : 1;
            ULONG MappedDataFile : 1;
            ULONG MappedImage : 1;
            ULONG MappedPageFile : 1;
            ULONG MappedPhysical : 1;
            ULONG DirectMapped : 1;
            ULONG SoftwareEnclave : 1;
            ULONG PageSize64K : 1;
            ULONG PlaceholderReservation : 1;
            ULONG MappedAwe : 1;        /* MEM_PHYSICAL */
            ULONG MappedWriteWatch : 1; /* MEM_WRITE_WATCH */
            ULONG PageSizeLarge : 1;    /* MEM_LARGE_PAGES, SEC_LARGE_PAGES */
            ULONG PageSizeHuge : 1;
            ULONG Reserved : 19;
        };
    };
    SIZE_T RegionSize;
    SIZE_T CommitSize;
} MEMORY_REGION_INFORMATION, *PMEMORY_REGION_INFORMATION;

/* As PSAPI_WORKING_SET_EX_INFORMATION (psapi.h). */
typedef struct _MEMORY_WORKING_SET_EX_INFORMATION {
    PVOID VirtualAddress;
    ULONG_PTR VirtualAttributes;
} MEMORY_WORKING_SET_EX_INFORMATION, *PMEMORY_WORKING_SET_EX_INFORMATION;

#define MAP_PROCESS 1
#define MAP_SYSTEM 2

WINMEM_C_BEGIN

/*
 * NtAllocateVirtualMemory, NtAllocateVirtualMemoryEx: VirtualAllocEx and VirtualAlloc2.
 *
 * ProcessHandle     GetCurrentProcess, or a handle with PROCESS_VM_OPERATION
 * BaseAddress       in: where, or NULL; out: where the pages begin
 * ZeroBits          0; how many of the upper bits of 32 are to be zero, at most 21; or, above 31, a mask without them
 * RegionSize        in: bytes; out: whole pages
 * AllocationType, Protect, PageProtection, ExtendedParameters, ExtendedParameterCount
 *                   as for VirtualAllocEx and VirtualAlloc2
 *
 * Returns STATUS_SUCCESS, or why not; then BaseAddress and RegionSize are what they were.
 * Errors        STATUS_INVALID_PARAMETER_4 (size), _5 (type), _3 (zero bits), _2 (address)
 *               STATUS_INVALID_PARAMETER            Ex: what VirtualAlloc2 calls 87
 *               STATUS_INVALID_PAGE_PROTECTION      not one valid protection
 *               STATUS_CONFLICTING_ADDRESSES        some of the range is in use, or not reserved
 *               STATUS_NO_MEMORY                    no free range is large enough and low enough
 *               STATUS_COMMITMENT_LIMIT             the kernel refused to promise the memory
 *               STATUS_PRIVILEGE_NOT_HELD           no large pages are set aside
 *               STATUS_INVALID_HANDLE               not a process; NULL
 *               STATUS_ACCESS_DENIED                the handle lacks the right
 *               STATUS_ACCESS_VIOLATION             a pointer is bad
 * On Linux      as for VirtualAllocEx and VirtualAlloc2
 * Source        learn.microsoft.com, ntifs.h; behaviours O29, O33 to O35, O251
 */
NTSYSAPI NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, ULONG_PTR ZeroBits,
                                                PSIZE_T RegionSize, ULONG AllocationType, ULONG Protect);
NTSYSAPI NTSTATUS NTAPI NtAllocateVirtualMemoryEx(HANDLE ProcessHandle, PVOID *BaseAddress,
                                                  PSIZE_T RegionSize, ULONG AllocationType,
                                                  ULONG PageProtection,
                                                  PMEM_EXTENDED_PARAMETER ExtendedParameters,
                                                  ULONG ExtendedParameterCount);

/*
 * NtFreeVirtualMemory: VirtualFreeEx, and releases a part of an allocation.
 *
 * ProcessHandle     GetCurrentProcess, or a handle with PROCESS_VM_OPERATION
 * BaseAddress       in: any address in the first page; out: where what was freed begins
 * RegionSize        in: bytes, 0 means the whole allocation; out: whole pages, or 0 when a whole allocation was decommitted
 * FreeType          MEM_DECOMMIT; MEM_RELEASE, with a size of a part: what is left is one or two allocations; or MEM_RELEASE
 *                   with a flag of placeholders
 *
 * Returns STATUS_SUCCESS, or why not; then BaseAddress and RegionSize are what they were.
 * Errors        STATUS_INVALID_PARAMETER_4          another type
 *               STATUS_MEMORY_NOT_ALLOCATED         nothing is there
 *               STATUS_FREE_VM_NOT_AT_BASE          the size is 0, and the address is not in the first page
 *               STATUS_UNABLE_TO_FREE_VM            the range leaves the allocation; a part of large pages or of a window
 *               STATUS_UNABLE_TO_DELETE_SECTION     it is a view
 *               STATUS_INVALID_HANDLE               not a process; NULL
 *               STATUS_ACCESS_DENIED                the handle lacks the right
 *               STATUS_ACCESS_VIOLATION             a pointer is bad
 * On Linux      as for VirtualFreeEx
 * Source        learn.microsoft.com, ntifs.h; behaviours O43 to O52
 */
NTSYSAPI NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                            ULONG FreeType);

/*
 * NtProtectVirtualMemory: VirtualProtectEx.
 *
 * ProcessHandle     GetCurrentProcess, or a handle with PROCESS_VM_OPERATION
 * BaseAddress       in: where; out: the first page
 * RegionSize        in: bytes; out: whole pages
 * OldProtect        out: the protection of the first page; PAGE_NOACCESS where the pages are not committed
 *
 * Returns STATUS_SUCCESS, or why not; then BaseAddress and RegionSize are what they were.
 * Errors        STATUS_INVALID_PAGE_PROTECTION      not one valid protection
 *               STATUS_NOT_COMMITTED, STATUS_CONFLICTING_ADDRESSES   some of the range is not committed, or free
 *               STATUS_INVALID_HANDLE               not a process; NULL
 *               STATUS_ACCESS_DENIED                the handle lacks the right
 *               STATUS_ACCESS_VIOLATION             a pointer is bad
 * On Linux      as for VirtualProtectEx
 * Source        learn.microsoft.com, VirtualProtectEx; behaviours O55 to O62
 */
NTSYSAPI NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                               ULONG NewProtect, PULONG OldProtect);

/*
 * NtQueryVirtualMemory: what is at an address: VirtualQueryEx, QueryVirtualMemoryInformation, GetMappedFileName and
 * QueryWorkingSetEx.
 *
 * ProcessHandle             GetCurrentProcess, or a handle with PROCESS_QUERY_LIMITED_INFORMATION (names, working set:
 *                           PROCESS_QUERY_INFORMATION)
 * BaseAddress               any; of the working set the entries name their pages themselves
 * MemoryInformationClass    what is asked: see there
 * MemoryInformation         out: the answer
 * MemoryInformationLength   bytes that fit there
 * ReturnLength              optional, out: bytes of the answer; of a name also if it does not fit
 *
 * Returns STATUS_SUCCESS, or why not.
 * Errors        STATUS_INVALID_INFO_CLASS     another class
 *               STATUS_INFO_LENGTH_MISMATCH   the buffer is shorter than the structure
 *               STATUS_BUFFER_OVERFLOW        a name does not fit
 *               STATUS_INVALID_PARAMETER      the address is none of the program's
 *               STATUS_INVALID_ADDRESS        nothing is there, or for names, private memory
 *               STATUS_FILE_INVALID           for names: shared memory without a file
 *               STATUS_INVALID_HANDLE         not a process; NULL
 *               STATUS_ACCESS_DENIED          the handle lacks the right
 *               STATUS_ACCESS_VIOLATION       a pointer is bad
 * On Linux      names are paths of Linux. MemoryWorkingSetInformation is K32QueryWorkingSet's alone
 * Source        learn.microsoft.com, ntifs.h; behaviours O67 to O92
 */
NTSYSAPI NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress,
                                             MEMORY_INFORMATION_CLASS MemoryInformationClass,
                                             PVOID MemoryInformation, SIZE_T MemoryInformationLength,
                                             PSIZE_T ReturnLength) WINMEM_WIDE_SYMBOL("NtQueryVirtualMemory");

/*
 * NtReadVirtualMemory, NtWriteVirtualMemory: ReadProcessMemory and WriteProcessMemory.
 *
 * ProcessHandle          with PROCESS_VM_READ; PROCESS_VM_WRITE and PROCESS_VM_OPERATION
 * BaseAddress            there
 * Buffer                 here
 * NumberOfBytesRead, NumberOfBytesWritten   optional, out: how far the copy came, also after STATUS_PARTIAL_COPY
 *
 * Returns STATUS_SUCCESS, or why not.
 * Errors        STATUS_PARTIAL_COPY       some of it cannot be read, or, there, written: unlike WriteProcessMemory, code that
 *                                         is not writable is not written either
 *               STATUS_INVALID_HANDLE     not a process; NULL
 *               STATUS_ACCESS_DENIED      the handle lacks the right
 *               STATUS_ACCESS_VIOLATION   the count cannot be stored
 * On Linux      as for ReadProcessMemory and WriteProcessMemory
 * Source        learn.microsoft.com, ReadProcessMemory; behaviours O207 to O213
 */
NTSYSAPI NTSTATUS NTAPI NtReadVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress, PVOID Buffer,
                                            SIZE_T NumberOfBytesToRead, PSIZE_T NumberOfBytesRead);
NTSYSAPI NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress, PVOID Buffer,
                                             SIZE_T NumberOfBytesToWrite, PSIZE_T NumberOfBytesWritten);

/*
 * NtFlushVirtualMemory: FlushViewOfFile.
 *
 * ProcessHandle     GetCurrentProcess, or a handle to the calling process with PROCESS_VM_OPERATION
 * BaseAddress       in: where in a view; out: the first page
 * RegionSize        in: bytes, 0 means to the end of the view; out: whole pages
 * IoStatus          out: the status
 *
 * Returns STATUS_SUCCESS, or why not; then BaseAddress and RegionSize are what they were.
 * Errors        STATUS_NOT_MAPPED_VIEW   no view is there
 *               STATUS_NOT_SUPPORTED     another process
 *               STATUS_INVALID_HANDLE    not a process; NULL
 *               STATUS_ACCESS_VIOLATION  a pointer is bad
 * On Linux      as for FlushViewOfFile
 * Source        learn.microsoft.com, ntifs.h, ZwFlushVirtualMemory
 */
NTSYSAPI NTSTATUS NTAPI NtFlushVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                             PIO_STATUS_BLOCK IoStatus);

/*
 * NtLockVirtualMemory, NtUnlockVirtualMemory: VirtualLock and VirtualUnlockEx.
 *
 * ProcessHandle     with PROCESS_VM_OPERATION; NtLockVirtualMemory: of the calling process
 * BaseAddress       in: where; out: the first page
 * RegionSize        in: bytes; out: whole pages
 * MapType           MAP_PROCESS
 *
 * Returns STATUS_SUCCESS, or why not; then BaseAddress and RegionSize are what they were.
 * Errors        STATUS_INVALID_PARAMETER     another MapType
 *               STATUS_PRIVILEGE_NOT_HELD    MAP_SYSTEM
 *               STATUS_NOT_SUPPORTED         locking in another process
 *               STATUS_WORKING_SET_QUOTA     more than may be locked
 *               STATUS_NOT_LOCKED            unlocking: a page is not locked
 *               STATUS_INVALID_HANDLE        not a process; NULL
 *               STATUS_ACCESS_DENIED         the handle lacks the right; locking: a page is not accessible
 *               STATUS_ACCESS_VIOLATION      a pointer is bad
 * On Linux      as for VirtualLock
 * Source        programs that use them: they are not documented
 */
NTSYSAPI NTSTATUS NTAPI NtLockVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                            ULONG MapType);
NTSYSAPI NTSTATUS NTAPI NtUnlockVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                              ULONG MapType);

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
