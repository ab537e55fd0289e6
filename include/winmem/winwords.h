/*
 * winwords.h: words that the Microsoft compiler knows before any header. windows.h has them; the flags for the Windows side
 * (pkg-config winmem-win32) include this file before all others, since programs use them above windows.h or without it.
 *
 * It has macros only, none that is defined already, and goes into assembly as well.
 *
 * Source            learn.microsoft.com, "Keywords (C++)", "__declspec"
 */
#ifndef WINMEM_WINWORDS_H
#define WINMEM_WINWORDS_H

/* To clang some of these are keywords, which warn about a calling convention that x86-64 does not have. */
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif

#ifndef __cdecl
#define __cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif
#ifndef __fastcall
#define __fastcall
#endif
#ifndef __thiscall
#define __thiscall
#endif
#ifndef __vectorcall
#define __vectorcall
#endif
#ifndef _cdecl
#define _cdecl
#endif
#ifndef _stdcall
#define _stdcall
#endif
#ifndef __unaligned
#define __unaligned
#endif
#ifndef __ptr64
#define __ptr64
#endif
#ifndef __forceinline
#define __forceinline __inline__ __attribute__((__always_inline__))
#endif
#ifndef __int8
#define __int8 char
#endif
#ifndef __int16
#define __int16 short
#endif
#ifndef __int32
#define __int32 int
#endif
#ifndef __int64
#define __int64 long long
#endif

/* One word at a time; a word without meaning here vanishes. An unknown word is an error that names it. */
#ifndef __declspec
#define __declspec(word) WINMEM_DECLSPEC_##word
#endif
#define WINMEM_DECLSPEC_align(bytes) __attribute__((__aligned__(bytes)))
#define WINMEM_DECLSPEC_allocator
#define WINMEM_DECLSPEC_deprecated __attribute__((__deprecated__))
#define WINMEM_DECLSPEC_dllexport __attribute__((__visibility__("default")))
#define WINMEM_DECLSPEC_dllimport
#define WINMEM_DECLSPEC_empty_bases
#define WINMEM_DECLSPEC_noalias
#define WINMEM_DECLSPEC_noinline __attribute__((__noinline__))
#define WINMEM_DECLSPEC_noreturn __attribute__((__noreturn__))
#define WINMEM_DECLSPEC_nothrow __attribute__((__nothrow__))
#define WINMEM_DECLSPEC_novtable
#define WINMEM_DECLSPEC_restrict
#define WINMEM_DECLSPEC_safebuffers
#define WINMEM_DECLSPEC_selectany __attribute__((__weak__))
#define WINMEM_DECLSPEC_uuid(text)
#ifdef __cplusplus
#define WINMEM_DECLSPEC_thread thread_local
#else
#define WINMEM_DECLSPEC_thread _Thread_local
#endif

#ifdef __clang__
#pragma clang diagnostic pop
#endif

#endif /* WINMEM_WINWORDS_H */
