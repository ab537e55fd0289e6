/* A program that brings its own form of words the headers would define, as some do. */
#define __declspec(word)
#define __stdcall
#define __cdecl
#define __forceinline inline
#define __int64 long long
#define WINAPI
#define WINBASEAPI extern
#define IN
#define OUT
#define _In_
#define VOID void
#define TRUE 1
#define UNREFERENCED_PARAMETER(name) (void)(name)
#define ZeroMemory(to, bytes) __builtin_memset(to, 0, bytes)
