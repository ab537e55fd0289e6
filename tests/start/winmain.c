#include "winmain.inc"
