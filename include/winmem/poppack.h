/* poppack.h: structures are packed again as before pshpack1.h or its like. May be included again. */
#pragma pack(pop)
