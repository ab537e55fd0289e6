/*
 * genrandom.c: BCryptGenRandom, RtlGenRandom: bytes that nobody can guess, from the kernel (getrandom).
 *
 * Until the kernel has gathered enough to begin with it is waited for, as it must be; a signal handler does not end that.
 */
#include <bcrypt.h>
#include <errno.h>
#include <ntsecapi.h>

#include "kern/system/system.h"
#include "vm/errno_status.h"
#include "win32/win32.h"

/* What the kernel gives at once, and a signal does not cut off. */
enum { WHOLE = 256 };

static wm_status fill(void *buffer, size_t bytes)
{
    for (char *to = buffer; bytes > 0;) {
        size_t part = bytes < WHOLE ? bytes : WHOLE;
        int result = wm_kern_random(to, part);

        if (result == -EINTR)
            continue;
        if (result != 0)
            return wm_from_errno(WM_OP_TRANSFER, result);
        to += part;
        bytes -= part;
    }
    return WM_OK;
}

/* The handles that stand for an algorithm without being opened. */
static bool is_generator(BCRYPT_ALG_HANDLE algorithm)
{
    return algorithm == BCRYPT_RNG_ALG_HANDLE;
}

static wm_status generate(BCRYPT_ALG_HANDLE algorithm, void *buffer, ULONG bytes, ULONG flags)
{
    bool system = flags & BCRYPT_USE_SYSTEM_PREFERRED_RNG;

    if (flags & ~(ULONG)(BCRYPT_USE_SYSTEM_PREFERRED_RNG | BCRYPT_RNG_USE_ENTROPY_IN_BUFFER))
        return WM_FLAGS_NOT_ZERO;
    if (system ? algorithm != NULL : !is_generator(algorithm))
        return WM_HANDLE;
    return buffer == NULL && bytes > 0 ? WM_RESULT_NULL : fill(buffer, bytes);
}

NTSTATUS WINAPI BCryptGenRandom(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbBuffer, ULONG cbBuffer, ULONG dwFlags)
{
    wm_status st = generate(hAlgorithm, pbBuffer, cbBuffer, dwFlags);

    WM_TRACE(st, WM_RETURNS_ZERO, WM_HEX(hAlgorithm), WM_HEX(pbBuffer), WM_HEX(cbBuffer), WM_HEX(dwFlags));
    return (NTSTATUS)wm_status_nt(st);
}

#undef RtlGenRandom

BOOLEAN NTAPI SystemFunction036(PVOID RandomBuffer, ULONG RandomBufferLength)
{
    wm_status st = RandomBuffer == NULL && RandomBufferLength > 0 ? WM_RESULT_NULL
                                                                  : fill(RandomBuffer, RandomBufferLength);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(RandomBuffer), WM_HEX(RandomBufferLength));
    return wm_ok(st);
}
