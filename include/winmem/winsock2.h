/*
 * winsock2.h: types that programs use from it beside memory. There are no sockets of Windows here: a program's network code
 * takes its Linux side.
 *
 * On Linux      struct timeval and fd_set, u_long and its kin, addresses and byte order (htonl) are those of the C library,
 *               whose u_long has 64 bits
 * Source        learn.microsoft.com, winsock2.h
 */
#ifndef WINMEM_WINSOCK2_H
#define WINMEM_WINSOCK2_H

#include <netinet/in.h>
#include <sys/types.h>

#include "windows.h"

#ifndef _WINSOCKAPI_
#define _WINSOCKAPI_ /* what programs test to see that it, or its older form, was included */
#endif

typedef UINT_PTR SOCKET;

#define INVALID_SOCKET (~(SOCKET)0)
#define SOCKET_ERROR (-1)

#endif /* WINMEM_WINSOCK2_H */
