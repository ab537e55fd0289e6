/*
 * report_text.c: the report for people. A feature in use is a line; of one that is not everything is said. Lines are
 * wrapped at the width of the terminal, at 100 columns elsewhere, so that what a pipe gets does not change.
 */
#include "features/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <winmem.h>

#include "features/limitrows.h"

enum { NARROWEST = 40, WIDEST = 120, USUAL = 100, INDENT = 13 };

static int width(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL;
    return size.ws_col < NARROWEST ? NARROWEST : size.ws_col > WIDEST ? WIDEST : size.ws_col;
}

/* "    label    words ...", the next lines under the first word. */
static void paragraph(const char *label, const char *words)
{
    int column = printf("    %-*s", INDENT - 5, label), most = width();

    while (*words != '\0') {
        int length = (int)strcspn(words, " ");

        if (column + 1 + length > most && column >= INDENT)
            column = printf("\n%*s", INDENT - 1, "") - 1;
        column += printf(" %.*s", length, words);
        words += length + (words[length] == ' ');
    }
    putchar('\n');
}

static void tell_feature(const struct feature *feature, bool in_use, bool at_length)
{
    char reason[REASON_BYTES];

    printf("%-15s %s\n", feature->name, in_use ? "in use" : "NOT in use");
    paragraph("for", feature->text->good_for);
    if (!in_use) {
        feature_reason(feature, reason, sizeof reason);
        paragraph("why not", reason);
    }
    if (!in_use || at_length) {
        paragraph("instead", feature->text->instead);
        paragraph("costs", feature->text->costs);
        paragraph("needs", feature->needs);
    }
}

static void put_amount(uint64_t amount, const char *unit)
{
    static const char *const names[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double shown = (double)amount;
    int power = 0;

    if (strcmp(unit, "bytes") != 0) {
        printf("%" PRIu64 " %s", amount, unit);
        return;
    }
    while (shown >= 1024 && power < 4) {
        shown /= 1024;
        power++;
    }
    printf(power == 0 ? "%.0f %s" : "%.1f %s", shown, names[power]);
}

static void tell_limit(const struct limit *limit)
{
    struct limit_value value = {.most = LIMIT_NONE, .used = LIMIT_NONE};

    limit->look(&value);
    printf("%s: ", limit->name);
    if (!value.known)
        printf("not told here");
    else if (*limit->unit == '\0')
        printf("%s", value.word);
    else if (value.most == LIMIT_NONE)
        printf("no limit");
    else
        put_amount(value.most, limit->unit);
    if (value.known && value.used != LIMIT_NONE) {
        printf(", used ");
        put_amount(value.used, limit->unit);
    }
    putchar('\n');
    paragraph("means", limit->means);
    paragraph("raise", limit->raise);
}

static void tell_limits(void)
{
    printf("\nLimits\n\n");
    for (size_t i = 0; i < limit_count; i++)
        tell_limit(&limit_rows[i]);
}

int report_text(const struct report_wish *wish)
{
    struct utsname system = {.release = "?", .machine = "?"};
    size_t asked = 0, used = 0;

    uname(&system);
    printf("winmem %s on Linux %s, %s\n\n", WinmemVersion(), system.release, system.machine);
    for (size_t i = 0; i < feature_count; i++)
        if (report_wants(wish, &feature_rows[i])) {
            bool in_use = feature_in_use(&feature_rows[i]);

            tell_feature(&feature_rows[i], in_use, wish->at_length);
            asked++;
            used += in_use;
        }
    printf("\n%zu of %zu features are in use.\n", used, asked);
    if (wish->names == NULL)
        tell_limits();
    return wish->names == NULL || used == asked ? REPORT_TOLD : REPORT_LACKING;
}
