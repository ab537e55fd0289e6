/* ws2tcpip.h: see winsock2.h. */
#ifndef WINMEM_WS2TCPIP_H
#define WINMEM_WS2TCPIP_H
#include "winsock2.h"
#endif
