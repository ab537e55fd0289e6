/* report_json.c: the report for programs. Members are added in later versions and not renamed; numbers are whole. */
#include "features/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include <jansson.h>
#include <winmem.h>

#include "features/limitrows.h"

static json_t *of_feature(const struct feature *feature, bool in_use)
{
    char reason[REASON_BYTES];
    json_t *row = json_pack("{s:s, s:b, s:s, s:s, s:s, s:s}", "name", feature->name, "in_use", in_use, "for",
                            feature->text->good_for, "instead", feature->text->instead, "costs",
                            feature->text->costs, "needs", feature->needs);

    if (!in_use) {
        feature_reason(feature, reason, sizeof reason);
        json_object_set_new(row, "why_not", json_string(reason));
    }
    return row;
}

/* null: there is no limit, or no such figure. */
static json_t *of_amount(uint64_t amount)
{
    return amount > INT64_MAX ? json_null() : json_integer((json_int_t)amount);
}

static json_t *of_limit(const struct limit *limit)
{
    struct limit_value value = {.most = LIMIT_NONE, .used = LIMIT_NONE};
    json_t *row;

    limit->look(&value);
    row = json_pack("{s:s, s:b, s:s, s:s}", "name", limit->name, "known", value.known, "means", limit->means,
                    "raise", limit->raise);
    if (!value.known)
        return row;
    if (*limit->unit == '\0') {
        json_object_set_new(row, "value", json_string(value.word));
        return row;
    }
    json_object_set_new(row, "unit", json_string(limit->unit));
    json_object_set_new(row, "most", of_amount(value.most));
    json_object_set_new(row, "used", of_amount(value.used));
    return row;
}

static json_t *all_limits(void)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < limit_count; i++)
        json_array_append_new(rows, of_limit(&limit_rows[i]));
    return rows;
}

int report_json(const struct report_wish *wish)
{
    struct utsname system = {.release = "?", .machine = "?"};
    json_t *rows = json_array(), *report;
    bool lacking = false;

    uname(&system);
    for (size_t i = 0; i < feature_count; i++)
        if (report_wants(wish, &feature_rows[i])) {
            bool in_use = feature_in_use(&feature_rows[i]);

            json_array_append_new(rows, of_feature(&feature_rows[i], in_use));
            lacking |= !in_use;
        }
    report = json_pack("{s:i, s:s, s:s, s:s, s:o}", "winmem-features", 1, "version", WinmemVersion(),
                       "kernel", system.release, "machine", system.machine, "features", rows);
    if (wish->names == NULL)
        json_object_set_new(report, "limits", all_limits());
    if (report == NULL || json_dumpf(report, stdout, JSON_INDENT(2)) != 0)
        return REPORT_NOT_WRITTEN;
    putchar('\n');
    json_decref(report);
    return wish->names != NULL && lacking ? REPORT_LACKING : REPORT_TOLD;
}
