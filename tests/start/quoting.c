/* The command line takes apart as it was put together: prints it. */
#include <windows.h>

#include <stdio.h>

int WINAPI WinMain(HINSTANCE instance, HINSTANCE previous, LPSTR line, int show)
{
    (void)instance;
    (void)previous;
    (void)show;
    fputs(line, stdout);
    return 0;
}
