/*
 * winmem.h: what this library adds to the Windows interface.
 *
 * Four environment variables are read once, when the library starts:
 *   WINMEM_DISABLE=name,name         does without these kernel mechanisms; the names are those of WinmemFeature
 *   WINMEM_DENSE=first               sets guard markers between committed pages at once, not when there are many: for tests
 *   WINMEM_TRACE=FD                  writes one line for every call to this file descriptor; "ring" keeps the last 256 in
 *                                    memory, for a debugger (docs/tools.md)
 *   WINMEM_HUGE=never, large, always which memory is to have huge pages, as WinmemSetHugePages says
 */
#ifndef WINMEM_WINMEM_H
#define WINMEM_WINMEM_H

#include "wintypes.h"

/* The version of these headers; WinmemVersion tells that of the library in use. */
#define WINMEM_VERSION_MAJOR 1
#define WINMEM_VERSION_MINOR 0
#define WINMEM_VERSION_PATCH 0

WINMEM_C_BEGIN

/*
 * WinmemVersion: the version of the library in use, such as "1.0.0".
 *
 * Cannot fail. The string lives as long as the library.
 */
WINMEM_PUBLIC const char *WinmemVersion(void);

/*
 * WinmemLastCause: why the last failing call of this thread failed: one English sentence that names the rule or
 * the kernel's limit that refused it. For people; the wording may change.
 *
 * Returns the sentence, or "" when no call of this thread has failed. It is good until this thread's next call of
 * this library.
 */
WINMEM_PUBLIC const char *WinmemLastCause(void);

/*
 * WinmemFeature: whether a mechanism is in use: the kernel has it, and it is not switched off.
 *
 * name          "arenas"         reservations are carved from large areas
 *               "procmap_query"  questions about single mappings are answered by an ioctl
 *               "guard_markers"  short stretches that are given back are kept under MADV_GUARD_INSTALL
 *               "userfaultfd"    the kernel watches for writes
 *               "soft_dirty"     the kernel keeps a bit of each page that was written
 *               "pagemap_scan"   questions about many pages are answered by an ioctl
 *               "zero_page"      pages that were only read are told from pages that were written
 *               "mlock"          pages are locked for a moment while MEM_RESET is undone
 *               "populate"       many pages are brought in by one call
 *               "huge_pages"     there are large pages
 *               "huge_move"      large pages can be put at a given place
 *               "huge_advice"    the kernel can be asked for huge pages under ordinary memory
 *               "uffd_move"      physical pages (AWE) change their places without mappings of their own
 *               "uffd_protect"   read-only pages among very many writable ones need no mappings of their own
 *               "wipe_on_fork"   a child notices the fork by a page that the kernel wipes
 *               "pidfd"          other processes are known by descriptors, which cannot come to mean another one
 *               "process_vm"     other processes' memory is copied by process_vm_readv and writev
 *               "at_load"        the book is there when the program begins, and not from its first call on
 *               "anchor"         other processes find this one's book by the name of a page
 *               "futex_waitv"    one call sleeps on several words
 *               "membarrier"     processors are made to see what was written by one call
 *               "find_object"    the dynamic linker tells whose image an address lies in
 *               "numa"           a preferred node is passed on to the kernel, which has several
 *               "apart"          pages whose protection goes to and fro stay mappings of their own
 *
 * Returns TRUE or FALSE; FALSE for a name that it does not know, and for NULL. What nothing has used yet is tried, on a
 * page or a descriptor that nobody else sees; while that cannot be had the mechanism counts as in use.
 */
WINMEM_PUBLIC BOOL WinmemFeature(const char *name);

/*
 * WinmemHandleFromFd: a handle to what the program has open as a file descriptor, so that it can be mapped.
 *
 * fd              any descriptor. It stays the program's: the handle works by a descriptor of its own, so either may be
 *                 closed first. Both have one position, as after dup
 * dwDesiredAccess rights of the handle: GENERIC_READ, GENERIC_WRITE or single rights to files; no more than the descriptor
 *                 was opened for
 *
 * Returns the handle, to be given to CloseHandle; INVALID_HANDLE_VALUE on failure.
 * Errors        ERROR_INVALID_HANDLE      fd is not open
 *               ERROR_ACCESS_DENIED       it was not opened for so much
 *               ERROR_TOO_MANY_OPEN_FILES no descriptor is left
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for the table of handles
 *
 * Such a handle neither heeds nor sets sharing modes (CreateFile).
 */
WINMEM_PUBLIC HANDLE WinmemHandleFromFd(int fd, DWORD dwDesiredAccess);

/*
 * WinmemFdFromHandle: a file descriptor for what a handle to a file stands for.
 *
 * hFile         from CreateFile or WinmemHandleFromFd. It must have the rights to read and to write that the descriptor
 *               will give
 *
 * Returns a new descriptor, which the program closes (close) and which closes on exec; the handle stays as it is, and
 * both have one position. As long as the descriptor or a mapping of it is there, the file counts as open with the handle's
 * sharing mode. -1 on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_ACCESS_DENIED       by the descriptor one could do more than by the handle
 *               ERROR_TOO_MANY_OPEN_FILES no descriptor is left
 */
WINMEM_PUBLIC int WinmemFdFromHandle(HANDLE hFile);

/*
 * WinmemSetHugePages: for which private memory of this process the kernel is asked for huge pages, from now on.
 *
 * policy        WINMEM_HUGE_NEVER   for none
 *               WINMEM_HUGE_LARGE   for 2 MiB and more that are committed in one call, PAGE_READWRITE, once memory of about
 *                                   the same length has turned out to be touched nearly everywhere. So it is in the
 *                                   beginning
 *               WINMEM_HUGE_ALWAYS  for all that is so committed
 *
 * A huge page is 2 MiB that come with the first touch, which costs a tenth of touching 512 pages; who touches few of them has
 * up to 512 times as much in memory. They need no privilege, come and go as the kernel likes, and nothing else is different:
 * unlike MEM_LARGE_PAGES. Watched memory and what is in large pages is never asked for, nor anything where the administrator
 * has set /sys/kernel/mm/transparent_hugepage/enabled to "never", or to "always": there the kernel does not wait for it.
 *
 * Returns TRUE. FALSE on failure.
 * Errors        ERROR_INVALID_PARAMETER   there is no such policy
 */
#define WINMEM_HUGE_NEVER 0
#define WINMEM_HUGE_LARGE 1
#define WINMEM_HUGE_ALWAYS 2

WINMEM_PUBLIC BOOL WinmemSetHugePages(DWORD policy);

/*
 * WinmemHugePages: the policy that holds in this process. A child of a fork has its parent's.
 *
 * Cannot fail.
 */
WINMEM_PUBLIC DWORD WinmemHugePages(void);

/*
 * WinmemMappingUse: how much of the kernel's table of mappings this process uses.
 *
 * use           Mappings     how many mappings the kernel has of this process at the moment, whoever made them
 *               MostMappings how many it may have: vm.max_map_count
 *               MarkedBytes  memory that is reserved, but mapped read/write under guard markers, so that pages that are
 *                            committed in it need no mappings of their own. The kernel counts it as promised, and the
 *                            system's figures of committed memory contain it; no page of it is in memory
 *
 * At MostMappings nothing can be mapped any more, by malloc and by libraries as well, and nothing can be committed or protected
 * where that takes a mapping. The list is read, so it takes up to a microsecond a mapping; what other threads map and unmap
 * meanwhile may be counted or not.
 *
 * Returns TRUE. FALSE on failure, and use is as it was.
 * Errors        ERROR_NOACCESS            use cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES the list cannot be read: there is no /proc, or no descriptor is left
 */
typedef struct _WINMEM_MAPPING_USE {
    SIZE_T Mappings;
    SIZE_T MostMappings;
    SIZE_T MarkedBytes;
} WINMEM_MAPPING_USE;

WINMEM_PUBLIC BOOL WinmemMappingUse(WINMEM_MAPPING_USE *use);

WINMEM_C_END

#endif /* WINMEM_WINMEM_H */
