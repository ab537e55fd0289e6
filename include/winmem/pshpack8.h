/* pshpack8.h: structures from here on are packed to 8 bytes, up to poppack.h. May be included again. */
#pragma pack(push, 8)
