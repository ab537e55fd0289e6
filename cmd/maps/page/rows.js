// Where the map draws what: a range of the address space as rows, like lines of a text. A cluster begins a row of its own;
// between two clusters is a fold. Rows know their weights, so a point of the picture is an address and the other way round.

const GUTTER = 124;             // addresses stand here
const ROW_HEIGHT = 34;
const FOLD_HEIGHT = 17;
const PIXELS_WANTED = 8.5;      // a unit of weight has these, if there is room for it
const PIXELS_MOST = 30;

// The clusters that lo to hi touches, each with the weights of it that are seen.
function seenClusters(scale, lo, hi) {
    const seen = [];
    for (const cluster of scale.clusters) {
        const from = Math.max(lo, cluster.start);
        const to = Math.min(hi, cluster.end);
        if (from < to)
            seen.push({ cluster, w0: scale.weightAt(from), w1: scale.weightAt(to) });
    }
    return seen;
}

// How many rows each gets: as many as it wants, or its share of those there are, but one.
function shareRows(seen, width, rowsMost) {
    const wanted = seen.map(({ w0, w1 }) => Math.max(1, Math.ceil(((w1 - w0) * PIXELS_WANTED) / width)));
    const all = wanted.reduce((sum, rows) => sum + rows, 0);
    if (all <= rowsMost)
        return wanted;
    const spare = Math.max(0, rowsMost - seen.length);
    const more = all - seen.length;
    return wanted.map((rows) => 1 + Math.floor((spare * (rows - 1)) / Math.max(1, more)));
}

// As many rows as fit into a height, and at least some more than there are clusters.
function rowsFor(seen, height) {
    return Math.max(seen.length + 4, Math.floor((height - seen.length * FOLD_HEIGHT) / ROW_HEIGHT));
}

function layOut(scale, lo, hi, width, heightMost) {
    const room = Math.max(60, width - GUTTER - 4);
    const seen = seenClusters(scale, lo, hi);
    const shares = shareRows(seen, room, rowsFor(seen, heightMost));
    const whole = lo <= scale.snapshot.first && hi >= scale.snapshot.last;
    const rows = [];
    const folds = [];
    let y = 4;
    const fold = (from, to) => {
        if (to > from) {
            folds.push({ y, from, to, name: TYPES[scale.snapshot.type[scale.snapshot.indexAt(from)]].name });
            y += FOLD_HEIGHT;
        }
    };
    seen.forEach(({ cluster, w0, w1 }, n) => {
        fold(n ? seen[n - 1].cluster.end : Math.max(lo, scale.snapshot.first), Math.max(lo, cluster.start));
        const step = (w1 - w0) / shares[n];
        const pixels = Math.min(room / step, whole ? PIXELS_MOST : 8 * PIXELS_MOST);
        for (let row = 0; row < shares[n]; row++) {
            rows.push({ y, x: GUTTER, pixels, w0: w0 + row * step, w1: w0 + (row + 1) * step, cluster,
                first: row === 0 });
            y += ROW_HEIGHT;
        }
    });
    if (seen.length)
        fold(seen[seen.length - 1].cluster.end, Math.min(hi, scale.snapshot.last));
    return { rows, folds, height: y + 6 };
}

function rowAt(layout, x, y) {
    return layout.rows.find((row) => y >= row.y && y < row.y + ROW_HEIGHT) || null;
}

function weightAtPoint(layout, x, y) {
    const row = rowAt(layout, x, y);
    if (!row)
        return null;
    const weight = row.w0 + (x - row.x) / row.pixels;
    return { weight: Math.max(row.w0, Math.min(row.w1, weight)), inside: x >= row.x && weight <= row.w1 };
}
