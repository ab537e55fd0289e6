/* processorname.h: which processor this is, in Windows' numbers. */
#ifndef WM_API_PROCESSORNAME_H
#define WM_API_PROCESSORNAME_H

#include <windows.h>

/* Architecture, type, level and revision. */
void wm_processor_name(LPSYSTEM_INFO info);

#endif
