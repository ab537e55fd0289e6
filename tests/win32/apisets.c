/* apisets.c: which API sets there are, and what of memoryapi.h answers to its name in each library that has it. */
#include "../support/check.h"

#ifdef WINMEM_VERSION_MAJOR
#include <apiquery2.h>
#else
#define IsApiSetImplemented COMPAT(BOOL, "IsApiSetImplemented", const char *)
#endif

TEST(apisets, names_and_versions, "D12.9i")
{
    EXPECT_OK(IsApiSetImplemented("api-ms-win-core-memory-l1-1-0"));
    EXPECT_OK(IsApiSetImplemented("api-ms-win-core-synch-l1-2-0"));
    EXPECT(!IsApiSetImplemented("api-ms-win-core-nothing-l1-1-0"));
    EXPECT(!IsApiSetImplemented("nothing"));
    EXPECT(!IsApiSetImplemented(""));
}

#ifdef WINMEM_VERSION_MAJOR

TEST(apisets, what_is_no_version, "L476")
{
    EXPECT(IsApiSetImplemented("API-MS-Win-Core-Memory-L1-1-7"));
    EXPECT(!IsApiSetImplemented("api-ms-win-core-memory"));
    EXPECT(!IsApiSetImplemented("api-ms-win-core-memory-l1-1"));
    EXPECT(!IsApiSetImplemented("api-ms-win-core-memory-l1-1-0-0"));
    EXPECT(!IsApiSetImplemented("ext-ms-win-core-memory-l1-1-0"));
    EXPECT(!IsApiSetImplemented(NULL));
}

/* All that Windows's memoryapi.h declares. */
TEST(apisets, every_name_of_memoryapi_answers, "L477")
{
    static const char *const libraries[] = {"kernel32.dll", "kernelbase.dll",
                                            "api-ms-win-core-memory-l1-1-0.dll",
                                            "api-ms-win-core-memory-l1-1-7.dll"};
    static const char *const there[] = {"AllocateUserPhysicalPages",
                                        "AllocateUserPhysicalPages2",
                                        "AllocateUserPhysicalPagesNuma",
                                        "CreateFileMapping2",
                                        "CreateFileMappingFromApp",
                                        "CreateFileMappingNumaW",
                                        "CreateFileMappingW",
                                        "CreateMemoryResourceNotification",
                                        "DiscardVirtualMemory",
                                        "FlushViewOfFile",
                                        "FreeUserPhysicalPages",
                                        "GetLargePageMinimum",
                                        "GetProcessWorkingSetSizeEx",
                                        "GetWriteWatch",
                                        "MapUserPhysicalPages",
                                        "MapViewOfFile",

                                        "MapViewOfFile3",
                                        "MapViewOfFile3FromApp",
                                        "MapViewOfFileEx",
                                        "MapViewOfFileFromApp",
                                        "MapViewOfFileNuma2",
                                        "OfferVirtualMemory",
                                        "OpenFileMappingFromApp",
                                        "OpenFileMappingW",
                                        "PrefetchVirtualMemory",
                                        "QueryMemoryResourceNotification",
                                        "QueryVirtualMemoryInformation",
                                        "ReadProcessMemory",
                                        "ReclaimVirtualMemory",
                                        "ResetWriteWatch",
                                        "SetProcessValidCallTargets",
                                        "SetProcessValidCallTargetsForMappedView",
                                        "SetProcessWorkingSetSizeEx",
                                        "UnmapViewOfFile",
                                        "UnmapViewOfFile2",
                                        "UnmapViewOfFileEx",
                                        "VirtualAlloc",
                                        "VirtualAlloc2",
                                        "VirtualAlloc2FromApp",
                                        "VirtualAllocEx",
                                        "VirtualAllocExNuma",
                                        "VirtualAllocFromApp",
                                        "VirtualFree",
                                        "VirtualFreeEx",
                                        "VirtualLock",
                                        "VirtualProtect",
                                        "VirtualProtectEx",
                                        "VirtualProtectFromApp",
                                        "VirtualQuery",
                                        "VirtualQueryEx",
                                        "VirtualUnlock",
                                        "VirtualUnlockEx",
                                        "WriteProcessMemory"};
    static const char *const lacking[] = {"GetMemoryErrorHandlingCapabilities", "GetSystemFileCacheSize",
                                          "OpenDedicatedMemoryPartition",       "QueryPartitionInformation",
                                          "RegisterBadMemoryNotification",      "SetSystemFileCacheSize",
                                          "UnregisterBadMemoryNotification"};

    for (unsigned i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        HMODULE module = GetModuleHandleA(libraries[i]);

        MUST(module != NULL);
        for (unsigned k = 0; k < sizeof there / sizeof there[0]; k++)
            if (GetProcAddress(module, there[k]) == NULL)
                check_fail(__FILE__, __LINE__, "%s lacks %s", libraries[i], there[k]);
        for (unsigned k = 0; k < sizeof lacking / sizeof lacking[0]; k++)
            EXPECT_FAIL(ERROR_PROC_NOT_FOUND, GetProcAddress(module, lacking[k]));
    }
}

#endif
