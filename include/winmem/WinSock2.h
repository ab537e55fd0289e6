/* WinSock2.h: winsock2.h as some programs spell it. */
#include "winsock2.h"
