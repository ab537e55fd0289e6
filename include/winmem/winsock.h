/* winsock.h: see winsock2.h. */
#ifndef WINMEM_WINSOCK_H
#define WINMEM_WINSOCK_H
#include "winsock2.h"
#endif
