/*
 * x11_after.c: X11's Xmd.h behind windows.h. BOOL and INT64 are X11's from then on; what was declared before keeps Windows'.
 * (L539) Included by x11_after.cpp.
 */
#include <windows.h>
#include <X11/Xmd.h>
#include <psapi.h>

struct request {
    CARD8 type;
    BOOL only_if_exists;
    CARD16 length;
    INT64 number;
};

C_ASSERT(sizeof(BOOL) == 1 && sizeof(struct request) == 16);

int is_committed(const void *address);

int is_committed(const void *address)
{
    MEMORY_BASIC_INFORMATION info;
    LONG64 size = 1;
    BOOL known = VirtualQuery(address, &info, sizeof info) != 0;
    DWORD old;

    return known && VirtualProtect(info.BaseAddress, (SIZE_T)size, info.Protect, &old);
}
