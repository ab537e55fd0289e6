// The map: clusters, row by row. A region is a box; along its foot a gauge shows which part of it is in memory, and a line
// over several boxes says that they are one allocation.

const BODY = 24;                // of a row's height, the box
const GAUGE = 5;
const SIGN_BESIDE = 40;         // narrower boxes have no room for letters and the sign of a change
const FONT = '11px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const MONO = '11px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

function drawGauge(context, snapshot, i, x, y, width) {
    const colour = TYPES[snapshot.type[i]].colour;
    const [source, own] = snapshot.origin ? snapshot.origin[i] : [snapshot, i];
    if (snapshot.state[i] !== COMMIT || width < 6)
        return;
    context.fillStyle = mix(colour, theme.paper, 0.35);
    context.fillRect(x, y, width, GAUGE);
    context.fillStyle = mix(colour, "#000000", 0.5);
    const skipped = snapshot.start[i] - source.start[own];
    const perPage = width / snapshot.pages[i];
    const told = source.runs[own] !== "" && eachRun(source.runs[own], (at, length, letter) => {
        const from = Math.max(0, at - skipped);
        const to = Math.min(snapshot.pages[i], at + length - skipped);
        if (letter !== "." && letter !== "w" && to > from)
            context.fillRect(x + from * perPage, y, Math.max(0.5, (to - from) * perPage), GAUGE);
    });
    if (!told)
        context.fillRect(x, y, width * Math.min(1, snapshot.resident[i] / snapshot.bytes(i)), GAUGE);
}

function boxText(snapshot, i, width) {
    const type = TYPES[snapshot.type[i]];
    if (width < 58)
        return type.letters;
    const size = `${type.letters} ${sizeText(snapshot.bytes(i))}`;
    if (width < 110)
        return size;
    const file = snapshot.file[i] ? fileName(snapshot.file[i]) : "";
    return [size, snapshot.protect[i], file].filter(Boolean).join("  ");
}

function drawBoxText(context, snapshot, i, x, y, width) {
    const isSigned = snapshot.change && snapshot.change[i] > 0;
    if (width < (isSigned ? SIGN_BESIDE : 17))
        return;
    const text = clipText(context, boxText(snapshot, i, width), width - (isSigned ? 20 : 6));
    const type = TYPES[snapshot.type[i]];
    if (isPatterned(snapshot.type[i], snapshot.state[i])) {
        context.fillStyle = theme.paper;
        context.globalAlpha *= 0.82;
        box(context, x + 2, y + 3, context.measureText(text).width + 4, 14, 3);
        context.fill();
        context.globalAlpha /= 0.82;
        context.fillStyle = theme.ink;
    } else {
        context.fillStyle = type.ink;
    }
    context.fillText(text, x + 4, y + 10.5);
}

function drawFree(context, snapshot, i, x, y, width) {
    context.fillStyle = theme.line;
    context.fillRect(x + 1, y + BODY / 2, Math.max(0, width - 2), 1);
    if (width < 50)
        return;
    const text = `${sizeText(snapshot.bytes(i))} ${TYPES[snapshot.type[i]].name}`;
    const room = context.measureText(text).width;
    if (room + 12 > width)
        return;
    context.fillStyle = theme.panel;
    context.fillRect(x + (width - room) / 2 - 4, y + 4, room + 8, BODY - 8);
    context.fillStyle = theme.muted;
    context.fillText(text, x + (width - room) / 2, y + BODY / 2);
}

function drawSign(context, change, x, y, width) {
    const { name, sign } = CHANGES[change];
    context.strokeStyle = theme[name];
    context.lineWidth = 2;
    box(context, x, y, width, BODY, 3);
    context.stroke();
    if (width < 12)
        return;
    const middle = width < SIGN_BESIDE ? x + width / 2 : x + width - 9;
    context.fillStyle = theme[name];
    box(context, middle - 6, y + 3, 12, 14, 4);
    context.fill();
    context.fillStyle = theme.panel;
    context.textAlign = "center";
    context.font = "bold 11px sans-serif";
    context.fillText(sign, middle, y + 10.5);
    context.font = FONT;
    context.textAlign = "left";
}

function drawRegion(context, snapshot, i, x, y, width) {
    if (isGap(snapshot.type[i]))
        return drawFree(context, snapshot, i, x, y, width);
    const inset = width > 4 ? 0.5 : 0;
    const inner = width - 2 * inset;
    const radius = width > 10 ? 3 : 0;
    context.fillStyle = bodyOf(context, snapshot.type[i], snapshot.state[i]);
    box(context, x + inset, y, inner, BODY, radius);
    context.fill();
    if (isPatterned(snapshot.type[i], snapshot.state[i]) && width > 6) {
        context.strokeStyle = mix(TYPES[snapshot.type[i]].colour, theme.ink, 0.8);
        context.lineWidth = 1;
        box(context, x + inset + 0.5, y + 0.5, inner - 1, BODY - 1, radius);
        context.stroke();
    }
    if (width > 8)
        drawGauge(context, snapshot, i, x + inset + 1, y + BODY - GAUGE - 1, inner - 2);
    drawBoxText(context, snapshot, i, x + inset, y, inner);
}

// How strongly a region is drawn: what is filtered away, or did not change, steps back.
function strengthOf(i) {
    if (!view.isShown(i) && !isGap(view.snapshot.type[i]))
        return view.grid ? 0.3 : 0.15;
    const { change } = view.snapshot;
    return change && CHANGES[change[i]].name === "same" ? 0.3 : 1;
}

function drawAllocation(context, snapshot, i, x, y, width) {
    const [first, last] = [i > 0 ? i - 1 : i, Math.min(i + 1, snapshot.count - 1)];
    const allocation = snapshot.allocation[i];
    if (allocation < 0 || width < 1.5)
        return;
    const before = first < i && snapshot.allocation[first] === allocation;
    const behind = last > i && snapshot.allocation[last] === allocation;
    if (!before && !behind)
        return;
    context.fillStyle = theme.muted;
    const from = before ? x : x + 1;
    context.fillRect(from, y - 4, Math.max(0.3, (behind ? x + width : x + width - 1) - from), 1.5);
    if (!before)
        context.fillRect(from, y - 4, 1.5, 4);
    if (!behind)
        context.fillRect(x + width - 2.5, y - 4, 1.5, 4);
}

// The regions of a row. Those thinner than a third of a pixel share one, which the first of them paints.
function eachBox(layout, row, each) {
    const { sum, snapshot } = view.scale;
    let painted = -1;
    for (let i = view.scale.indexAtWeight(row.w0); i < snapshot.count && sum[i] < row.w1; i++) {
        if (view.scale.folds.has(i))
            continue;
        const from = row.x + (Math.max(sum[i], row.w0) - row.w0) * row.pixels;
        const to = row.x + (Math.min(sum[i + 1], row.w1) - row.w0) * row.pixels;
        if (to <= from || to - painted < 0.33)
            continue;
        painted = to;
        each(i, from, Math.max(0.5, to - from));
    }
}

function drawFold(context, fold, width) {
    const middle = fold.y + FOLD_HEIGHT / 2 - 2;
    const text = `${sizeText((fold.to - fold.from) * view.snapshot.pageSize)} ${fold.name}`;
    context.strokeStyle = theme.line;
    context.lineWidth = 1;
    context.setLineDash([2, 4]);
    context.beginPath();
    context.moveTo(4, middle + 0.5);
    context.lineTo(width - 4, middle + 0.5);
    context.stroke();
    context.setLineDash([]);
    const room = context.measureText(text).width;
    context.fillStyle = theme.panel;
    context.fillRect(GUTTER - 6, middle - 8, room + 12, 16);
    context.fillStyle = theme.muted;
    context.fillText(text, GUTTER, middle);
}

function drawRow(context, layout, row) {
    const { snapshot, scale } = view;
    context.font = MONO;
    context.fillStyle = row.first ? theme.ink : theme.muted;
    context.fillText(snapshot.address(scale.pageAtWeight(row.w0 + 1e-9)), 4, row.y + 4 + BODY / 2);
    context.font = FONT;
    eachBox(layout, row, (i, x, width) => {
        context.globalAlpha = strengthOf(i);
        drawRegion(context, snapshot, i, x, row.y + 4, width);
        drawAllocation(context, snapshot, i, x, row.y + 4, width);
        if (snapshot.change && snapshot.change[i] && view.isShown(i))
            drawSign(context, snapshot.change[i], x + 1, row.y + 4, width - 2);
        context.globalAlpha = 1;
    });
}

const map = {
    draw(canvas, width, heightMost) {
        const layout = layOut(view.scale, view.lo, view.hi, width, heightMost);
        const context = fit(canvas, width, Math.max(layout.height, 120));
        context.textBaseline = "middle";
        context.font = FONT;
        for (const fold of layout.folds)
            drawFold(context, fold, width);
        for (const row of layout.rows)
            drawRow(context, layout, row);
        return layout;
    },

    hit(layout, x, y) {
        const at = weightAtPoint(layout, x, y);
        return at && at.inside ? view.scale.indexAtWeight(at.weight) : -1;
    },

    // The edge of a region, in each row that has a part of it.
    trace(context, layout, i) {
        const { sum } = view.scale;
        for (const row of layout.rows.filter(({ w0, w1 }) => sum[i] < w1 && sum[i + 1] > w0)) {
            const from = row.x + (Math.max(sum[i], row.w0) - row.w0) * row.pixels;
            const to = row.x + (Math.min(sum[i + 1], row.w1) - row.w0) * row.pixels;
            box(context, from, row.y + 4, Math.max(1, to - from), BODY, 3);
            context.stroke();
        }
    },

    pageAt(layout, x, y) {
        const at = weightAtPoint(layout, x, y);
        return at ? view.scale.pageAtWeight(at.weight) : null;
    },
};
