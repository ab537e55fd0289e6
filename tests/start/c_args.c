#include <windows.h>
#include "expect.h"

int wmain(int argc, WCHAR **argv, WCHAR **envp)
{
    int code = check_args(argc, (const WCHAR *const *)argv);

    return code == 42 ? check_env((const WCHAR *const *)envp) : code;
}
