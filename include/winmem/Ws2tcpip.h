/* Ws2tcpip.h: ws2tcpip.h as some programs spell it. */
#include "ws2tcpip.h"
