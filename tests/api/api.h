/*
 * api.h: the few sentences that the tests of this folder say again and again.
 *
 * What these helpers make must succeed, or the test ends: a rule is never tested through them.
 */
#ifndef API_H
#define API_H

#include "../support/check.h"

#ifdef __linux__
#include <sys/auxv.h>
#endif

#define PAGE ((SIZE_T)0x1000)   /* sysinfo.c checks that GetSystemInfo agrees */
#define GRAIN ((SIZE_T)0x10000) /* the allocation granularity */
#define MiB ((SIZE_T)0x100000)
/* lpMaximumApplicationAddress */
#if defined(__aarch64__) && defined(__linux__)
#define TOP ((uintptr_t)0xFFFFFFFEFFFF)
#else
#define TOP ((uintptr_t)0x7FFFFFFEFFFF)
#endif

#define AT(p) ((uintptr_t)(p))

/* The NTSTATUS alone tells: the last error stays what it was. */
#define EXPECT_NT(status, call)                                                                              \
    do {                                                                                                     \
        SetLastError(CHECK_SENTINEL);                                                                        \
        EXPECT_EQ((ULONG)(call), status);                                                                    \
        EXPECT_EQ(GetLastError(), CHECK_SENTINEL);                                                           \
    } while (0)

/* Nothing is mapped there. Where addresses are not random, the main stack of Linux reaches above TOP, up to this page. */
static inline void *above_the_maximum(void)
{
#ifdef __linux__
    if (getauxval(AT_EXECFN) > TOP)
        return (void *)(TOP + 0xf001);
#endif
    return (void *)(TOP + 1);
}

static inline BYTE *reserve(SIZE_T size)
{
    BYTE *p = VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_NOACCESS);

    MUST(p != NULL);
    return p;
}

static inline BYTE *commit(SIZE_T size, DWORD protect)
{
    BYTE *p = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, protect);

    MUST(p != NULL);
    return p;
}

static inline void commit_part(BYTE *p, SIZE_T size, DWORD protect)
{
    MUST(VirtualAlloc(p, size, MEM_COMMIT, protect) != NULL);
}

static inline void protect(BYTE *p, SIZE_T size, DWORD new_protect)
{
    DWORD old;

    MUST(VirtualProtect(p, size, new_protect, &old));
}

static inline void release(void *p)
{
    MUST(VirtualFree(p, 0, MEM_RELEASE));
}

/* Addresses that are free and stay so while the test is the only one who allocates. */
static inline BYTE *free_space(SIZE_T size)
{
    BYTE *p = reserve(size);

    release(p);
    return p;
}

static inline BYTE *reserve_placeholder(SIZE_T size)
{
    BYTE *p = VirtualAlloc2(NULL, NULL, size, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);

#ifdef _WIN32
    if (p == NULL && GetLastError() == ERROR_INVALID_PARAMETER)
        SKIP("no placeholders here (Wine before 9, Windows before 1803)");
#endif
    MUST(p != NULL);
    return p;
}

/* These two may fail: the tests look at the result. */
static inline BOOL split_placeholder(void *p, SIZE_T size)
{
    return VirtualFree(p, size, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER);
}

static inline PVOID replace_placeholder(void *p, SIZE_T size, ULONG type, ULONG protection)
{
    return VirtualAlloc2(NULL, p, size, type | MEM_REPLACE_PLACEHOLDER, protection, NULL, 0);
}

static inline HANDLE section(SIZE_T size, DWORD protection)
{
    HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, protection, (DWORD)((ULONG64)size >> 32),
                                       (DWORD)size, NULL);

    MUST(handle != NULL);
    return handle;
}

static inline BYTE *view(HANDLE handle, DWORD access)
{
    BYTE *p = MapViewOfFile(handle, access, 0, 0, 0);

    MUST(p != NULL);
    return p;
}

/* A view of a new anonymous section of that size; its handle is closed again. */
static inline BYTE *anonymous_view(SIZE_T size, DWORD protection, DWORD access)
{
    HANDLE handle = section(size, protection);
    BYTE *p = view(handle, access);

    MUST(CloseHandle(handle));
    return p;
}

/* All bytes have this value. */
static inline int holds(const BYTE *p, SIZE_T size, BYTE value)
{
    return size == 0 || (p[0] == value && memcmp(p, p + 1, size - 1) == 0);
}

/* A handle to this process with these rights and no others. */
static inline HANDLE self_with(DWORD access)
{
    HANDLE handle = OpenProcess(access, FALSE, GetCurrentProcessId());

    MUST(handle != NULL);
    return handle;
}

#endif
