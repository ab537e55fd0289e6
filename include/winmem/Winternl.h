/* Winternl.h: winternl.h as some programs spell it. */
#include "winternl.h"
