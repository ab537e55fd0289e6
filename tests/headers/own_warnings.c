/*
 * own_warnings.c: a program that is compiled with warnings that headers cannot know of. Included by own_warnings.cpp.
 */
#include <windows.h>

#include <intrin.h>
#include <intsafe.h>
#include <ntifs.h>
#include <psapi.h>
#include <strsafe.h>
#include <versionhelpers.h>
#include <winsock2.h>

LONG count_one(volatile LONG *counter);

LONG count_one(volatile LONG *counter)
{
    return InterlockedIncrement(counter);
}
