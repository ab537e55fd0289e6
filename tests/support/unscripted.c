/* Instead of a test that says what the kernel is to answer, in a build in which nobody can. */
#include <stdio.h>

int main(void)
{
    puts("skipped: built without WINMEM_FAULT_SCRIPT");
    return 77;
}
