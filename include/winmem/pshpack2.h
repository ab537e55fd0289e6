/* pshpack2.h: structures from here on are packed to 2 bytes, up to poppack.h. May be included again. */
#pragma pack(push, 2)
