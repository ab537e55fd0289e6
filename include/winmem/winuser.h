/*
 * winuser.h: wsprintf, and MessageBox, which programs end with. There are no windows, so nothing else of this header is here.
 *
 * Functions of libwinmem-win32.
 */
#ifndef WINMEM_WINUSER_H
#define WINMEM_WINUSER_H

#include "minwindef.h"

#define MB_OK 0x00000000
#define MB_OKCANCEL 0x00000001
#define MB_ABORTRETRYIGNORE 0x00000002
#define MB_YESNOCANCEL 0x00000003
#define MB_YESNO 0x00000004
#define MB_RETRYCANCEL 0x00000005
#define MB_CANCELTRYCONTINUE 0x00000006
#define MB_ICONHAND 0x00000010
#define MB_ICONSTOP 0x00000010
#define MB_ICONERROR 0x00000010
#define MB_ICONQUESTION 0x00000020
#define MB_ICONEXCLAMATION 0x00000030
#define MB_ICONWARNING 0x00000030
#define MB_ICONASTERISK 0x00000040
#define MB_ICONINFORMATION 0x00000040
#define MB_DEFBUTTON1 0x00000000
#define MB_DEFBUTTON2 0x00000100
#define MB_DEFBUTTON3 0x00000200
#define MB_DEFBUTTON4 0x00000300
#define MB_APPLMODAL 0x00000000
#define MB_SYSTEMMODAL 0x00001000
#define MB_TASKMODAL 0x00002000
#define MB_HELP 0x00004000
#define MB_SETFOREGROUND 0x00010000
#define MB_DEFAULT_DESKTOP_ONLY 0x00020000
#define MB_TOPMOST 0x00040000
#define MB_RIGHT 0x00080000
#define MB_RTLREADING 0x00100000
#define MB_SERVICE_NOTIFICATION 0x00200000

#define IDOK 1
#define IDCANCEL 2
#define IDABORT 3
#define IDRETRY 4
#define IDIGNORE 5
#define IDYES 6
#define IDNO 7
#define IDTRYAGAIN 10
#define IDCONTINUE 11

WINMEM_C_BEGIN

/*
 * MessageBoxA, MessageBoxW: tells the user something.
 *
 * hWnd          not looked at: there are no windows
 * lpText        what is told
 * lpCaption     what it is about; NULL: "Error"
 * uType         MB_ values: the buttons, and which of them is the default one. The others change nothing
 *
 * Returns the default button (IDOK and so on); 0 on failure.
 * Errors        ERROR_INVALID_MSGBOX_STYLE  there are no such buttons
 *               ERROR_NOT_ENOUGH_MEMORY     no memory for the text
 * On Linux      there is no box, and nobody presses a button: "caption: text" is written to the standard error output, as one
 *               line. The A form takes UTF-8
 * Source        learn.microsoft.com, winuser.h
 */
WINBASEAPI int WINAPI MessageBoxA(HWND hWnd, LPCSTR lpText, LPCSTR lpCaption, UINT uType);
WINBASEAPI int WINAPI MessageBoxW(HWND hWnd, LPCWSTR lpText, LPCWSTR lpCaption, UINT uType)
    WINMEM_WIDE_SYMBOL("MessageBoxW");

/*
 * wsprintfA, wsprintfW, wvsprintfA, wvsprintfW: a text of a format, up to 1,023 characters.
 *
 * out       where to: room for 1,024 characters
 * format    c C d i p s S u x X, with - # 0, a width, a precision, and h l w ll I I32 I64 as sizes
 * arglist   what is inserted
 *
 * Returns the number of characters without the terminator; what is beyond the 1,023rd is left out.
 * On Linux  a long has 32 bits here. A string that is NULL is "(null)". Strings of the other character width (S, and hs or ls) have
 *           the WCHAR of the program. The A forms return bytes of UTF-8, of which a character may have four
 * Source    learn.microsoft.com, winuser.h
 */
WINBASEAPI int WINAPIV wsprintfA(LPSTR out, LPCSTR format, ...) WINMEM_WIDE_SYMBOL("wsprintfA");
WINBASEAPI int WINAPIV wsprintfW(LPWSTR out, LPCWSTR format, ...) WINMEM_WIDE_SYMBOL("wsprintfW");
WINBASEAPI int WINAPI wvsprintfA(LPSTR out, LPCSTR format, va_list arglist) WINMEM_WIDE_SYMBOL("wvsprintfA");
WINBASEAPI int WINAPI wvsprintfW(LPWSTR out, LPCWSTR format, va_list arglist)
    WINMEM_WIDE_SYMBOL("wvsprintfW");

WINMEM_C_END

#ifdef UNICODE
#define MessageBox MessageBoxW
#define wsprintf wsprintfW
#define wvsprintf wvsprintfW
#else
#define MessageBox MessageBoxA
#define wsprintf wsprintfA
#define wvsprintf wvsprintfA
#endif

#endif /* WINMEM_WINUSER_H */
