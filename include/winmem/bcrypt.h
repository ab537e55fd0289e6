/*
 * bcrypt.h: random bytes. Of what else this header has on Windows nothing is there.
 *
 * Functions of libwinmem-win32.
 */
#ifndef WINMEM_BCRYPT_H
#define WINMEM_BCRYPT_H

#include "ntdef.h"

typedef PVOID BCRYPT_HANDLE;
typedef PVOID BCRYPT_ALG_HANDLE;

/* A generator that need not be opened. */
#define BCRYPT_RNG_ALG_HANDLE ((BCRYPT_ALG_HANDLE)0x00000081)

#define BCRYPT_RNG_USE_ENTROPY_IN_BUFFER 0x00000001
#define BCRYPT_USE_SYSTEM_PREFERRED_RNG 0x00000002

#ifndef BCRYPT_SUCCESS
#define BCRYPT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#endif

WINMEM_C_BEGIN

/*
 * BCryptGenRandom: bytes that nobody can guess.
 *
 * hAlgorithm    NULL with BCRYPT_USE_SYSTEM_PREFERRED_RNG, else BCRYPT_RNG_ALG_HANDLE
 * pbBuffer, cbBuffer    out: where to, and how many
 * dwFlags       BCRYPT_USE_SYSTEM_PREFERRED_RNG; BCRYPT_RNG_USE_ENTROPY_IN_BUFFER has no effect
 *
 * Returns       STATUS_SUCCESS, or
 *               STATUS_INVALID_HANDLE     another handle
 *               STATUS_INVALID_PARAMETER  pbBuffer is NULL; a flag that there is not
 *               STATUS_ACCESS_VIOLATION   pbBuffer cannot be written
 * On Linux      getrandom; in the first moments after the machine has started it waits
 * Source        learn.microsoft.com, bcrypt.h
 */
WINBASEAPI NTSTATUS WINAPI BCryptGenRandom(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbBuffer, ULONG cbBuffer,
                                           ULONG dwFlags);

WINMEM_C_END

#endif /* WINMEM_BCRYPT_H */
