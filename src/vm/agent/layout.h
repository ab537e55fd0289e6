/* layout.h: where entry.S finds what it needs in struct wm_agent. */
#ifndef WM_VM_LAYOUT_H
#define WM_VM_LAYOUT_H

#define WM_AGENT_TOP 0
#define WM_AGENT_REGISTERS 8
#define WM_AGENT_EXTENDED 16
#define WM_AGENT_RUNNING 24

#endif
