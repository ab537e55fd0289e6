/*
 * mechanisms.c: each mechanism that the library can do without, and whether it is in use here: NAME 1 or 0, one a line.
 */
#include <winmem.h>

#include <stdio.h>

int main(void)
{
#define FEATURE(NAME, name, how, needs) printf("%s %d\n", #name, WinmemFeature(#name));
#include "kern/features.def"
#undef FEATURE
    return 0;
}
