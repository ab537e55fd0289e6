// What is looked at: a snapshot, a range of it as map or as grid, the region that is selected, the filters. Whoever changes
// it says so by one of the last lines of each function; the pictures are drawn anew before the next frame.

const HISTORY_MOST = 100;
const STEP = 1.6;               // of one press of a button

const view = {
    before: null,
    after: null,
    snapshot: null,
    scale: null,
    lo: 0,
    hi: 1,
    grid: false,
    selected: -1,
    hover: -1,
    only: new Set(),            // types that are shown; none: all
    changes: new Set(),         // changes that are shown; none: all
    query: "",
    matches: null,
    history: [],
    sums: null,

    isShown(i) {
        const { snapshot, only, matches, changes } = view;
        return (only.size === 0 || only.has(snapshot.type[i])) && (!matches || matches[i] === 1) &&
            (!snapshot.change || changes.size === 0 || changes.has(snapshot.change[i]));
    },

    get isWhole() {
        return !view.grid && view.lo <= view.snapshot.first && view.hi >= view.snapshot.last;
    },

    show(snapshot) {
        view.snapshot = snapshot;
        view.scale = new Scale(snapshot);
        view.selected = view.hover = -1;
        view.history = [];
        view.lo = snapshot.first;
        view.hi = snapshot.last;
        view.grid = false;
        applySearch();
    },

    go(lo, hi, asGrid) {
        const { history } = view;
        const now = [view.lo, view.hi, view.grid];
        history.push(now);
        if (history.length > HISTORY_MOST)
            history.shift();
        view.move(lo, hi, asGrid);
    },

    // As go, but nothing to come back to.
    move(lo, hi, asGrid) {
        const { snapshot } = view;
        view.lo = Math.max(snapshot.first, lo);
        view.hi = Math.min(snapshot.last, Math.max(hi, view.lo + 1));
        view.grid = asGrid;
        view.hover = -1;
        pictureChanged();
    },

    back() {
        const last = view.history.pop();
        if (last)
            view.move(...last);
    },

    whole() {
        view.go(view.snapshot.first, view.snapshot.last, false);
    },

    select(i) {
        view.selected = i;
        selectionChanged();
    },
};

// The pages from the first to the last region of i's allocation.
function extentOf(i) {
    const [first, last] = view.snapshot.family(i);
    return [view.snapshot.start[first], view.snapshot.end(last)];
}

// To a region: its allocation page by page; where it has none, on the map with some of its neighbours.
function openRegion(i) {
    const { snapshot, scale } = view;
    if (snapshot.allocation[i] >= 0 && !isGap(snapshot.type[i]))
        return view.go(...extentOf(i), true);
    const margin = Math.max(4, 0.3 * (scale.sum[i + 1] - scale.sum[i]));
    return view.go(scale.pageAtWeight(scale.sum[i] - margin), scale.pageAtWeight(scale.sum[i + 1] + margin), false);
}

// Near enough that pages can be told apart: a few regions of one allocation.
function isNear(lo, hi) {
    const { snapshot } = view;
    const first = snapshot.indexAt(lo);
    const last = snapshot.indexAt(Math.max(lo, hi - WITHIN));
    return last - first < 3 && snapshot.allocation[first] >= 0 && !isGap(snapshot.type[first]) &&
        snapshot.allocation[first] === snapshot.allocation[last];
}

function zoomMap(factor, page) {
    const { scale } = view;
    const [w0, w1, w] = [scale.weightAt(view.lo), scale.weightAt(view.hi), scale.weightAt(page)];
    const width = Math.max(0.02, (w1 - w0) / factor);
    if (width >= scale.total)
        return view.isWhole ? undefined : view.whole();
    const from = Math.max(0, Math.min(scale.total - width, w - ((w - w0) * width) / (w1 - w0)));
    const [lo, hi] = [scale.pageAtWeight(from), scale.pageAtWeight(from + width)];
    if (factor > 1 && isNear(lo, hi))
        return zoomedTo(...extentOf(view.snapshot.indexAt(page)), true);
    return zoomedTo(lo, hi, false);
}

function zoomGrid(factor, page) {
    const [start, end] = extentOf(view.snapshot.indexAt(view.lo));
    if (factor < 1 && view.lo <= start && view.hi >= end)
        return leaveGrid(start, end);
    const pages = Math.max(GROUP, Math.round((view.hi - view.lo) / factor));
    const from = page - ((page - view.lo) * pages) / (view.hi - view.lo);
    const lo = Math.max(start, Math.min(end - pages, Math.floor(from / GROUP) * GROUP));
    return zoomedTo(lo, Math.min(end, lo + pages), true);
}

function leaveGrid(start, end) {
    const { scale } = view;
    const margin = 40;
    zoomedTo(scale.pageAtWeight(scale.weightAt(start) - margin), scale.pageAtWeight(scale.weightAt(end) + margin), false);
}

// Turns of a wheel that follow each other are one thing to come back from.
let lastZoom = -Infinity;
function zoomedTo(lo, hi, asGrid) {
    const now = performance.now();
    if (now - lastZoom < 700 && view.grid === asGrid)
        view.move(lo, hi, asGrid);
    else
        view.go(lo, hi, asGrid);
    lastZoom = now;
}

function zoomBy(factor, page) {
    if (page === undefined || page === null) {
        const i = view.selected;
        const { snapshot } = view;
        const seen = i >= 0 && snapshot.end(i) > view.lo && snapshot.start[i] < view.hi;
        page = seen ? Math.max(view.lo, snapshot.start[i]) : middlePage();
    }
    return view.grid ? zoomGrid(factor, page) : zoomMap(factor, page);
}

function middlePage() {
    if (view.grid)
        return (view.lo + view.hi) / 2;
    return view.scale.pageAtWeight((view.scale.weightAt(view.lo) + view.scale.weightAt(view.hi)) / 2);
}

// To the side by a part of what is seen.
function panBy(part) {
    if (view.grid) {
        const [start, end] = extentOf(view.snapshot.indexAt(view.lo));
        const pages = view.hi - view.lo;
        const lo = Math.max(start, Math.min(end - pages, view.lo + Math.round(part * pages)));
        return view.move(lo, lo + pages, true);
    }
    const { scale } = view;
    const [w0, w1] = [scale.weightAt(view.lo), scale.weightAt(view.hi)];
    const from = Math.max(0, Math.min(scale.total - (w1 - w0), w0 + part * (w1 - w0)));
    return view.move(scale.pageAtWeight(from), scale.pageAtWeight(from + w1 - w0), false);
}
