/* raising.h: where api/raise.S finds what the kernel is to be asked for (struct wm_raising). */
#ifndef WM_KERN_RAISING_H
#define WM_KERN_RAISING_H

#define WM_RAISING_PROCESS 0
#define WM_RAISING_THREAD 8
#define WM_RAISING_INFO 24
#define WM_RAISING_BYTES 160

#endif
