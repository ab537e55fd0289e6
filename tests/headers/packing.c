/* packing.c: structures between pshpack1.h and poppack.h, and images as Windows has them. Included by packing.cpp. */
#include <windows.h>

#include <pshpack1.h>
struct packed {
    BYTE first;
    DWORD second;
};
#include <pshpack2.h>
struct halfway {
    BYTE first;
    DWORD second;
};
#include <poppack.h>
#include <poppack.h>
struct ordinary {
    BYTE first;
    DWORD second;
};

C_ASSERT(sizeof(struct packed) == 5);
C_ASSERT(sizeof(struct halfway) == 6);
C_ASSERT(sizeof(struct ordinary) == 8);

/* Programs ask whether they are in a DLL. */
int is_library(HMODULE module);

int is_library(HMODULE module)
{
    PIMAGE_DOS_HEADER dos = (PIMAGE_DOS_HEADER)module;
    PIMAGE_NT_HEADERS nt = (PIMAGE_NT_HEADERS)((BYTE *)module + dos->e_lfanew);

    if (dos->e_magic != IMAGE_DOS_SIGNATURE || nt->Signature != IMAGE_NT_SIGNATURE)
        return -1;
    return (nt->FileHeader.Characteristics & IMAGE_FILE_DLL) != 0 &&
           IMAGE_FIRST_SECTION(nt)->SizeOfRawData > 0;
}
