/* share.h: what others may do with a file that _fsopen or _sopen_s opens. It has no effect on Linux: CreateFile's has. */
#ifndef WINMEM_SHARE_H
#define WINMEM_SHARE_H

#define _SH_COMPAT 0x00
#define _SH_DENYRW 0x10
#define _SH_DENYWR 0x20
#define _SH_DENYRD 0x30
#define _SH_DENYNO 0x40
#define _SH_SECURE 0x80

#define SH_COMPAT _SH_COMPAT
#define SH_DENYRW _SH_DENYRW
#define SH_DENYWR _SH_DENYWR
#define SH_DENYRD _SH_DENYRD
#define SH_DENYNO _SH_DENYNO

#endif /* WINMEM_SHARE_H */
