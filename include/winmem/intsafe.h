/*
 * intsafe.h: sums, differences, products and conversions of integers that tell when the result does not fit.
 *
 *   <Type>Add, <Type>Sub, <Type>Mult    of unsigned types, and with the names of signed ones (IntAdd, LongLongMult)
 *   <Type>To<Type>                      where something can be lost
 *
 * Return S_OK; or INTSAFE_E_ARITHMETIC_OVERFLOW, and *result is then the type's <TYPE>_ERROR: the largest value of an
 * unsigned type, -1 of a signed one. They are compiled into the program.
 *
 * Source            learn.microsoft.com, intsafe.h
 */
#ifndef WINMEM_INTSAFE_H
#define WINMEM_INTSAFE_H

#ifndef WINMEM_SHOW_WARNINGS /* wininterlocked.h */
#pragma GCC system_header
#endif

#include "winerror.h"
#include "wintypes.h"

#define INTSAFE_E_ARITHMETIC_OVERFLOW ((HRESULT)0x80070216)

#ifdef __cplusplus
#define WINMEM_INTSAFE inline HRESULT
#else
#define WINMEM_INTSAFE static __inline__ HRESULT
#endif

#define WINMEM_INTSAFE_OPERATION(name, type, error, operation)                                               \
    WINMEM_INTSAFE name(type first, type second, type *result)                                               \
    {                                                                                                        \
        if (!operation(first, second, result))                                                               \
            return 0;                                                                                        \
        *result = (type)(error);                                                                             \
        return INTSAFE_E_ARITHMETIC_OVERFLOW;                                                                \
    }
#define WINMEM_INTSAFE_OPERATIONS(name, type, error)                                                         \
    WINMEM_INTSAFE_OPERATION(name##Add, type, error, __builtin_add_overflow)                                 \
    WINMEM_INTSAFE_OPERATION(name##Sub, type, error, __builtin_sub_overflow)                                 \
    WINMEM_INTSAFE_OPERATION(name##Mult, type, error, __builtin_mul_overflow)
#define WINMEM_INTSAFE_CONVERSION(name, from, to, error)                                                     \
    WINMEM_INTSAFE name(from operand, to *result)                                                            \
    {                                                                                                        \
        if (!__builtin_add_overflow(operand, (from)0, result))                                               \
            return 0;                                                                                        \
        *result = (to)(error);                                                                               \
        return INTSAFE_E_ARITHMETIC_OVERFLOW;                                                                \
    }

/* clang-format off */
WINMEM_INTSAFE_OPERATIONS(UInt8, UINT8, -1)
WINMEM_INTSAFE_OPERATIONS(UShort, USHORT, -1)
WINMEM_INTSAFE_OPERATIONS(UInt16, UINT16, -1)
WINMEM_INTSAFE_OPERATIONS(Word, WORD, -1)
WINMEM_INTSAFE_OPERATIONS(UInt, UINT, -1)
WINMEM_INTSAFE_OPERATIONS(UInt32, UINT32, -1)
WINMEM_INTSAFE_OPERATIONS(ULong, ULONG, -1)
WINMEM_INTSAFE_OPERATIONS(DWord, DWORD, -1)
WINMEM_INTSAFE_OPERATIONS(UIntPtr, UINT_PTR, -1)
WINMEM_INTSAFE_OPERATIONS(ULongPtr, ULONG_PTR, -1)
WINMEM_INTSAFE_OPERATIONS(DWordPtr, DWORD_PTR, -1)
WINMEM_INTSAFE_OPERATIONS(SizeT, SIZE_T, -1)
WINMEM_INTSAFE_OPERATIONS(ULongLong, ULONGLONG, -1)
WINMEM_INTSAFE_OPERATIONS(DWordLong, DWORDLONG, -1)
WINMEM_INTSAFE_OPERATIONS(UInt64, UINT64, -1)
WINMEM_INTSAFE_OPERATIONS(Int8, INT8, -1)
WINMEM_INTSAFE_OPERATIONS(Short, SHORT, -1)
WINMEM_INTSAFE_OPERATIONS(Int, INT, -1)
WINMEM_INTSAFE_OPERATIONS(Long, LONG, -1)
WINMEM_INTSAFE_OPERATIONS(LongPtr, LONG_PTR, -1)
WINMEM_INTSAFE_OPERATIONS(IntPtr, INT_PTR, -1)
WINMEM_INTSAFE_OPERATIONS(PtrdiffT, ptrdiff_t, -1)
WINMEM_INTSAFE_OPERATIONS(SSIZET, SSIZE_T, -1)
WINMEM_INTSAFE_OPERATIONS(LongLong, LONGLONG, -1)

#define WINMEM_INTSAFE_FROM(name, from)                                                                      \
    WINMEM_INTSAFE_CONVERSION(name##ToUInt8, from, UINT8, -1)                                                \
    WINMEM_INTSAFE_CONVERSION(name##ToInt8, from, INT8, -1)                                                  \
    WINMEM_INTSAFE_CONVERSION(name##ToUChar, from, UCHAR, -1)                                                \
    WINMEM_INTSAFE_CONVERSION(name##ToByte, from, BYTE, -1)                                                  \
    WINMEM_INTSAFE_CONVERSION(name##ToShort, from, SHORT, -1)                                                \
    WINMEM_INTSAFE_CONVERSION(name##ToUShort, from, USHORT, -1)                                              \
    WINMEM_INTSAFE_CONVERSION(name##ToWord, from, WORD, -1)
#define WINMEM_INTSAFE_FROM_WIDE(name, from)                                                                 \
    WINMEM_INTSAFE_FROM(name, from)                                                                          \
    WINMEM_INTSAFE_CONVERSION(name##ToInt, from, INT, -1)                                                    \
    WINMEM_INTSAFE_CONVERSION(name##ToLong, from, LONG, -1)                                                  \
    WINMEM_INTSAFE_CONVERSION(name##ToUInt, from, UINT, -1)                                                  \
    WINMEM_INTSAFE_CONVERSION(name##ToULong, from, ULONG, -1)                                                \
    WINMEM_INTSAFE_CONVERSION(name##ToDWord, from, DWORD, -1)
#define WINMEM_INTSAFE_FROM_SIGNED(name, from)                                                               \
    WINMEM_INTSAFE_CONVERSION(name##ToUIntPtr, from, UINT_PTR, -1)                                           \
    WINMEM_INTSAFE_CONVERSION(name##ToULongPtr, from, ULONG_PTR, -1)                                         \
    WINMEM_INTSAFE_CONVERSION(name##ToSizeT, from, SIZE_T, -1)                                               \
    WINMEM_INTSAFE_CONVERSION(name##ToULongLong, from, ULONGLONG, -1)

WINMEM_INTSAFE_FROM(UInt, UINT)
WINMEM_INTSAFE_FROM(ULong, ULONG)
WINMEM_INTSAFE_FROM(DWord, DWORD)
WINMEM_INTSAFE_FROM(Int, INT)
WINMEM_INTSAFE_FROM(Long, LONG)
WINMEM_INTSAFE_CONVERSION(UIntToInt, UINT, INT, -1)
WINMEM_INTSAFE_CONVERSION(UIntToLong, UINT, LONG, -1)
WINMEM_INTSAFE_CONVERSION(ULongToInt, ULONG, INT, -1)
WINMEM_INTSAFE_CONVERSION(ULongToLong, ULONG, LONG, -1)
WINMEM_INTSAFE_CONVERSION(DWordToInt, DWORD, INT, -1)
WINMEM_INTSAFE_CONVERSION(DWordToLong, DWORD, LONG, -1)
WINMEM_INTSAFE_CONVERSION(IntToUInt, INT, UINT, -1)
WINMEM_INTSAFE_CONVERSION(IntToULong, INT, ULONG, -1)
WINMEM_INTSAFE_CONVERSION(IntToDWord, INT, DWORD, -1)
WINMEM_INTSAFE_CONVERSION(LongToUInt, LONG, UINT, -1)
WINMEM_INTSAFE_CONVERSION(LongToULong, LONG, ULONG, -1)
WINMEM_INTSAFE_CONVERSION(LongToDWord, LONG, DWORD, -1)
WINMEM_INTSAFE_FROM_SIGNED(Int, INT)
WINMEM_INTSAFE_FROM_SIGNED(Long, LONG)
WINMEM_INTSAFE_FROM_SIGNED(LongPtr, LONG_PTR)
WINMEM_INTSAFE_FROM_SIGNED(IntPtr, INT_PTR)
WINMEM_INTSAFE_FROM_SIGNED(PtrdiffT, ptrdiff_t)
WINMEM_INTSAFE_FROM_SIGNED(LongLong, LONGLONG)
WINMEM_INTSAFE_FROM_WIDE(UIntPtr, UINT_PTR)
WINMEM_INTSAFE_FROM_WIDE(ULongPtr, ULONG_PTR)
WINMEM_INTSAFE_FROM_WIDE(SizeT, SIZE_T)
WINMEM_INTSAFE_FROM_WIDE(ULongLong, ULONGLONG)
WINMEM_INTSAFE_FROM_WIDE(IntPtr, INT_PTR)
WINMEM_INTSAFE_FROM_WIDE(LongPtr, LONG_PTR)
WINMEM_INTSAFE_FROM_WIDE(PtrdiffT, ptrdiff_t)
WINMEM_INTSAFE_FROM_WIDE(LongLong, LONGLONG)
WINMEM_INTSAFE_CONVERSION(ULongLongToLongLong, ULONGLONG, LONGLONG, -1)
WINMEM_INTSAFE_CONVERSION(ULongLongToSizeT, ULONGLONG, SIZE_T, -1)
WINMEM_INTSAFE_CONVERSION(ULongLongToULongPtr, ULONGLONG, ULONG_PTR, -1)
WINMEM_INTSAFE_CONVERSION(ULongLongToLongPtr, ULONGLONG, LONG_PTR, -1)
WINMEM_INTSAFE_CONVERSION(SizeTToLongLong, SIZE_T, LONGLONG, -1)
WINMEM_INTSAFE_CONVERSION(SizeTToLongPtr, SIZE_T, LONG_PTR, -1)
WINMEM_INTSAFE_CONVERSION(SizeTToIntPtr, SIZE_T, INT_PTR, -1)
WINMEM_INTSAFE_CONVERSION(SizeTToPtrdiffT, SIZE_T, ptrdiff_t, -1)
WINMEM_INTSAFE_CONVERSION(LongLongToIntPtr, LONGLONG, INT_PTR, -1)
WINMEM_INTSAFE_CONVERSION(LongLongToLongPtr, LONGLONG, LONG_PTR, -1)
/* clang-format on */

#endif /* WINMEM_INTSAFE_H */
