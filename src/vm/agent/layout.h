/* layout.h: what entry.S has to know of struct wm_agent. */
#ifndef WM_VM_LAYOUT_H
#define WM_VM_LAYOUT_H

#define WM_AGENT_TOP 0
#define WM_AGENT_REGISTERS 8
#define WM_AGENT_EXTENDED 16
#define WM_AGENT_PROCESS 24
#define WM_AGENT_RUNNING 4096
#define WM_AGENT_MISSED 4112

#define WM_ENTRY_BYTES 512 /* of code, before and after the work */

#endif
