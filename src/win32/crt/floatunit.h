/* floatunit.h: the floating-point unit of the calling thread. Words are Windows'. */
#ifndef WM_WIN32_FLOATUNIT_H
#define WM_WIN32_FLOATUNIT_H

/* Which exceptions are masked, how is rounded, what becomes of denormal numbers. */
unsigned wm_float_modes(void);
void wm_float_set_modes(unsigned word);

/* Exceptions that have happened. */
unsigned wm_float_happened(void);
void wm_float_forget(void);

#endif
