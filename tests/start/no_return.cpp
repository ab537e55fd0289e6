// A wmain without parameters that ends without a return: its result is 0, as with the compiler of Windows.
#ifdef GENERIC
#define UNICODE
#define _UNICODE
#endif
#include <windows.h>

#include <stdio.h>
#include <tchar.h>

#if defined(SHAPE_void)
int wmain(void)
#elif defined(SHAPE_VOID)
int wmain(VOID)
#elif defined(SHAPE_result)
void wmain()
#elif defined(SHAPE_c)
extern "C" int wmain()
#elif defined(GENERIC)
int _tmain()
#else
int wmain()
#endif
{
    puts("once");
}
