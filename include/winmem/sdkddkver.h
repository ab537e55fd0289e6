/*
 * sdkddkver.h: which Windows a program asks for. The values to compare with, and what is assumed when the program
 * does not say. Every declaration of these headers is there whatever version is asked for.
 *
 * Source            learn.microsoft.com, "Using the Windows Headers"
 */
#ifndef WINMEM_SDKDDKVER_H
#define WINMEM_SDKDDKVER_H

#define _WIN32_WINNT_NT4 0x0400
#define _WIN32_WINNT_WIN2K 0x0500
#define _WIN32_WINNT_WINXP 0x0501
#define _WIN32_WINNT_WS03 0x0502
#define _WIN32_WINNT_VISTA 0x0600
#define _WIN32_WINNT_WIN6 0x0600
#define _WIN32_WINNT_WS08 0x0600
#define _WIN32_WINNT_WIN7 0x0601
#define _WIN32_WINNT_WIN8 0x0602
#define _WIN32_WINNT_WINBLUE 0x0603
#define _WIN32_WINNT_WIN10 0x0A00

#define NTDDI_WIN2K 0x05000000
#define NTDDI_WINXP 0x05010000
#define NTDDI_WS03 0x05020000
#define NTDDI_VISTA 0x06000000
#define NTDDI_WIN6 0x06000000
#define NTDDI_WIN7 0x06010000
#define NTDDI_WIN8 0x06020000
#define NTDDI_WINBLUE 0x06030000
#define NTDDI_WIN10 0x0A000000
#define NTDDI_WIN10_TH2 0x0A000001
#define NTDDI_WIN10_RS1 0x0A000002
#define NTDDI_WIN10_RS2 0x0A000003
#define NTDDI_WIN10_RS3 0x0A000004
#define NTDDI_WIN10_RS4 0x0A000005
#define NTDDI_WIN10_RS5 0x0A000006
#define NTDDI_WIN10_19H1 0x0A000007
#define NTDDI_WIN10_VB 0x0A000008
#define NTDDI_WIN10_MN 0x0A000009
#define NTDDI_WIN10_FE 0x0A00000A
#define NTDDI_WIN10_CO 0x0A00000B

#ifndef _WIN32_WINNT
#ifdef NTDDI_VERSION
#define _WIN32_WINNT (NTDDI_VERSION >> 16)
#else
#define _WIN32_WINNT _WIN32_WINNT_WIN10
#endif
#endif
#ifndef NTDDI_VERSION
#if _WIN32_WINNT >= 0x0A00
#define NTDDI_VERSION NTDDI_WIN10_CO
#else
#define NTDDI_VERSION (_WIN32_WINNT << 16)
#endif
#endif
#ifndef WINVER
#define WINVER _WIN32_WINNT
#endif

#endif /* WINMEM_SDKDDKVER_H */
