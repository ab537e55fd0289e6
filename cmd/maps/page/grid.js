// The grid: an allocation page by page, sixteen pages and a small gap, as granules of 64 KiB have it. Where there are more
// pages than cells, a cell stands for a power of two of them and shows their mixture.

const CELLS = [26, 20, 16, 13, 11, 9, 8, 7];
const KINDS = ["reserved", "untouched", "private", "shared", "locked", "swapped", "huge", "guard"];
const KIND_OF_LETTER = { ".": 1, r: 2, s: 3, l: 4, w: 5, h: 6 };
const KIND_TEXTS = ["reserved", "committed, not in memory", "in memory, private", "in memory, shared", "locked",
    "swapped out", "in a huge page", "guard"];
const GROUP = 16;

// Cells and their places: the largest cells with which a page is a cell, else the smallest.
function gridLayout(lo, hi, width, height) {
    const pages = Math.max(1, Math.ceil(hi) - Math.floor(lo));
    const room = width - GUTTER - 8;
    let made = null;
    for (const size of CELLS) {
        const group = GROUP * size + 4;
        const groups = Math.max(1, Math.floor(room / group));
        const columns = groups * GROUP;
        const rows = Math.max(4, Math.floor((height - 16) / size));
        made = { size, group, groups, columns, rows, pagesPerCell: 1 };
        if (pages <= columns * rows)
            break;
    }
    while (pages > made.columns * made.rows * made.pagesPerCell)
        made.pagesPerCell *= 2;
    made.lo = Math.floor(lo);
    made.cells = Math.ceil(pages / made.pagesPerCell);
    made.used = Math.ceil(made.cells / made.columns);
    made.height = made.used * made.size + 16;
    return made;
}

function cellBox(layout, cell) {
    const row = Math.floor(cell / layout.columns);
    const column = cell % layout.columns;
    return {
        x: GUTTER + Math.floor(column / GROUP) * layout.group + (column % GROUP) * layout.size,
        y: 8 + row * layout.size,
    };
}

// Adds pages from..to of a kind to the cells that they lie in.
function pour(layout, mixture, from, to, kind) {
    const end = layout.cells * layout.pagesPerCell;
    let at = Math.max(0, from - layout.lo);
    const stop = Math.min(end, to - layout.lo);
    while (at < stop) {
        const cell = Math.floor(at / layout.pagesPerCell);
        const next = Math.min(stop, (cell + 1) * layout.pagesPerCell);
        mixture[cell * KINDS.length + kind] += next - at;
        at = next;
    }
}

function pourRegion(layout, mixture, snapshot, i) {
    const start = snapshot.start[i];
    const end = snapshot.end(i);
    if (snapshot.type[i] === GUARD)
        return pour(layout, mixture, start, end, 7);
    if (snapshot.state[i] !== COMMIT)
        return pour(layout, mixture, start, end, 0);
    const [source, own] = snapshot.origin ? snapshot.origin[i] : [snapshot, i];
    let at = start;
    const told = eachRun(source.runs[own], (first, length, letter) => {
        const from = Math.max(start, source.start[own] + first);
        const to = Math.min(end, source.start[own] + first + length);
        pour(layout, mixture, from, to, KIND_OF_LETTER[letter]);
        at = Math.max(at, to);
    });
    if (!told)      // too many runs to save: as much as is in memory, spread evenly
        at = spread(layout, mixture, snapshot, i);
    pour(layout, mixture, at, end, 1);
}

function spread(layout, mixture, snapshot, i) {
    const share = Math.min(1, snapshot.resident[i] / snapshot.bytes(i));
    const first = Math.max(0, Math.floor((snapshot.start[i] - layout.lo) / layout.pagesPerCell));
    const last = Math.min(layout.cells, Math.ceil((snapshot.end(i) - layout.lo) / layout.pagesPerCell));
    for (let cell = first; cell < last; cell++) {
        mixture[cell * KINDS.length + 2] += share * layout.pagesPerCell;
        mixture[cell * KINDS.length + 1] += (1 - share) * layout.pagesPerCell;
    }
    return snapshot.end(i);
}

function drawMark(context, kind, x, y, size, colour) {
    const dark = mix(colour, "#000000", 0.4);
    context.strokeStyle = context.fillStyle = dark;
    context.lineWidth = size > 12 ? 2 : 1;
    context.beginPath();
    if (KINDS[kind] === "shared")
        context.arc(x + size / 2, y + size / 2, size / 5, 0, 2 * Math.PI);
    else if (KINDS[kind] === "swapped")
        context.fillRect(x + 1, y + size / 2 - 0.5, size - 2, 1.5);
    else if (KINDS[kind] === "huge")
        context.fillRect(x, y + size * 0.65, size, size * 0.35);
    context.fill();
    if (KINDS[kind] === "locked")
        context.strokeRect(x + 1, y + 1, size - 2, size - 2);
}

// A cell of one kind.
function drawPage(context, kind, x, y, size, colour) {
    const name = KINDS[kind];
    if (name === "reserved") {
        context.strokeStyle = mix(colour, theme.panel, 0.45);
        context.lineWidth = 1;
        context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
        return;
    }
    if (name === "guard")
        context.fillStyle = bodyOf(context, GUARD, COMMIT);
    else
        context.fillStyle = name === "untouched" || name === "swapped" ? mix(colour, theme.panel, 0.32) : colour;
    context.fillRect(x, y, size, size);
    drawMark(context, kind, x, y, size, colour);
}

// A cell of several pages: a glass, filled as far as its pages are committed, and darker as far as they are in memory.
function drawMixture(context, parts, whole, x, y, size, colour) {
    const sum = (kinds) => kinds.reduce((all, kind) => all + parts[kind], 0) / whole;
    const inMemory = sum([2, 3, 4, 6]);
    const committed = sum([1, 5, 7]) + inMemory;
    drawPage(context, 0, x, y, size, colour);
    context.fillStyle = mix(colour, theme.panel, 0.4);
    context.fillRect(x, y + size * (1 - committed), size, size * committed);
    context.fillStyle = colour;
    context.fillRect(x, y + size * (1 - inMemory), size, size * inMemory);
}

function drawCells(context, layout, mixture, typeOfCell) {
    const gap = layout.size > 9 ? 2 : 1;
    for (let cell = 0; cell < layout.cells; cell++) {
        const parts = mixture.subarray(cell * KINDS.length, (cell + 1) * KINDS.length);
        const whole = parts.reduce((sum, part) => sum + part, 0);
        if (!whole)
            continue;
        const { x, y } = cellBox(layout, cell);
        const i = typeOfCell(cell);
        const colour = TYPES[view.snapshot.type[i]].colour || theme.line;
        const kind = parts.indexOf(Math.max(...parts));
        context.globalAlpha = strengthOf(i);
        if (parts[kind] === whole)
            drawPage(context, kind, x, y, layout.size - gap, colour);
        else
            drawMixture(context, parts, whole, x, y, layout.size - gap, colour);
    }
    context.globalAlpha = 1;
}

function drawGridAddresses(context, layout) {
    const step = Math.max(1, Math.ceil(14 / layout.size));
    context.font = MONO;
    context.fillStyle = theme.muted;
    for (let row = 0; row < layout.used; row += step) {
        const page = layout.lo + row * layout.columns * layout.pagesPerCell;
        context.fillText(view.snapshot.address(page), 4, 8 + row * layout.size + layout.size / 2 - 0.5);
    }
}

const grid = {
    draw(canvas, width, heightMost) {
        const layout = gridLayout(view.lo, view.hi, width, heightMost);
        const context = fit(canvas, width, Math.max(layout.height, 120));
        const mixture = new Float64Array(layout.cells * KINDS.length);
        const { snapshot } = view;
        for (let i = snapshot.indexAt(view.lo); i < snapshot.count && snapshot.start[i] < view.hi; i++) {
            if (!isGap(snapshot.type[i]))
                pourRegion(layout, mixture, snapshot, i);
        }
        context.textBaseline = "middle";
        drawGridAddresses(context, layout);
        drawCells(context, layout, mixture, (cell) => snapshot.indexAt(layout.lo + cell * layout.pagesPerCell));
        return layout;
    },

    cellAt(layout, x, y) {
        const row = Math.floor((y - 8) / layout.size);
        const inside = x - GUTTER;
        const group = Math.floor(inside / layout.group);
        const column = Math.min(GROUP - 1, Math.floor((inside - group * layout.group) / layout.size));
        if (inside < 0 || group >= layout.groups || row < 0)
            return -1;
        const cell = row * layout.columns + group * GROUP + column;
        return cell < layout.cells ? cell : -1;
    },

    pageAt(layout, x, y) {
        const cell = grid.cellAt(layout, x, y);
        return cell < 0 ? null : layout.lo + cell * layout.pagesPerCell;
    },

    hit(layout, x, y) {
        const page = grid.pageAt(layout, x, y);
        return page === null || page >= view.hi ? -1 : view.snapshot.indexAt(page);
    },

    // The edge of a region: a line wherever the cell beside it is not of it.
    trace(context, layout, i) {
        const { columns, size } = layout;
        const first = Math.max(0, Math.floor((view.snapshot.start[i] - layout.lo) / layout.pagesPerCell));
        const last = Math.min(layout.cells, Math.ceil((view.snapshot.end(i) - layout.lo) / layout.pagesPerCell)) - 1;
        const line = (x0, y0, x1, y1) => {
            context.moveTo(x0, y0);
            context.lineTo(x1, y1);
        };
        context.beginPath();
        for (let cell = first; cell <= last; cell++) {
            const { x, y } = cellBox(layout, cell);
            const column = cell % columns;
            const goesOn = cell < last && column < columns - 1;
            const [left, top, bottom] = [x - 1, y - 1, y + size - 1];
            const right = goesOn ? cellBox(layout, cell + 1).x - 1 : x + size - 1;
            if (cell - columns < first)
                line(left, top, right, top);
            if (cell + columns > last)
                line(left, bottom, right, bottom);
            if (column === 0 || cell === first)
                line(left, top, left, bottom);
            if (!goesOn)
                line(right, top, right, bottom);
        }
        context.stroke();
    },
};
