/*
 * ntdef.h: what declarations of native functions are written with. The functions are in winternl.h and ntifs.h; many
 * programs look them up in ntdll.dll by name.
 *
 * Source            learn.microsoft.com, ntdef.h
 */
#ifndef WINMEM_NTDEF_H
#define WINMEM_NTDEF_H

#include "winnt.h"

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define NT_INFORMATION(status) ((ULONG)(status) >> 30 == 1)
#define NT_WARNING(status) ((ULONG)(status) >> 30 == 2)
#define NT_ERROR(status) ((ULONG)(status) >> 30 == 3)

/* Lengths in bytes; Buffer need not end in a zero. */
typedef struct _STRING {
    USHORT Length;
    USHORT MaximumLength;
    PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING;

typedef struct _UNICODE_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _OBJECT_ATTRIBUTES {
    ULONG Length;
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;

#define OBJ_INHERIT 0x00000002
#define OBJ_CASE_INSENSITIVE 0x00000040
#define OBJ_OPENIF 0x00000080

#define InitializeObjectAttributes(object, name, attributes, root, descriptor)                               \
    do {                                                                                                     \
        (object)->Length = sizeof(OBJECT_ATTRIBUTES);                                                        \
        (object)->RootDirectory = (root);                                                                    \
        (object)->ObjectName = (name);                                                                       \
        (object)->Attributes = (attributes);                                                                 \
        (object)->SecurityDescriptor = (descriptor);                                                         \
        (object)->SecurityQualityOfService = NULL;                                                           \
    } while (0)

#endif /* WINMEM_NTDEF_H */
