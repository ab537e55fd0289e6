/* wincrypt.h: exists to be included; no function of it is here (BCryptGenRandom is in bcrypt.h). */
#ifndef WINMEM_WINCRYPT_H
#define WINMEM_WINCRYPT_H
#include "windows.h"
#endif
