/* pshpack1.h: structures from here on are packed to 1 bytes, up to poppack.h. May be included again. */
#pragma pack(push, 1)
