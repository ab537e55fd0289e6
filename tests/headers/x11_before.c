/* x11_before.c: X11's Xmd.h above windows.h. Included by x11_before.cpp. */
#include <X11/Xmd.h>
#include <windows.h>

C_ASSERT(sizeof(BOOL) == 1);

int is_free(const void *address);

int is_free(const void *address)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQuery(address, &info, sizeof info) != 0 && info.State == MEM_FREE;
}
