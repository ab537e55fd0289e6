/* specstrings.h: annotations; see sal.h. */
#ifndef WINMEM_SPECSTRINGS_H
#define WINMEM_SPECSTRINGS_H
#include "sal.h"
#endif
