/* layout.cpp: layout.c as C++, and which types are the same type, since C++ tells overloads apart by them. */
#include "layout.c"

#include <cstdint>
#include <type_traits>

#define SAME(a, b) static_assert(std::is_same<a, b>::value, #a " is " #b)

SAME(SIZE_T, std::size_t);
SAME(ULONG_PTR, SIZE_T);
SAME(UINT_PTR, std::uintptr_t);
SAME(DWORD, unsigned int);
SAME(DWORD, ULONG);
SAME(LONG, int);
SAME(ULONGLONG, unsigned long long);
SAME(DWORD64, ULONGLONG);
SAME(HANDLE, void *);
SAME(decltype(GetLastError()), unsigned int);
#ifdef WINMEM_WCHAR16
SAME(WCHAR, char16_t);
#else
SAME(WCHAR, wchar_t);
#endif
#ifndef NO_STRICT
static_assert(!std::is_same<HMODULE, HANDLE>::value, "a module is not just any handle");
#endif
static_assert(std::is_pointer<FARPROC>::value && std::is_function<std::remove_pointer<FARPROC>::type>::value,
              "FARPROC points to a function");
