/*
 * securitybaseapi.h: descriptors of who may have an object, and what a token holds.
 *
 * On Linux a file's permissions and the kernel decide who may have what, and nothing has to be enabled first. So a descriptor
 * is accepted and has no effect, and a privilege is one that can be had at once or never.
 */
#ifndef WINMEM_SECURITYBASEAPI_H
#define WINMEM_SECURITYBASEAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * InitializeSecurityDescriptor, SetSecurityDescriptorDacl: a descriptor without anything, and with a list of who may have the
 * object: with NULL for it, everybody.
 *
 * pSecurityDescriptor   SECURITY_DESCRIPTOR_MIN_LENGTH bytes
 * dwRevision            SECURITY_DESCRIPTOR_REVISION
 * bDaclPresent          whether there is a list; without, pDacl and bDaclDefaulted are not looked at
 * pDacl                 the list, which stays the caller's; its contents are not looked at
 *
 * Return non-zero on success, zero on failure.
 * Errors        ERROR_UNKNOWN_REVISION           another revision, also in a descriptor that was not initialised
 *               ERROR_INVALID_SECURITY_DESCR     the descriptor is self-relative
 *               ERROR_NOACCESS                   it cannot be written
 * On Linux      SECURITY_ATTRIBUTES may have one, which has no effect
 * Source        learn.microsoft.com, securitybaseapi.h
 */
WINBASEAPI BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                                    DWORD dwRevision);
WINBASEAPI BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR pSecurityDescriptor, BOOL bDaclPresent,
                                                 PACL pDacl, BOOL bDaclDefaulted);

/*
 * IsValidSecurityDescriptor: whether it was initialised.
 *
 * Returns non-zero if so. Cannot fail; the last error stays what it was.
 * On Linux      lists and owners in it are not looked at
 * Source        learn.microsoft.com, securitybaseapi.h
 */
WINBASEAPI BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR pSecurityDescriptor);

/*
 * AdjustTokenPrivileges: enables or disables privileges that the token holds.
 *
 * TokenHandle            with TOKEN_ADJUST_PRIVILEGES, and with TOKEN_QUERY for PreviousState
 * DisableAllPrivileges   non-zero: all are disabled, and NewState is not looked at
 * NewState               which, each with SE_PRIVILEGE_ENABLED, with 0 (it is disabled) or with SE_PRIVILEGE_REMOVED (the token
 *                        holds it no more)
 * BufferLength           bytes at PreviousState
 * PreviousState          out: those that changed, as they were; NULL is allowed
 * ReturnLength           out: bytes that PreviousState takes; NULL is allowed without that
 *
 * Returns non-zero on success, and then the last error tells whether the token holds all that were named: ERROR_SUCCESS or
 * ERROR_NOT_ALL_ASSIGNED. Zero on failure, and then nothing has changed.
 * Errors        ERROR_INVALID_HANDLE         not a handle of a token
 *               ERROR_ACCESS_DENIED          the handle lacks a right
 *               ERROR_INVALID_PARAMETER      NewState is NULL
 *               ERROR_INSUFFICIENT_BUFFER    PreviousState has no room
 *               ERROR_NOACCESS               a pointer is bad
 * On Linux      the token holds SE_LOCK_MEMORY_NAME, if the machine has large pages set aside (MEM_LARGE_PAGES works), and
 *               nothing else. Whether it is enabled changes nothing but the answers
 * Source        learn.microsoft.com, securitybaseapi.h
 */
WINBASEAPI BOOL WINAPI AdjustTokenPrivileges(HANDLE TokenHandle, BOOL DisableAllPrivileges,
                                             PTOKEN_PRIVILEGES NewState, DWORD BufferLength,
                                             PTOKEN_PRIVILEGES PreviousState, PDWORD ReturnLength);

/*
 * GetTokenInformation: what a token holds, and whose it is.
 *
 * TokenHandle              with TOKEN_QUERY
 * TokenInformationClass    TokenPrivileges (TOKEN_PRIVILEGES), TokenElevation (TOKEN_ELEVATION: whether this is root),
 *                          TokenElevationType (always TokenElevationTypeDefault)
 * TokenInformationLength   bytes at TokenInformation
 * ReturnLength             out: bytes that the answer takes
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE         not a handle of a token
 *               ERROR_ACCESS_DENIED          the handle lacks TOKEN_QUERY
 *               ERROR_INVALID_PARAMETER      any other class: there are no SIDs here
 *               ERROR_INSUFFICIENT_BUFFER    the answer does not fit
 *               ERROR_NOACCESS               a pointer is bad
 * Source        learn.microsoft.com, securitybaseapi.h
 */
WINBASEAPI BOOL WINAPI GetTokenInformation(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS TokenInformationClass,
                                           LPVOID TokenInformation, DWORD TokenInformationLength,
                                           PDWORD ReturnLength);

WINMEM_C_END

#endif /* WINMEM_SECURITYBASEAPI_H */
