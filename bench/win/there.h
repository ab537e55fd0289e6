/* there.h: another process through the Win32 API. */
#ifndef BENCH_THERE_H
#define BENCH_THERE_H

#include <windows.h>

static HANDLE there;

static inline void be_of_kind(enum bench_kind kind)
{
    if (kind != FOREIGN)
        ask(other.memory);
}

static inline bool open_other(void)
{
    there = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)other.pid);
    return there != NULL;
}

static inline bool close_other(void)
{
    return CloseHandle(there) != 0;
}

static inline bool allocate_there(void)
{
    void *p = VirtualAllocEx(there, NULL, SMALL, ALLOCATE, PAGE_READWRITE);

    return p != NULL && VirtualFreeEx(there, p, 0, MEM_RELEASE);
}

static char *reservation;

static inline bool prepare_to_ask_there(void)
{
    reservation = VirtualAllocEx(there, NULL, SMALL, MEM_RESERVE, PAGE_NOACCESS);
    return reservation != NULL;
}

static inline bool ask_there(void)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQueryEx(there, reservation, &info, sizeof info) == sizeof info;
}

static inline char *end_of_region_there(char *p)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQueryEx(there, p, &info, sizeof info) == sizeof info ? p + info.RegionSize : NULL;
}

static inline bool read_there(void *to, size_t bytes)
{
    return ReadProcessMemory(there, other.memory, to, bytes, NULL) != 0;
}

static inline bool write_there(const void *from, size_t bytes)
{
    return WriteProcessMemory(there, other.memory, from, bytes, NULL) != 0;
}

#endif
