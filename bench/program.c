/* program.c: all cases, by the verbs that this program is compiled with. */
#include "bench.h"

#define ROW(name) {#name, name},

int main(int argc, char **argv)
{
    static const struct bench_case cases[] = {BENCH_CASES(ROW){NULL, NULL}};

    return bench_main(argc, argv, cases);
}
