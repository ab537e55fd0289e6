/*
 * A library that knows nothing of winmem and sets a handler for SIGSEGV: its reference to sigaction names libc's version.
 */
#include <signal.h>
#include <string.h>

int other_library_handles(int number, void (*handler)(int));

int other_library_handles(int number, void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, 0);
}
