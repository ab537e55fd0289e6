/*
 * report.c: what is shown unless something else is asked for: the table by type, then the regions.
 *
 * The table comes first and is known last, so the regions are kept meanwhile (kept.h has what that takes).
 */
#include "kept.h"
#include "list.h"
#include "table.h"

static void print(const struct maps_kept *kept, const struct maps_head *head,
                  const struct maps_wanted *wanted, FILE *out)
{
    struct maps_totals totals = {0};
    struct maps_region region;
    struct maps_sheet sheet;

    for (size_t i = 0; i < kept->count; i++) {
        region = maps_kept_at(kept, i);
        maps_totals_add(&totals, &region);
    }
    maps_table_title(head, wanted, out);
    fputc('\n', out);
    maps_table(&totals, wanted, out);
    fputc('\n', out);
    maps_table_notes(head, &totals, wanted, out);
    fputc('\n', out);
    maps_list_begin(&sheet, wanted, out);
    for (size_t i = 0; i < kept->count && !ferror(out); i++) {
        region = maps_kept_at(kept, i);
        maps_list_region(&sheet, &region);
    }
}

bool maps_show_report(struct maps_stream *const *streams, int count, const struct maps_wanted *wanted,
                      FILE *out, struct maps_why *why)
{
    struct maps_kept kept = {0};
    bool all = count == 1 && maps_kept_all(&kept, streams[0], why);

    if (all && wanted->sort != NULL)
        maps_kept_sort(&kept, wanted->sort);
    if (all)
        print(&kept, &streams[0]->head, wanted, out);
    maps_kept_free(&kept);
    return all;
}
