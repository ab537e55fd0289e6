/* pshpack4.h: structures from here on are packed to 4 bytes, up to poppack.h. May be included again. */
#pragma pack(push, 4)
