/*
 * securitydescriptor.c: InitializeSecurityDescriptor, SetSecurityDescriptorDacl, IsValidSecurityDescriptor.
 *
 * Programs make a descriptor that lets everybody in, to share an object with other users. It is filled in as Windows does, and
 * accepted wherever SECURITY_ATTRIBUTES are taken; who may have what, here the permissions of files and the kernel say.
 */
#include "win32/win32.h"

static wm_status check(const SECURITY_DESCRIPTOR *descriptor)
{
    wm_status st = wm_edge_readable(descriptor, sizeof *descriptor);

    return wm_ok(st) && descriptor->Revision != SECURITY_DESCRIPTOR_REVISION ? WM_DESCRIPTOR_REVISION : st;
}

BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR pSecurityDescriptor, DWORD dwRevision)
{
    const SECURITY_DESCRIPTOR fresh = {.Revision = SECURITY_DESCRIPTOR_REVISION};
    wm_status st = dwRevision != SECURITY_DESCRIPTOR_REVISION ? WM_DESCRIPTOR_REVISION : WM_OK;

    if (wm_ok(st))
        st = wm_edge_tell(pSecurityDescriptor, &fresh, sizeof fresh);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(pSecurityDescriptor), WM_DECIMAL(dwRevision));
    return wm_edge_bool(st);
}

static wm_status set_dacl(SECURITY_DESCRIPTOR *descriptor, bool present, PACL dacl, bool defaulted)
{
    wm_status st = check(descriptor);

    if (wm_ok(st) && descriptor->Control & SE_SELF_RELATIVE)
        st = WM_DESCRIPTOR_RELATIVE;
    if (!wm_ok(st))
        return st;
    descriptor->Control &= (SECURITY_DESCRIPTOR_CONTROL)~SE_DACL_PRESENT;
    if (!present)
        return WM_OK;
    descriptor->Dacl = dacl;
    descriptor->Control &= (SECURITY_DESCRIPTOR_CONTROL)~SE_DACL_DEFAULTED;
    descriptor->Control |= SE_DACL_PRESENT | (defaulted ? SE_DACL_DEFAULTED : 0);
    return WM_OK;
}

BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR pSecurityDescriptor, BOOL bDaclPresent, PACL pDacl,
                                      BOOL bDaclDefaulted)
{
    wm_status st = set_dacl(pSecurityDescriptor, bDaclPresent != 0, pDacl, bDaclDefaulted != 0);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(pSecurityDescriptor), WM_BOOL(bDaclPresent), WM_HEX(pDacl),
             WM_BOOL(bDaclDefaulted));
    return wm_edge_bool(st);
}

BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR pSecurityDescriptor)
{
    wm_status st = check(pSecurityDescriptor);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(pSecurityDescriptor));
    return wm_ok(st);
}
