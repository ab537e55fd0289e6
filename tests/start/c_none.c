#include <windows.h>

int wmain(void)
{
    return 42;
}
