/* WinIoCtl.h: winioctl.h as some programs spell it. */
#include "winioctl.h"
