// One of the shapes that wmain has in C++, chosen by -DSHAPE_...; each has its own mangled name.
#include <windows.h>

#if defined(SHAPE_none)
int wmain()
{
    return 42;
}
#elif defined(SHAPE_int)
int wmain(int argc)
{
    return argc == 8 ? 42 : 1;
}
#else
#include "expect.h"

#if defined(SHAPE_int_WCHARPP) || defined(SHAPE_int_WCHARPP_WCHARPP)
typedef WCHAR **strings;
#elif defined(SHAPE_int_constWCHARPP) || defined(SHAPE_int_constWCHARPP_constWCHARPP)
typedef const WCHAR **strings;
#elif defined(SHAPE_int_WCHARPconstP)
typedef WCHAR *const *strings;
#elif defined(SHAPE_int_constWCHARPconstP)
typedef const WCHAR *const *strings;
#endif

#if defined(SHAPE_int_WCHARPP_WCHARPP) || defined(SHAPE_int_constWCHARPP_constWCHARPP)
int wmain(int argc, strings argv, strings envp)
{
    int code = check_args(argc, argv);

    return code == 42 ? check_env(envp) : code;
}
#else
int wmain(int argc, strings argv)
{
    (void)check_env;
    return check_args(argc, argv);
}
#endif
#endif
