/*
 * mm_malloc.h: the compiler's own header of this name, which comes with SSE: clang's takes _WIN32 to mean Microsoft's C
 * library, and calls functions that are not here.
 */
#pragma GCC system_header

#pragma push_macro("_WIN32")
#undef _WIN32
#include_next <mm_malloc.h>
#pragma pop_macro("_WIN32")
