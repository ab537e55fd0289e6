#include <windows.h>
#include <stdio.h>

int main(void)
{
    HANDLE process = OpenProcess(PROCESS_VM_READ, FALSE, GetCurrentProcessId()); /* or any other */
    const char text[] = "what is there";
    char copy[sizeof text];

    if (process == NULL || !ReadProcessMemory(process, text, copy, sizeof copy, NULL))
        return 1;
    puts(copy);
    return CloseHandle(process) ? 0 : 1;
}
/* prints: what is there */
