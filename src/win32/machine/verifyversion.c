/*
 * verifyversion.c: VerifyVersionInfo, VerSetConditionMask: is this Windows at least, exactly, at most that one?
 *
 * A mask has three bits for each thing that can be compared: how. Version and service pack are one number of four parts,
 * of which the first that differs decides; the other things are compared one by one.
 */
#include <stdbool.h>
#include <stddef.h>

#include "win32/machine/version.h"
#include "win32/wide32.h"
#include "win32/win32.h"

enum { CONDITION_BITS = 3, CONDITION = 7 };

/* What a program asks for; the text in its structure, whose width nobody here needs to know, is left out. */
struct wanted {
    DWORD major, minor, build, platform;
    WORD service_pack_major, service_pack_minor, suite;
    BYTE product;
};

static unsigned condition_of(DWORDLONG mask, DWORD type)
{
    return (unsigned)(mask >> (unsigned)__builtin_ctz(type) * CONDITION_BITS & CONDITION);
}

/* Of several types the highest counts. */
ULONGLONG NTAPI VerSetConditionMask(ULONGLONG ConditionMask, DWORD TypeMask, BYTE Condition)
{
    DWORD types = TypeMask & 0xff;

    if (types == 0)
        return ConditionMask;
    return ConditionMask | (ULONGLONG)(Condition & CONDITION)
                               << (31 - (unsigned)__builtin_clz(types)) * CONDITION_BITS;
}

static bool holds(unsigned condition, DWORD here, DWORD wanted)
{
    switch (condition) {
    case VER_EQUAL: return here == wanted;
    case VER_GREATER: return here > wanted;
    case VER_GREATER_EQUAL: return here >= wanted;
    case VER_LESS: return here < wanted;
    case VER_LESS_EQUAL: return here <= wanted;
    default: return false;
    }
}

struct part {
    DWORD type, here, wanted;
};

/* Of parts that are asked about the first that differs decides, or the last if none does. */
static bool version_holds(const struct wanted *wanted, DWORD types, DWORDLONG mask)
{
    const struct part parts[] = {
        {VER_MAJORVERSION, WM_VERSION_MAJOR, wanted->major},
        {VER_MINORVERSION, WM_VERSION_MINOR, wanted->minor},
        {VER_SERVICEPACKMAJOR, 0, wanted->service_pack_major},
        {VER_SERVICEPACKMINOR, 0, wanted->service_pack_minor},
    };
    bool result = true;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!(types & parts[i].type))
            continue;
        result = holds(condition_of(mask, parts[i].type), parts[i].here, parts[i].wanted);
        if (parts[i].here != parts[i].wanted)
            break;
    }
    return result;
}

/* Suites are sets: all of those wanted, or any. */
static bool suites_hold(unsigned condition, WORD wanted)
{
    if (condition == VER_AND)
        return (WM_VERSION_SUITE & wanted) == wanted;
    return condition == VER_OR && (WM_VERSION_SUITE & wanted) != 0;
}

static wm_status verify(const struct wanted *wanted, DWORD types, DWORDLONG mask)
{
    bool result = version_holds(wanted, types, mask);

    if (types == 0 || mask == 0)
        return WM_VERSION_QUESTION;
    if (types & VER_BUILDNUMBER)
        result &= holds(condition_of(mask, VER_BUILDNUMBER), WM_VERSION_BUILD, wanted->build);
    if (types & VER_PLATFORMID)
        result &= holds(condition_of(mask, VER_PLATFORMID), WM_VERSION_PLATFORM, wanted->platform);
    if (types & VER_PRODUCT_TYPE)
        result &= holds(condition_of(mask, VER_PRODUCT_TYPE), VER_NT_WORKSTATION, wanted->product);
    if (types & VER_SUITENAME)
        result &= suites_hold(condition_of(mask, VER_SUITENAME), wanted->suite);
    return result ? WM_OK : WM_VERSION_OTHER;
}

/* --- the three widths of the text in the structure --- */

#define WANTED(info)                                                                                         \
    {                                                                                                        \
        (info)->dwMajorVersion, (info)->dwMinorVersion, (info)->dwBuildNumber, (info)->dwPlatformId,         \
            (info)->wServicePackMajor, (info)->wServicePackMinor, (info)->wSuiteMask, (info)->wProductType   \
    }

static BOOL traced(const char *function, wm_status st, const void *info, DWORD types, DWORDLONG mask)
{
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(info), WM_HEX(types), WM_HEX(mask));
    return wm_edge_bool(st);
}

BOOL WINAPI VerifyVersionInfoA(LPOSVERSIONINFOEXA lpVersionInformation, DWORD dwTypeMask,
                               DWORDLONG dwlConditionMask)
{
    const struct wanted wanted = WANTED(lpVersionInformation);

    return traced(__func__, verify(&wanted, dwTypeMask, dwlConditionMask), lpVersionInformation, dwTypeMask,
                  dwlConditionMask);
}

BOOL WINAPI VerifyVersionInfoW(LPOSVERSIONINFOEXW lpVersionInformation, DWORD dwTypeMask,
                               DWORDLONG dwlConditionMask)
{
    const struct wanted wanted = WANTED(lpVersionInformation);

    return traced(__func__, verify(&wanted, dwTypeMask, dwlConditionMask), lpVersionInformation, dwTypeMask,
                  dwlConditionMask);
}

struct of_utf16 {
    DWORD dwOSVersionInfoSize, dwMajorVersion, dwMinorVersion, dwBuildNumber, dwPlatformId;
    uint16_t szCSDVersion[128];
    WORD wServicePackMajor, wServicePackMinor, wSuiteMask;
    BYTE wProductType, wReserved;
};

BOOL WINAPI VerifyVersionInfoW_utf16(void *lpVersionInformation, DWORD dwTypeMask, DWORDLONG dwlConditionMask)
{
    const struct of_utf16 *info = (const struct of_utf16 *)lpVersionInformation;
    const struct wanted wanted = WANTED(info);

    return traced(__func__, verify(&wanted, dwTypeMask, dwlConditionMask), lpVersionInformation, dwTypeMask,
                  dwlConditionMask);
}
