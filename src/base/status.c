/*
 * status.c: what a reason to refuse is called: its NTSTATUS, its Win32 code, its sentence (status.h).
 *
 * The one place where codes become other codes. The table has the translations of Windows that were observed
 * (O1 to O10), also of statuses that nothing here says yet; a status without a row is its own Win32 code
 * (O11). Reasons that Windows has a Win32 code for and no NTSTATUS use the facility that is made for that,
 * 0xC007....
 */
#include "base/status.h"

#include <stddef.h>

struct status_text {
    uint32_t nt;
    const char *name;
    const char *sentence;
};

static const struct status_text texts[WM_STATUS_COUNT] = {
    [WM_OK] = {0, "OK", ""},
#define WM_STATUS(id, nt, sentence) [WM_##id] = {nt, #id, sentence},
#include "base/status.def"
#undef WM_STATUS
};

/* clang-format off */
static const struct { uint32_t nt; uint32_t win32; } translations[] = {
    {0x00000000, 0},    {0x00000102, 1460}, {0x40000000, 698},  {0xC000007B, 193},
    {0x80000002, 998},  {0x80000005, 234},  {0x80000006, 18},  {0x8000000D, 299},  {0x80000011, 170},  {0x80000032, 235},
    {0xC0000003, 87},   {0xC0000004, 24},   {0xC0000005, 998},  {0xC0000006, 999},
    {0xC0000007, 1454}, {0xC0000008, 6},    {0xC000000D, 87},   {0xC0000017, 8},
    {0xC0000018, 487},  {0xC0000019, 487},  {0xC000001A, 87},   {0xC000001B, 87},
    {0xC000001E, 5},    {0xC000001F, 5},    {0xC0000020, 193},  {0xC0000021, 5},
    {0xC0000022, 5},    {0xC0000023, 122},  {0xC0000024, 6},    {0xC000002A, 158},  {0xC000002C, 487},
    {0xC000002D, 487},  {0xC0000030, 87},   {0xC0000033, 123},  {0xC0000034, 2},
    {0xC0000035, 183},  {0xC000003A, 3},    {0xC0000040, 8},    {0xC0000045, 87},
    {0xC0000049, 87},   {0xC000004A, 156},  {0xC000004B, 5},    {0xC000004C, 87},   {0xC000004D, 87},   {0xC000004E, 87},
    {0xC0000056, 5},    {0xC0000061, 1314}, {0xC0000087, 14},   {0xC0000088, 487},
    {0xC0000043, 32},   {0xC0000046, 288},  {0xC0000047, 298},   {0xC000007F, 112},  {0xC00000A2, 19},   {0xC00000BA, 5},    {0xC0000106, 206},
    {0xC0000011, 38},   {0xC0000055, 33},   {0xC000007E, 158},  {0xC00000D9, 232},  {0xC000014B, 109},
    {0xC0000010, 1},    {0xC00000B1, 232},  {0xC0000904, 223},  {0xC0000185, 1117}, {0xC0000280, 1921},
    {0xC000008A, 1813}, {0xC0000098, 1006}, {0xC000009A, 1450}, {0xC000009F, 487},  {0xC00000A0, 487},
    {0xC00000A1, 1453}, {0xC00000B5, 121},  {0xC00000BB, 50},   {0xC00000D4, 17},   {0xC00000EF, 87},
    {0xC00000F0, 87},   {0xC00000F1, 87},   {0xC00000F2, 87},   {0xC00000F3, 87},
    {0xC00000F4, 87},   {0xC00000F5, 87},   {0xC00000F6, 87},   {0xC00000F7, 87},
    {0xC0000100, 203}, {0xC0000101, 145}, {0xC0000103, 267}, {0xC00000F8, 87},   {0xC00000F9, 87},   {0xC00000FA, 87},   {0xC00000FD, 1001},
    {0xC0000109, 317},  {0xC000010A, 5},    {0xC000011E, 1006}, {0xC000011F, 4},    {0xC0000121, 5},
    {0xC000012D, 1455}, {0xC000012F, 193},  {0xC0000135, 126},  {0xC0000138, 182},
    {0xC0000139, 127},  {0xC0000141, 59},   {0xC0000194, 1131}, {0xC0000204, 1815}, {0xC0000220, 1132},
    {0xC00001AC, 1656}, {0xC0000225, 1168}, {0xC0000235, 6},    {0xC0000243, 1224}, {0xC0000264, 288},  {0xC0000604, 1655}, {0xC0000001, 31},   {0xC0000058, 1305}, {0xC0000060, 1313}, {0xC0000079, 1338}, {0xC000007C, 1008},   {0x8000001A, 259},
};
/* clang-format on */

/* Error codes that no NTSTATUS stands for are carried by these, as NTSTATUS_FROM_WIN32 makes them. */
enum { OF_WIN32 = 0xC007 };

uint32_t wm_win32_of_nt(uint32_t nt)
{
    if (nt >> 16 == OF_WIN32)
        return nt & 0xFFFF;
    for (size_t i = 0; i < sizeof translations / sizeof translations[0]; i++)
        if (translations[i].nt == nt)
            return translations[i].win32;
    return nt;
}

uint32_t wm_status_nt(wm_status st)
{
    return texts[st].nt;
}

uint32_t wm_status_win32(wm_status st)
{
    return wm_win32_of_nt(texts[st].nt);
}

const char *wm_status_name(wm_status st)
{
    return texts[st].name;
}

const char *wm_status_sentence(wm_status st)
{
    return texts[st].sentence;
}
