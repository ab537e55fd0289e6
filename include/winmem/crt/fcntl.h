/* fcntl.h: the system's, and what Windows declares there (corecrt.h). There is no text mode: _O_TEXT is _O_BINARY. */
#ifndef WINMEM_CRT_FCNTL_H
#define WINMEM_CRT_FCNTL_H
#pragma GCC system_header
#include_next <fcntl.h>

#define _O_RDONLY O_RDONLY
#define _O_WRONLY O_WRONLY
#define _O_RDWR O_RDWR
#define _O_APPEND O_APPEND
#define _O_CREAT O_CREAT
#define _O_TRUNC O_TRUNC
#define _O_EXCL O_EXCL
#define _O_NOINHERIT 02000000 /* O_CLOEXEC */
#define _O_TEXT 0
#define _O_BINARY 0
#define _O_RANDOM 0
#define _O_SEQUENTIAL 0
#define _O_SHORT_LIVED 0
#ifndef O_BINARY
#define O_BINARY _O_BINARY
#define O_TEXT _O_TEXT
#define O_NOINHERIT _O_NOINHERIT
#define O_RANDOM _O_RANDOM
#define O_SEQUENTIAL _O_SEQUENTIAL
#endif

#endif
