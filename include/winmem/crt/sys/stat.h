/* sys/stat.h: the system's, and what Windows declares there (corecrt.h). Its structures and functions are the system's. */
#ifndef WINMEM_CRT_SYS_STAT_H
#define WINMEM_CRT_SYS_STAT_H
#pragma GCC system_header
#include_next <sys/stat.h>

#ifndef _S_IFMT
#define _S_IFMT 0170000
#define _S_IFDIR 0040000
#define _S_IFCHR 0020000
#define _S_IFIFO 0010000
#define _S_IFREG 0100000
#define _S_IREAD 0000400
#define _S_IWRITE 0000200
#define _S_IEXEC 0000100
#endif
#ifndef _stat
#define _stat stat
#define _fstat fstat
#define _stat64 stat
#define _fstat64 fstat
#define _stati64 stat
#define _fstati64 fstat
#endif

#endif
