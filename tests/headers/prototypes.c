/*
 * prototypes.c: every exported function once more, with the types of its documentation, as they stand in its row of
 * exports.def. A declaration that differs does not compile. Included by prototypes.cpp.
 */
#include <windows.h>
#include <apiquery2.h>
#include <bcrypt.h>
#include <crt/float.h>
#include <crt/stdio.h>
#include <crt/stdlib.h>
#include <crt/string.h>
#include <crt/time.h>
#include <direct.h>
#include <io.h>
#include <ntifs.h>
#include <ntsecapi.h>
#include <process.h>
#include <psapi.h>
#include <shlwapi.h>
#include <tlhelp32.h>
#include <winmem.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WM_EXPORT(node, header, dll, type, name, parameters) type name parameters;
#define WM_EXPORT_WIDE WM_EXPORT
#include WM_EXPORTS

#ifdef __cplusplus
}
#endif
