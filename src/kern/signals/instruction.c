/*
 * instruction.c: prefixes, opcode, operand, as far as two questions need them.
 *
 * Linux tells a privileged instruction and a wild pointer by one signal, a divisor of zero and too large a quotient by one
 * code. The instruction is read where it faulted, byte for byte as the processor did; it may end where memory ends.
 */
#include "kern/signals/instruction.h"

#include <asm/prctl.h>
#include <string.h>

#include "kern/signals/tryread.h"
#include "kern/sys.h"

enum { LONGEST = 15, WORDS = 3 };

struct code {
    const struct wm_registers *registers;
    uint8_t bytes[WORDS * 8];
    const uint8_t *at;
    uint8_t opcode;
    uint8_t rex;
    uint8_t segment;      /* prefix of fs or gs, or 0 */
    bool short_addresses; /* of 32 bits */
    bool short_operand;   /* of 16 bits */
};

enum { REX_W = 8, REX_R = 4, REX_X = 2, REX_B = 1 };
enum { PREFIX_FS = 0x64, PREFIX_GS = 0x65, PREFIX_OPERAND = 0x66, PREFIX_ADDRESS = 0x67, TWO_BYTES = 0x0f };

/* Words on their own boundaries, so that none reaches into a page that is not there. What cannot be read is ~0. */
static const uint8_t *read_bytes(uintptr_t addr, uint8_t *out)
{
    uintptr_t word = addr & ~(uintptr_t)7;

    for (int i = 0; i < WORDS; i++, word += 8) {
        uint64_t value = wm_try_may(word) ? wm_try_word_at_once(word) : UINT64_MAX;

        memcpy(out + i * 8, &value, 8);
    }
    return out + addr % 8;
}

static bool is_prefix(uint8_t byte)
{
    static const uint8_t prefixes[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3};

    return memchr(prefixes, byte, sizeof prefixes) != NULL;
}

static void read_prefixes(struct code *code)
{
    const uint8_t *end = code->at + LONGEST - 2;

    for (; code->at < end && is_prefix(*code->at); code->at++) {
        if (*code->at == PREFIX_FS || *code->at == PREFIX_GS)
            code->segment = *code->at;
        code->short_operand |= *code->at == PREFIX_OPERAND;
        code->short_addresses |= *code->at == PREFIX_ADDRESS;
    }
    if ((*code->at & 0xf0) == 0x40)
        code->rex = *code->at++;
}

static void read_code(const struct wm_registers *registers, struct code *code)
{
    memset(code, 0, sizeof *code);
    code->registers = registers;
    code->at = read_bytes(registers->general[WM_RIP], code->bytes);
    read_prefixes(code);
    code->opcode = *code->at++;
}

/* --- privileged --- */

/* 0F 00, 0F 01: which instruction it is stands in the next byte. */
static bool is_privileged_group(uint8_t opcode, uint8_t next)
{
    unsigned which = next >> 3 & 7;
    bool memory = next < 0xc0;

    if (opcode == 0x00)
        return which == 2 || which == 3; /* lldt, ltr */
    if (memory)
        return which == 2 || which == 3 || which == 6 || which == 7; /* lgdt, lidt, lmsw, invlpg */
    return which == 6 || next == 0xf8 || next == 0xd1;               /* lmsw, swapgs, xsetbv */
}

static bool is_privileged_0f(const uint8_t *at)
{
    /* clts sysret invd wbinvd, mov to and from cr and dr, wrmsr rdtsc rdmsr rdpmc, sysexit */
    static const uint8_t opcodes[] = {0x06, 0x07, 0x08, 0x09, 0x20, 0x21, 0x22,
                                      0x23, 0x30, 0x31, 0x32, 0x33, 0x35};

    return memchr(opcodes, at[0], sizeof opcodes) != NULL ||
           (at[0] <= 0x01 && is_privileged_group(at[0], at[1]));
}

bool wm_instruction_is_privileged(const struct wm_registers *registers)
{
    /* ins outs, in out, hlt, cli sti */
    static const uint8_t opcodes[] = {0x6c, 0x6d, 0x6e, 0x6f, 0xe4, 0xe5, 0xe6, 0xe7,
                                      0xec, 0xed, 0xee, 0xef, 0xf4, 0xfa, 0xfb};
    struct code code;

    read_code(registers, &code);
    return code.opcode == TWO_BYTES ? is_privileged_0f(code.at)
                                    : memchr(opcodes, code.opcode, sizeof opcodes) != NULL;
}

/* --- divisions --- */

/* By the numbers that instructions have for them. */
static uint64_t register_of(const struct code *code, unsigned number)
{
    static const uint8_t places[] = {WM_RAX, WM_RCX, WM_RDX, WM_RBX, WM_RSP, WM_RBP, WM_RSI, WM_RDI,
                                     WM_R8,  WM_R9,  WM_R10, WM_R11, WM_R12, WM_R13, WM_R14, WM_R15};

    return code->registers->general[places[number]];
}

static uint64_t segment_base(uint8_t prefix)
{
    uint64_t base = 0;

    if (prefix != 0)
        wm_sys3(SYS_arch_prctl, prefix == PREFIX_FS ? ARCH_GET_FS : ARCH_GET_GS, (long)&base, 0);
    return base;
}

static uint64_t displacement(struct code *code, int bytes)
{
    int32_t four;
    int8_t one = (int8_t)*code->at;

    memcpy(&four, code->at, sizeof four);
    code->at += bytes;
    return bytes == 0 ? 0 : bytes == 1 ? (uint64_t)one : (uint64_t)four;
}

/* Base 5 without a displacement of its own is none; index 4 is none. */
static uint64_t scaled(struct code *code, unsigned mod, int *bytes)
{
    uint8_t sib = *code->at++;
    unsigned index = (sib >> 3 & 7) | (code->rex & REX_X ? 8 : 0), base = sib & 7;
    uint64_t sum = index == 4 ? 0 : register_of(code, index) << (sib >> 6);

    if (base == 5 && mod == 0)
        *bytes = 4;
    else
        sum += register_of(code, base | (code->rex & REX_B ? 8 : 0));
    return sum;
}

/* Where nothing follows the operand: a displacement from the instruction's end is one from the displacement's. */
static uintptr_t from_end(struct code *code)
{
    uint64_t offset = displacement(code, 4);
    uintptr_t start = code->registers->general[WM_RIP];

    return start + (uintptr_t)(code->at - (code->bytes + start % 8)) + offset;
}

static uintptr_t operand_address(struct code *code, uint8_t modrm)
{
    unsigned mod = modrm >> 6, rm = modrm & 7;
    int bytes = mod == 1 ? 1 : mod == 2 ? 4 : 0;
    uint64_t sum;

    if (rm == 5 && mod == 0)
        sum = from_end(code);
    else {
        sum = rm == 4 ? scaled(code, mod, &bytes) : register_of(code, rm | (code->rex & REX_B ? 8 : 0));
        sum += displacement(code, bytes);
    }
    if (code->short_addresses)
        sum = (uint32_t)sum;
    return sum + segment_base(code->segment);
}

/* Without REX the byte registers 4 to 7 are the second bytes of 0 to 3. */
static uint64_t operand_register(const struct code *code, uint8_t modrm, bool byte)
{
    unsigned number = (modrm & 7) | (code->rex & REX_B ? 8 : 0);

    if (byte && code->rex == 0 && number >= 4)
        return register_of(code, number - 4) >> 8;
    return register_of(code, number);
}

static uint64_t operand(struct code *code, uint8_t modrm, bool byte)
{
    uint8_t bytes[WORDS * 8];
    uint64_t value;

    if (modrm >= 0xc0)
        return operand_register(code, modrm, byte);
    memcpy(&value, read_bytes(operand_address(code, modrm), bytes), sizeof value);
    return value;
}

/* F6 and F7: div and idiv. Nothing else divides; what is not understood counts as division by zero. */
bool wm_instruction_divides_by_zero(const struct wm_registers *registers)
{
    struct code code;
    uint64_t value;
    int bits;

    read_code(registers, &code);
    if (code.opcode != 0xf6 && code.opcode != 0xf7)
        return true;
    bits = code.opcode == 0xf6 ? 8 : code.rex & REX_W ? 64 : code.short_operand ? 16 : 32;
    code.at++;
    value = operand(&code, code.at[-1], bits == 8);
    return value << (64 - bits) == 0;
}
