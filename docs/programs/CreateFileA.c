#include <windows.h>
#include <stdio.h>

int main(void)
{
    char name[MAX_PATH], text[4];
    DWORD count;
    HANDLE file;

    if (!GetTempFileNameA(".", "winmem", 0, name))
        return 1;
    file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_DELETE_ON_CLOSE,
                       NULL);
    if (file == INVALID_HANDLE_VALUE || !WriteFile(file, "abc", 4, &count, NULL))
        return 1;
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    if (!ReadFile(file, text, sizeof text, &count, NULL))
        return 1;
    printf("%s\n", text);
    return CloseHandle(file) ? 0 : 1; /* its name goes with the handle */
}
/* prints: abc */
