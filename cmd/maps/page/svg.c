/*
 * svg.c: the view --svg: the overview of the page alone, box by box, for documents and for those who want no script.
 */
#include "browser.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "caption.h"
#include "ink.h"
#include "overview.h"
#include "xml.h"

enum { WIDTH = 1200, GUTTER = 136, MARGIN = 24, BODY = 26, ROW = 40, FOLD = 22 };

static void put_row(void *context, uint64_t start, double y, bool first)
{
    FILE *out = context;

    maps_ink_text(out, MARGIN, y + 17);
    fprintf(out, " font-family=\"monospace\" fill=\"%s\">0x%" PRIx64 "</text>\n", first ? "#222" : "#666",
            start);
}

/* What is folded, or between two boxes. */
static const char *word_for_gap(const struct maps_region *region)
{
    return region->type == MAPS_FREE ? "free" : "left out";
}

static void put_fold(void *context, const struct maps_region *region, double y)
{
    FILE *out = context;
    char size[MAPS_SIZE_TEXT];
    long middle = lround(y) + 7;

    maps_ink_size(region->bytes, size);
    fprintf(out, "<path stroke=\"#ccc\" stroke-dasharray=\"2 4\" d=\"M%d %ldH%dM%d %ldH%d\"/>", MARGIN,
            middle, GUTTER - 10, GUTTER + 90, middle, WIDTH - MARGIN);
    maps_ink_text(out, GUTTER, y + 11);
    fprintf(out, " fill=\"#666\">%s %s</text>\n", size, word_for_gap(region));
}

static void put_free(const struct maps_box *box, FILE *out)
{
    char size[MAPS_SIZE_TEXT];

    maps_ink_rect(out, box->x + 1, box->y + 13, fmax(0.5, box->width - 2), 1);
    fputs(" fill=\"#ddd\"/>\n", out);
    if (box->width < 90)
        return;
    maps_ink_size(box->region.bytes, size);
    maps_ink_text(out, box->x + box->width / 2, box->y + 17);
    fputs(" fill=\"#666\" text-anchor=\"middle\" stroke=\"#fff\" stroke-width=\"6\" paint-order=\"stroke\">",
          out);
    fprintf(out, "%s %s</text>\n", size, word_for_gap(&box->region));
}

/* Which part is in memory, at the foot. */
static void put_gauge(const struct maps_box *box, FILE *out)
{
    double part = fmin(1, (double)box->region.resident / (double)box->region.bytes);

    if (box->width < 4 || part <= 0)
        return;
    maps_ink_rect(out, box->x + 1.5, box->y + BODY - 5, (box->width - 3) * part, 4);
    fputs(" opacity=\"0.55\" fill=\"#000\"/>", out);
}

/* A line over what is one allocation. */
static void put_bracket(const struct maps_box *box, FILE *out)
{
    double left = box->joins_before ? 0 : 1, right = box->joins_behind ? 0 : 1;

    if (box->width < 3 || (!box->joins_before && !box->joins_behind))
        return;
    maps_ink_rect(out, box->x + left, box->y - 4, box->width - left - right, 1.5);
    fputs(" fill=\"#888\"/>", out);
}

static void put_label(const struct maps_box *box, FILE *out)
{
    const struct maps_region *region = &box->region;
    int row = maps_row_of(region);
    const char *slash = region->file == NULL ? NULL : strrchr(region->file, '/');
    char size[MAPS_SIZE_TEXT];

    if (box->width < 20)
        return;
    maps_ink_text(out, box->x + 4, box->y + 15);
    if (maps_ink_is_patterned(row, region->state))
        fputs(" fill=\"#000\" stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\">", out);
    else
        fprintf(out, " fill=\"%s\">", maps_ink_of_letters(row));
    fputs(maps_ink_letters(row), out);
    maps_ink_size(region->bytes, size);
    if (box->width >= 76)
        fprintf(out, " %s ", size);
    if (box->width >= 130 && region->file != NULL)
        maps_xml_text(slash != NULL && slash[1] != 0 ? slash + 1 : region->file,
                      (size_t)((box->width - 90) / 7), out);
    fputs("</text>", out);
}

/* What browsers show beside the pointer, and what is read to those who do not see the picture. */
static void put_title(const struct maps_region *region, FILE *out)
{
    char letters[MAPS_LETTERS], size[MAPS_SIZE_TEXT];

    maps_ink_size(region->bytes, size);
    maps_letters(region->protect, letters);
    fprintf(out, "<title>%s, %s, %s %s, 0x%" PRIx64 " to 0x%" PRIx64, maps_row_word(maps_row_of(region)),
            size, maps_state_word(region->state), letters, region->start, region->start + region->bytes);
    if (region->file != NULL) {
        fputs(", ", out);
        maps_xml_text(region->file, 300, out);
    }
    fputs("</title>", out);
}

static void put_box(void *context, const struct maps_box *box)
{
    FILE *out = context;
    double gap = box->width > 4 ? 1 : 0;

    if (maps_is_gap(&box->region)) {
        put_free(box, out);
        return;
    }
    fputs("<g>", out);
    if (box->width >= 3)
        put_title(&box->region, out);
    maps_ink_rect(out, box->x + gap / 2, box->y, box->width - gap, BODY);
    if (box->width > 10)
        fputs(" rx=\"3\"", out);
    maps_ink_fill(out, maps_row_of(&box->region), box->region.state);
    fputs(box->width > 6 ? "/>" : " stroke-width=\"0\"/>", out);
    put_gauge(box, out);
    put_bracket(box, out);
    put_label(box, out);
    fputs("</g>\n", out);
}

static void put_start(const struct maps_overview *overview, long height, FILE *out)
{
    fprintf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%ld\" viewBox=\"0 0 %d %ld\" "
        "role=\"img\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" font-size=\"11.5\" fill=\"#222\">\n",
        WIDTH, height, WIDTH, height);
    fputs("<title>The address space of ", out);
    maps_xml_text(overview->head.name, 60, out);
    fputs("</title>\n", out);
    maps_ink_patterns(out);
    maps_ink_rect(out, 0, 0, WIDTH, (double)height);
    fputs(" fill=\"#fff\"/>\n", out);
}

static void put_all(const struct maps_overview *overview, FILE *out)
{
    struct maps_canvas canvas = {WIDTH - MARGIN, GUTTER, ROW, FOLD, out, NULL, NULL, NULL};
    double end = maps_overview_draw(overview, &canvas, MAPS_CAPTION_HEIGHT) + 10;

    canvas.row = put_row;
    canvas.fold = put_fold;
    canvas.box = put_box;
    put_start(overview, lround(end) + MAPS_LEGEND_HEIGHT * maps_legend_rows(overview) + 14, out);
    maps_caption(overview, MARGIN, out);
    maps_overview_draw(overview, &canvas, MAPS_CAPTION_HEIGHT);
    maps_legend(overview, MARGIN, end, out);
    fputs("</svg>\n", out);
}

MAPS_VIEW(maps_show_svg)
{
    struct maps_overview overview;
    bool all = maps_overview_read(&overview, streams[0], why);

    (void)count, (void)wanted;

    if (all)
        put_all(&overview, out);
    maps_overview_end(&overview);
    return all;
}
