/*
 * excpt.h: what a filter or handler of exceptions answers. There is no __try and no __except: they are the
 * Microsoft compiler's, not a header's.
 *
 * Source            learn.microsoft.com, "AddVectoredExceptionHandler", "try-except statement"
 */
#ifndef WINMEM_EXCPT_H
#define WINMEM_EXCPT_H

#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

#endif /* WINMEM_EXCPT_H */
