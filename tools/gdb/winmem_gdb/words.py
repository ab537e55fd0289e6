"""words.py: values of the Windows interface by their names."""

PROTECTIONS = {0x01: 'NOACCESS', 0x02: 'READONLY', 0x04: 'READWRITE', 0x08: 'WRITECOPY', 0x10: 'EXECUTE',
               0x20: 'EXECUTE_READ', 0x40: 'EXECUTE_READWRITE', 0x80: 'EXECUTE_WRITECOPY'}
MODIFIERS = {0x100: 'GUARD', 0x200: 'NOCACHE', 0x400: 'WRITECOMBINE'}
STATES = {0x1000: 'MEM_COMMIT', 0x2000: 'MEM_RESERVE', 0x10000: 'MEM_FREE'}
TYPES = {0x20000: 'MEM_PRIVATE', 0x40000: 'MEM_MAPPED', 0x1000000: 'MEM_IMAGE'}


def protection(value):
    """PAGE_ constants without the PAGE_, as READWRITE+GUARD; '-' for none."""
    names = [PROTECTIONS[value & 0xff]] if value & 0xff in PROTECTIONS else []
    names += [name for bit, name in MODIFIERS.items() if value & bit]
    known = sum(MODIFIERS) | (value & 0xff if value & 0xff in PROTECTIONS else 0)
    if value & ~known:
        names.append(hex(value & ~known))
    return '+'.join(names) or '-'


def named(table, value):
    return table.get(value, hex(value) if value else '0')


def size(count):
    for unit, name in (1 << 40, 'T'), (1 << 30, 'G'), (1 << 20, 'M'), (1 << 10, 'K'):
        if count >= unit and count % unit == 0:
            return f'{count // unit}{name}'
    return str(count)
