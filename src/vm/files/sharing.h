/*
 * sharing.h: who has a file open, for what, and what he lets others do meanwhile.
 *
 * Windows asks each who opens a file what he will do with it (read, write, delete) and what others may do as long as he has
 * it open, and refuses whoever does not fit (32). Linux asks nobody. So among the users of this library, in all processes,
 * it is told by locks on bytes that no file has, at the farthest end: one byte each for "somebody reads", "writes",
 * "deletes", and for "somebody lets nobody read", "write", "delete". They are shared locks of open file descriptions
 * (kern/files/files.h) and die with these, whatever becomes of the process.
 *
 * Two more bytes say that there is a section of the file, and that it is one through which the file may be written. A
 * section locks them by a description of its own and never looks; who wants to shorten or delete the file looks.
 *
 * There is no protection where the file cannot be read (a lock that is shared needs that), where the file system has no
 * such locks, and from those who do not use this library.
 */
#ifndef WM_VM_SHARING_H
#define WM_VM_SHARING_H

#include <stdbool.h>

#include "base/private.h"
#include "base/status.h"

/* The values of Windows' FILE_SHARE_ bits. */
enum { WM_SHARE_READ = 1, WM_SHARE_WRITE = 2, WM_SHARE_DELETE = 4, WM_SHARE_ALL = 7 };

/*
 * Says by the description of fd what it is used for (WM_SHARE_ bits) and what others may do. WM_FILE_SHARED: somebody has
 * the file open who does not fit; then nothing is said.
 */
WM_FOR_WIN32 wm_status wm_sharing_enter(int fd, unsigned uses, unsigned shares);

/* The same, without looking: for one more description of a file that is open so already. */
void wm_sharing_join(int fd, unsigned uses, unsigned shares);

/* What was said. It ends by itself with the last descriptor of the description. */
WM_FOR_WIN32 void wm_sharing_leave(int fd);

/* Of a section, by the description that it has of the file. What the file cannot have is not said. */
void wm_sharing_section(int fd, bool writable);

/* Is there a section of the file, in any process, by another description? */
WM_FOR_WIN32 bool wm_sharing_has_section(int fd);
WM_FOR_WIN32 bool wm_sharing_has_writable_section(int fd);

/* Here begin the bytes that are locked: nobody else's locks go so far. */
#define WM_SHARING_FIRST ((uint64_t)INT64_MAX - 16)

#endif
