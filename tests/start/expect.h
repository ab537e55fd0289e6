/* What shapes.sh passes, and whether wmain got it. Exit code 42 is "all as expected". */
#ifndef EXPECT_H
#define EXPECT_H

#include <stddef.h>
#include <stdio.h>

static const unsigned long expected[8][4] = {
    {0}, {'p', 'l', 'a', 'i'}, {0xe9}, {0x20ac}, {0x10348}, {'a', 0xdcff, 'b'}, {0xdcc0, 0xdcaf}, {0},
};

/* The code point at *s, stepping over it; a pair of surrogates counts as one. */
static unsigned long next_code(const WCHAR **s)
{
    unsigned long code = (unsigned long)*(*s)++ & (sizeof(WCHAR) == 2 ? 0xffffu : 0xffffffffu);

    if (code >= 0xd800 && code < 0xdc00)
        code = 0x10000 + ((code & 0x3ff) << 10) + ((unsigned long)*(*s)++ & 0x3ff);
    return code;
}

static int check_args(int argc, const WCHAR *const *argv)
{
    int i, k;

    if (argc != 8 || argv[8] != NULL)
        return printf("argc is %d, or argv does not end in NULL\n", argc);
    for (i = 1; i < argc; i++) {
        const WCHAR *s = argv[i];

        for (k = 0; k < 4; k++) {
            unsigned long code = *s ? next_code(&s) : 0;

            if (code != expected[i][k])
                return printf("argument %d, character %d: %#lx\n", i, k, code);
        }
    }
    return 42;
}

/* KEY=value is in the environment. */
static int check_env(const WCHAR *const *envp)
{
    static const char key[] = "KEY=value";
    size_t k;

    for (; *envp; envp++) {
        for (k = 0; k < sizeof(key) && (unsigned long)(*envp)[k] == (unsigned char)key[k]; k++)
            ;
        if (k == sizeof(key))
            return 42;
    }
    return printf("no KEY=value in the environment\n");
}

#endif
