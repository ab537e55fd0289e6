/* The types that X11's Xmd.h makes on a 64-bit system; a program may have it before windows.h. */
#define XMD_H 1
#define LONG64
typedef long INT64;
typedef int INT32;
typedef short INT16;
typedef signed char INT8;
typedef unsigned char BYTE;
typedef BYTE BOOL;
