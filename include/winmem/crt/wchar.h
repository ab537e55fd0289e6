/* wchar.h: the system's, and what Windows declares there (corecrt.h). The system's own parts of it come here often. */
#pragma GCC system_header
#include_next <wchar.h>

#ifndef WINMEM_CRT_WCHAR_H
#define WINMEM_CRT_WCHAR_H
#include "../corecrt_wstring.h"
#endif
