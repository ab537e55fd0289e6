/* version.h: the Windows that programs are told they run on: Windows 10, 22H2, on a workstation without service packs. */
#ifndef WM_WIN32_VERSION_H
#define WM_WIN32_VERSION_H

enum {
    WM_VERSION_MAJOR = 10,
    WM_VERSION_MINOR = 0,
    WM_VERSION_BUILD = 19045,
    WM_VERSION_PLATFORM = 2, /* VER_PLATFORM_WIN32_NT */
    WM_VERSION_SUITE = 0x100 /* VER_SUITE_SINGLEUSERTS */
};

#endif
