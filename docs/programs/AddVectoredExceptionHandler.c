#include <windows.h>
#include <stdio.h>

static LONG WINAPI commit(PEXCEPTION_POINTERS exception)
{
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;

    if (record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION &&
        VirtualAlloc((void *)record->ExceptionInformation[1], 1, MEM_COMMIT, PAGE_READWRITE))
        return EXCEPTION_CONTINUE_EXECUTION; /* the instruction runs again */
    return EXCEPTION_CONTINUE_SEARCH;
}

int main(void)
{
    volatile char *p = VirtualAlloc(NULL, 1 << 20, MEM_RESERVE, PAGE_NOACCESS);

    if (p == NULL || AddVectoredExceptionHandler(1, commit) == NULL)
        return 1;
    p[5000] = 'a';
    puts("committed when it was touched");
    return 0;
}
/* prints: committed when it was touched */
