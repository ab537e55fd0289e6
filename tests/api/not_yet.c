/*
 * What is not there yet: until then it fails with its documented error and changes nothing.
 * Nothing pretends. These checks are about winmem alone; each goes when its feature comes.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

TEST(not_yet, functions_that_are_not_there_are_not_exported, "L121 D12.9c")
{
    static const char *const names[] = {"CreateThread", "CreateMutexA"};
    HMODULE module = GetModuleHandleA("kernel32.dll");
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        EXPECT_FAIL(ERROR_PROC_NOT_FOUND, GetProcAddress(module, names[i]) != NULL);
}

#endif
