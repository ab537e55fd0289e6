/*
 * names.c: names that stay the program's. Including windows.h brings in no header of the system that clashes with
 * Windows programs, and no macro that breaks Linux ones. Included by names.cpp.
 */
#include <windows.h>

#if defined _UNISTD_H || defined _PTHREAD_H || defined _SYS_MMAN_H || defined _FCNTL_H || defined _MALLOC_H
#error "windows.h brings in a header that programs clash with"
#endif
#if defined min || defined max || defined near || defined far || defined small || defined interface ||       \
    defined status || defined ERROR
#error "windows.h takes a name that programs use"
#endif
#ifdef _MSC_VER
#error "windows.h pretends to be another compiler"
#endif
#if defined _WIN32 && defined __linux__
#error "windows.h decides which side a program takes"
#endif

/* A program may have things of these names. (That no Windows function is declared which is not exported is what
 * tests/package/exports.sh holds.) */
static int open, read, write, unlink, mmap, _msize, near, far, small, status, interface, min, max;
struct mallinfo {
    int own;
};

int use_own_names(struct mallinfo *m);

int use_own_names(struct mallinfo *m)
{
    return m->own + open + read + write + unlink + mmap + _msize + near + far + small + status + interface +
           min + max;
}
