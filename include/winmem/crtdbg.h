/*
 * crtdbg.h: the debug C run time of Windows. As in a release build there, its functions are macros that do nothing, and its
 * assertions are not looked at.
 */
#ifndef WINMEM_CRTDBG_H
#define WINMEM_CRTDBG_H

typedef void *_HFILE;

#define _CRT_WARN 0
#define _CRT_ERROR 1
#define _CRT_ASSERT 2

#define _CRTDBG_MODE_FILE 0x1
#define _CRTDBG_MODE_DEBUG 0x2
#define _CRTDBG_MODE_WNDW 0x4
#define _CRTDBG_REPORT_MODE (-1)

#define _CRTDBG_INVALID_HFILE ((_HFILE)(long long)-1)
#define _CRTDBG_HFILE_ERROR ((_HFILE)(long long)-2)
#define _CRTDBG_FILE_STDOUT ((_HFILE)(long long)-4)
#define _CRTDBG_FILE_STDERR ((_HFILE)(long long)-5)
#define _CRTDBG_REPORT_FILE ((_HFILE)(long long)-6)

#define _CRTDBG_ALLOC_MEM_DF 0x01
#define _CRTDBG_DELAY_FREE_MEM_DF 0x02
#define _CRTDBG_CHECK_ALWAYS_DF 0x04
#define _CRTDBG_CHECK_CRT_DF 0x10
#define _CRTDBG_LEAK_CHECK_DF 0x20
#define _CRTDBG_REPORT_FLAG (-1)

#define _CrtSetReportMode(type, mode) ((int)0)
#define _CrtSetReportFile(type, file) ((_HFILE)0)
#define _CrtSetDbgFlag(flag) ((int)0)
#define _CrtSetBreakAlloc(number) ((long)0)
#define _CrtDumpMemoryLeaks() ((int)0)
#define _CrtCheckMemory() ((int)1)
#define _CrtDbgBreak() ((void)0)

#define _ASSERT(truth) ((void)0)
#define _ASSERTE(truth) ((void)0)
#define _ASSERT_EXPR(truth, text) ((void)0)
#define _RPT0(type, text) ((void)0)
#define _RPT1(type, text, a) ((void)0)
#define _RPT2(type, text, a, b) ((void)0)
#define _RPTF0(type, text) ((void)0)
#define _RPTF1(type, text, a) ((void)0)

#endif /* WINMEM_CRTDBG_H */
