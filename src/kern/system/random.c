/*
 * random.c: what nobody can guess. getrandom without flags may wait while a machine begins, and never
 * afterwards.
 */
#include <errno.h>

#include "kern/sys.h"
#include "kern/system/system.h"

int wm_kern_random(void *out, size_t bytes)
{
    long result = wm_sys3(SYS_getrandom, (long)out, (long)bytes, 0);

    return result == (long)bytes ? 0 : result < 0 ? (int)result : -EIO;
}
