/*
 * startup.h: where a program begins. Included by windows.h.
 *
 * A program may have main, wmain in any of its shapes, or WinMain or wWinMain; what it has is found by the linker.
 *
 * On Linux      In C++ a wmain without parameters *becomes* main, by the macro below, because main alone may reach its end
 *               without a return: then the program's result is 0, as it is with the compiler of Windows, and otherwise
 *               nobody knows what happens (seen: SIGILL, SIGSEGV, a loop without end). It costs that such a wmain cannot
 *               be called or declared `auto`; WINMEM_NO_WMAIN_MACRO leaves it as it is. With parameters it is a function
 *               like any other, and needs its return.
 *               hPrevInstance is NULL, nCmdShow SW_SHOWDEFAULT (10). lpCmdLine is what follows the program's name, put
 *               together from the arguments so that CommandLineToArgvW would take it apart again
 * Source        learn.microsoft.com, "main function and command-line arguments", "WinMain function (winbase.h)"
 */
#ifndef WINMEM_STARTUP_H
#define WINMEM_STARTUP_H

#include "wintypes.h"

WINMEM_C_BEGIN
int WINAPI WinMain(HINSTANCE hInstance, HINSTANCE hPrevInstance, LPSTR lpCmdLine, int nShowCmd);
int WINAPI wWinMain(HINSTANCE hInstance, HINSTANCE hPrevInstance, LPWSTR lpCmdLine, int nShowCmd);
WINMEM_C_END

#if defined __cplusplus && !defined WINMEM_NO_WMAIN_MACRO

/*
 * `wmain()` and `wmain(void)` stand behind int, or void, in a definition. Two declarators come out, so that what stands
 * before the name goes to the first of them: `int winmem_wmain_is_main(); int main()`.
 */
#define WINMEM_MAIN                                                                                          \
    winmem_wmain_is_main();                                                                                  \
    int main

/*
 * Has a list of arguments a comma? None has `int argc`, nor has an empty one: but behind a macro that leaves a comma if
 * parentheses follow, the empty one has. And `void` has, when it is pasted to the name of another such macro.
 */
#define WINMEM_FIFTH(a, b, c, d, e, ...) e
#define WINMEM_HAS_COMMA(...) WINMEM_FIFTH(__VA_ARGS__, 1, 1, 1, 0, 0)
#define WINMEM_COMMA(...) ,
#define WINMEM_VOID_void ,
#define WINMEM_VOID_VOID ,
#define WINMEM_PASTE_(a, b) a##b
#define WINMEM_PASTE(a, b) WINMEM_PASTE_(a, b)

#define WINMEM_WMAIN_COMMA_1(...) wmain(__VA_ARGS__)
#define WINMEM_WMAIN_COMMA_0(...)                                                                            \
    WINMEM_PASTE(WINMEM_WMAIN_EMPTY_, WINMEM_HAS_COMMA(WINMEM_COMMA __VA_ARGS__()))(__VA_ARGS__)
#define WINMEM_WMAIN_EMPTY_1(...) WINMEM_MAIN()
#define WINMEM_WMAIN_EMPTY_0(...)                                                                            \
    WINMEM_PASTE(WINMEM_WMAIN_VOID_, WINMEM_HAS_COMMA(WINMEM_VOID_##__VA_ARGS__))(__VA_ARGS__)
#define WINMEM_WMAIN_VOID_1(...) WINMEM_MAIN()
#define WINMEM_WMAIN_VOID_0(...) wmain(__VA_ARGS__)

#define wmain(...) WINMEM_PASTE(WINMEM_WMAIN_COMMA_, WINMEM_HAS_COMMA(__VA_ARGS__))(__VA_ARGS__)

#endif

#endif /* WINMEM_STARTUP_H */
