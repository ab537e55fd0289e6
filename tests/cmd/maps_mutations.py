"""Saved files that are a little other than what winmem-maps wrote."""
import re


def mutate(random_, text):
    """Mostly what a reader takes: names and numbers that are others."""
    for _ in range(random_.choice((1, 1, 1, 3))):
        how = random_.random()
        at = random_.randrange(len(text))
        if how < .5:
            names = [match.span(1) for match in re.finditer(rb'"(?:file|name|taken)":"([^"\\]*)"', text)]
            start, end = random_.choice(names or [(at, at)])
            parts = [b'</script>', b'<!--', b'&', b'\\"', b']]>', b'%s%n', b'\xe2\x80\xa8', b'\xef\xbf\xbf', b'\\u202e',
                     b'\\n', b'\x7f', b'\xc2\x85']
            if random_.random() < .2:
                parts += [b'\\u0000', b'\\ud800', b'\xff']
            text = text[:start] + b''.join(random_.choices(parts, k=random_.randint(1, 5))) + text[end:]
        elif how < .7:
            numbers = [match.span(1) for match in re.finditer(rb':([0-9]+)', text)]
            start, end = random_.choice(numbers or [(at, at)])
            text = text[:start] + str(random_.choice((0, 1, 4096, 2 ** 63, 2 ** 53, -1, 10 ** 30))).encode() + text[end:]
        elif how < .8:
            lines = text.split(b'\n')
            del lines[random_.randrange(len(lines))]
            text = b'\n'.join(lines)
        else:
            text = text[:at] + bytes([random_.randrange(256)]) + text[at + 1:]
    return text
