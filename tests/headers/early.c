/*
 * early.c: what a Windows program writes above windows.h, with the flags for the Windows side: the words of the Microsoft
 * compiler (L538), and wide strings with <string.h> alone (L580). Included by early.cpp.
 */
#include <string.h>

size_t early_length(const wchar_t *text);

size_t early_length(const wchar_t *text)
{
    return wcslen(text);
}

unsigned __int64 early_counter;
typedef __int32 early_number;

#ifndef WIN32
#error "the flags for the Windows side do not say WIN32"
#endif

#ifdef EARLY_DLL
#define EARLY_API __declspec(dllexport)
#else
#define EARLY_API __declspec(dllimport)
#endif

#ifdef __cplusplus
extern "C" {
#endif
EARLY_API int __cdecl early_compare(const void *a, const void *b);
EARLY_API int __stdcall early_callback(__int64 number);
#ifdef __cplusplus
}
#endif

static __forceinline int early_inline(int number)
{
    return number + 1;
}

static __declspec(align(16)) char early_buffer[16];

#include <windows.h>
#include <string.h>

int __stdcall early_callback(__int64 number)
{
    LARGE_INTEGER large;

    large.QuadPart = number;
    early_buffer[0] = (char)isdigit(large.LowPart & 0x7f);
    return early_inline((int)strlen(early_buffer));
}

int __cdecl early_compare(const void *a, const void *b)
{
    volatile LONG64 *counter = (volatile LONG64 *)&early_counter;

    return (int)InterlockedIncrement64(counter) + memcmp(a, b, sizeof(early_number));
}
