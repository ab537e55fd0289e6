/*
 * wintypes.h: the words the Windows headers are written in. Widths are Windows' on an LP64 system: a DWORD,
 * ULONG or LONG is 32 bits, never `long`; SIZE_T and ULONG_PTR are a pointer wide and the same type as size_t.
 *
 *   64-bit integers   `long long`, so that %lld and %llu print a LONGLONG as they do on Windows
 *   WCHAR             wchar_t. With -fshort-wchar that is 16 bits. With WINMEM_WCHAR16 defined it is char16_t.
 *                     In both 16-bit cases the W functions have symbols of their own (WINMEM_WIDE_SYMBOL)
 *   macros            a name that a program may define itself is only defined when it is not yet
 *   min, max          never in C++; in C only when WINMEM_DEFINE_MINMAX is defined
 *
 * Source            learn.microsoft.com, "Windows Data Types"; winnt.h, basetsd.h, minwindef.h
 */
#ifndef WINMEM_WINTYPES_H
#define WINMEM_WINTYPES_H

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "corecrt.h"
#include "sal.h"
#include "sdkddkver.h"
#include "winapifamily.h"
#include "winwords.h"

/* Where the SDK defines it: for programs that take their Windows side. */
#if defined _WIN32 && !defined WIN32
#define WIN32
#endif

/* ---- Calling conventions and declarations ------------------------------------------------------------- */

#ifndef WINAPI
#define WINAPI
#endif
#ifndef WINAPIV
#define WINAPIV
#endif
#ifndef APIENTRY
#define APIENTRY WINAPI
#endif
#ifndef CALLBACK
#define CALLBACK
#endif
#ifndef NTAPI
#define NTAPI
#endif

#ifndef WINBASEAPI
#define WINBASEAPI WINMEM_PUBLIC
#endif
#ifndef NTSYSAPI
#define NTSYSAPI WINMEM_PUBLIC
#endif

#ifndef EXTERN_C
#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif
#endif

#ifndef DECLSPEC_ALIGN
#define DECLSPEC_ALIGN(bytes) __attribute__((__aligned__(bytes)))
#endif
#ifndef DECLSPEC_IMPORT
#define DECLSPEC_IMPORT
#endif
#ifndef DECLSPEC_NOINLINE
#define DECLSPEC_NOINLINE __attribute__((__noinline__))
#endif
#ifndef DECLSPEC_NORETURN
#define DECLSPEC_NORETURN __attribute__((__noreturn__))
#endif
#ifndef FORCEINLINE
#define FORCEINLINE __forceinline
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif

/* ---- Integers ----------------------------------------------------------------------------------------- */

#ifndef VOID
typedef void VOID;
#endif
typedef void *PVOID, *LPVOID;
typedef const void *PCVOID, *LPCVOID;

typedef unsigned char BYTE, UCHAR, BOOLEAN;
typedef BYTE *PBYTE, *LPBYTE, *PBOOLEAN;
typedef UCHAR *PUCHAR;
typedef short SHORT, *PSHORT;
typedef unsigned short WORD, USHORT;
typedef WORD *PWORD, *LPWORD;
typedef USHORT *PUSHORT;
typedef int INT, *PINT, *LPINT;
typedef unsigned int UINT, *PUINT, *LPUINT;
typedef int32_t LONG, *PLONG, *LPLONG;
typedef uint32_t DWORD, ULONG;
typedef DWORD *PDWORD, *LPDWORD;
typedef ULONG *PULONG;
typedef float FLOAT, *PFLOAT;
typedef double DOUBLE;

typedef int8_t INT8, *PINT8;
typedef int16_t INT16, *PINT16;
typedef int32_t INT32, LONG32, *PINT32, *PLONG32;
typedef uint8_t UINT8, *PUINT8;
typedef uint16_t UINT16, *PUINT16;
typedef uint32_t UINT32, ULONG32, DWORD32, *PUINT32, *PULONG32, *PDWORD32;

/* X11's Xmd.h says by this name that a long has 64 bits. */
#ifdef LONG64
#undef LONG64
#endif
typedef long long LONGLONG, LONG64, *PLONGLONG, *PLONG64, *PINT64;
typedef unsigned long long ULONGLONG, DWORDLONG, ULONG64, DWORD64, UINT64;
typedef ULONGLONG *PULONGLONG, *PDWORDLONG, *PULONG64, *PDWORD64, *PUINT64;

typedef intptr_t INT_PTR, LONG_PTR, SSIZE_T, *PINT_PTR, *PLONG_PTR, *PSSIZE_T;
typedef uintptr_t UINT_PTR, ULONG_PTR, DWORD_PTR, KAFFINITY, *PUINT_PTR, *PULONG_PTR, *PDWORD_PTR,
    *PKAFFINITY;
typedef size_t SIZE_T, *PSIZE_T;

/*
 * X11's Xmd.h and Objective-C have a BOOL, X11 an INT64, of their own; then those stay. Our functions return and
 * take 0 and 1 through either; our structures and pointers say int.
 */
#if !defined XMD_H && !defined __OBJC__
typedef int BOOL;
#endif
#ifndef XMD_H
typedef long long INT64;
#endif
typedef int *PBOOL, *LPBOOL;

#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef NULL
#define NULL 0
#endif

typedef LONG HRESULT;
typedef LONG NTSTATUS, *PNTSTATUS;
typedef DWORD ACCESS_MASK, *PACCESS_MASK;
typedef WORD LANGID;
typedef DWORD LCID;

#define MAXCHAR 0x7f
#define MAXBYTE 0xff
#define MAXSHORT 0x7fff
#define MAXWORD 0xffff
#define MINLONG ((LONG)0x80000000)
#define MAXLONG 0x7fffffff
#define MAXDWORD 0xffffffff
#define MAXLONGLONG 0x7fffffffffffffff
#define MAXULONG_PTR (~(ULONG_PTR)0)
#define MAXSIZE_T (~(SIZE_T)0)

/* ---- Characters --------------------------------------------------------------------------------------- */

typedef char CHAR, *PCHAR, *LPCH, *PCH, *PSZ, *PSTR, *LPSTR;
typedef const char *PCSTR, *LPCSTR, *LPCCH, *PCCH, *PCSZ;

typedef WINMEM_WCHAR WCHAR;
typedef WCHAR *PWCHAR, *LPWCH, *PWCH, *PWSTR, *LPWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR, *LPCWCH, *PCWCH;

#ifdef WINMEM_WCHAR16
#define WINMEM_WIDE_TEXT(quoted) u##quoted
#else
#define WINMEM_WIDE_TEXT(quoted) L##quoted
#endif

#ifdef UNICODE
typedef LPWSTR PTSTR, LPTSTR;
typedef LPCWSTR PCTSTR, LPCTSTR;
#define __TEXT(quoted) WINMEM_WIDE_TEXT(quoted)
#else
typedef LPSTR PTSTR, LPTSTR;
typedef LPCSTR PCTSTR, LPCTSTR;
#define __TEXT(quoted) quoted
#endif
#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
#ifdef UNICODE
typedef WCHAR TCHAR, *PTCHAR;
typedef WCHAR TBYTE, *PTBYTE;
#else
typedef char TCHAR, *PTCHAR;
typedef unsigned char TBYTE, *PTBYTE;
#endif
#endif
#ifndef TEXT
#define TEXT(quoted) __TEXT(quoted)
#endif

/*
 * Lets the start code of a program with wmain see which kind of wide string the program was compiled for: a weak
 * reference to it is NULL where no object has 16-bit WCHAR. Hidden, so a shared object speaks for itself only.
 * The library's own sources define WINMEM_BUILDING, or its archive would speak for the program.
 */
#if WINMEM_WIDE_IS_UTF16 && !defined WINMEM_BUILDING
WINMEM_C_BEGIN
extern const int winmem_wide_is_utf16 __attribute__((__weak__, __visibility__("hidden")));
const int winmem_wide_is_utf16 __attribute__((__used__)) = 1;
WINMEM_C_END
#endif

/* ---- Handles ------------------------------------------------------------------------------------------ */

typedef void *HANDLE;
typedef HANDLE *PHANDLE, *LPHANDLE, HGLOBAL, HLOCAL, GLOBALHANDLE, LOCALHANDLE;

#ifdef NO_STRICT
#define DECLARE_HANDLE(name) typedef HANDLE name
#else
#define DECLARE_HANDLE(name)                                                                                 \
    struct name##__ {                                                                                        \
        int unused;                                                                                          \
    };                                                                                                       \
    typedef struct name##__ *name
#endif
DECLARE_HANDLE(HINSTANCE);
DECLARE_HANDLE(HWND);
typedef HINSTANCE HMODULE;

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

/* What GetProcAddress returns; cast it to the type of the function. In C it takes any arguments. */
#ifndef __cplusplus
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#endif
typedef INT_PTR(WINAPI *FARPROC)();
typedef INT_PTR(WINAPI *NEARPROC)();
typedef INT_PTR(WINAPI *PROC)();
#ifndef __cplusplus
#pragma GCC diagnostic pop
#endif

/* ---- Small structures --------------------------------------------------------------------------------- */

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef struct _LUID {
    DWORD LowPart;
    LONG HighPart;
} LUID, *PLUID;

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID;
#endif

typedef struct DECLSPEC_ALIGN(16) _M128A {
    ULONGLONG Low;
    LONGLONG High;
} M128A, *PM128A;

typedef struct _GROUP_AFFINITY {
    KAFFINITY Mask;
    WORD Group;
    WORD Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

typedef struct _PROCESSOR_NUMBER {
    WORD Group;
    BYTE Number;
    BYTE Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

/* ---- Helpers ------------------------------------------------------------------------------------------ */

#ifndef MAX_PATH
#define MAX_PATH 260
#endif

#define LOBYTE(word) ((BYTE)((DWORD_PTR)(word)&0xff))
#define HIBYTE(word) ((BYTE)((DWORD_PTR)(word) >> 8 & 0xff))
#define LOWORD(dword) ((WORD)((DWORD_PTR)(dword)&0xffff))
#define HIWORD(dword) ((WORD)((DWORD_PTR)(dword) >> 16 & 0xffff))
#define MAKEWORD(low, high) ((WORD)((BYTE)(low) | (WORD)(BYTE)(high) << 8))
#define MAKELONG(low, high) ((LONG)((WORD)(low) | (DWORD)(WORD)(high) << 16))
#define MAKELANGID(primary, sub) ((WORD)((WORD)(sub) << 10 | (WORD)(primary)))

/* A small number where a name is expected; see IS_INTRESOURCE. */
#define MAKEINTRESOURCEA(number) ((LPSTR)(ULONG_PTR)(WORD)(number))
#define MAKEINTRESOURCEW(number) ((LPWSTR)(ULONG_PTR)(WORD)(number))
#define IS_INTRESOURCE(name) ((ULONG_PTR)(name) >> 16 == 0)
#ifdef UNICODE
#define MAKEINTRESOURCE MAKEINTRESOURCEW
#else
#define MAKEINTRESOURCE MAKEINTRESOURCEA
#endif

#ifndef FIELD_OFFSET
#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#endif
#ifndef CONTAINING_RECORD
#define CONTAINING_RECORD(address, type, field) ((type *)((char *)(address)-offsetof(type, field)))
#endif
#ifndef ARRAYSIZE
#define ARRAYSIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif
#ifndef UNREFERENCED_PARAMETER
#define UNREFERENCED_PARAMETER(name) ((void)(name))
#endif
#ifndef C_ASSERT
#ifdef __cplusplus
#define C_ASSERT(truth) static_assert(truth, #truth)
#else
#define C_ASSERT(truth) _Static_assert(truth, #truth)
#endif
#endif

#ifndef ZeroMemory
#define ZeroMemory(destination, bytes) memset((destination), 0, (bytes))
#endif
#ifndef FillMemory
#define FillMemory(destination, bytes, value) memset((destination), (value), (bytes))
#endif
#ifndef CopyMemory
#define CopyMemory(destination, source, bytes) memcpy((destination), (source), (bytes))
#endif
#ifndef MoveMemory
#define MoveMemory(destination, source, bytes) memmove((destination), (source), (bytes))
#endif
#define RtlZeroMemory ZeroMemory
#define RtlFillMemory FillMemory
#define RtlCopyMemory CopyMemory
#define RtlMoveMemory MoveMemory

#ifndef MemoryBarrier
#define MemoryBarrier() __sync_synchronize()
#endif
#ifndef YieldProcessor
#if defined __x86_64__ || defined __i386__
#define YieldProcessor() __builtin_ia32_pause()
#elif defined __aarch64__
#define YieldProcessor() __asm__ __volatile__("yield" : : : "memory")
#else
#define YieldProcessor() __asm__ __volatile__("" ::: "memory")
#endif
#endif

#if defined WINMEM_DEFINE_MINMAX && !defined NOMINMAX && !defined __cplusplus
#ifndef min
#define min(a, b) ((a) < (b) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) ((a) > (b) ? (a) : (b))
#endif
#endif

#endif /* WINMEM_WINTYPES_H */
