/* processorticks.h: how fast the processor is that this thread is on. */
#ifndef WM_WIN32_PROCESSORTICKS_H
#define WM_WIN32_PROCESSORTICKS_H

#include <stdint.h>

/* In MHz, after two milliseconds. */
uint32_t wm_processor_measure(void);

#endif
