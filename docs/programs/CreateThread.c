#include <windows.h>
#include <stdio.h>

static DWORD WINAPI work(void *parameter)
{
    return *(DWORD *)parameter + 1;
}

int main(void)
{
    DWORD number = 41;
    HANDLE thread = CreateThread(NULL, 0, work, &number, 0, NULL);

    if (thread == NULL || WaitForSingleObject(thread, INFINITE) != WAIT_OBJECT_0 ||
        !GetExitCodeThread(thread, &number))
        return 1;
    printf("%u\n", (unsigned)number);
    return CloseHandle(thread) ? 0 : 1;
}
/* prints: 42 */
