#include <windows.h>
#include <stdio.h>

int main(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 65536, NULL);
    char *one = section ? MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    char *other = section ? MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0) : NULL;

    if (one == NULL || other == NULL)
        return 1;
    one[0] = 'a';
    printf("%c in both\n", other[0]);
    UnmapViewOfFile(one);
    UnmapViewOfFile(other);
    return CloseHandle(section) ? 0 : 1;
}
/* prints: a in both */
