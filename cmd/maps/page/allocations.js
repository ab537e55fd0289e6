// Allocations: the regions that were reserved together and are released together. How much of one is committed, in how many
// runs, which hole is its largest, and, as a strip, where: so one sees which are fragmented, and how.

const STRIP_WIDTH = 190;
const STRIP_HEIGHT = 14;

// Sums over the regions first..last of one allocation.
function sumFamily(snapshot, first, last) {
    const sums = { first, last, committed: 0, resident: 0, runs: 0, hole: 0 };
    sums.size = (snapshot.end(last) - snapshot.start[first]) * snapshot.pageSize;
    for (let i = first; i <= last; i++) {
        const is = snapshot.state[i] === COMMIT;
        sums.committed += is ? snapshot.bytes(i) : 0;
        sums.resident += snapshot.resident[i];
        sums.runs += is && (i === first || snapshot.state[i - 1] !== COMMIT) ? 1 : 0;
        sums.hole = is ? sums.hole : Math.max(sums.hole, snapshot.bytes(i));
    }
    return sums;
}

const allocations = {
    snapshot: null,
    byFirst: new Map(),

    // Of a snapshot, each by the number of its first region.
    of(snapshot) {
        if (allocations.snapshot === snapshot)
            return allocations.byFirst;
        allocations.snapshot = snapshot;
        allocations.byFirst = new Map();
        for (let i = 0; i < snapshot.count; i++) {
            if (!isThere(snapshot, i) || snapshot.allocation[i] < 0)
                continue;
            const [first, last] = snapshot.family(i);
            allocations.byFirst.set(first, sumFamily(snapshot, first, last));
            i = last;
        }
        return allocations.byFirst;
    },
};

function allocationOf(snapshot, i) {
    return allocations.of(snapshot).get(i);
}

const ALLOCATION_FIELDS = [
    { name: "address", of: (s, i) => s.address(s.start[i]), key: (s, i) => s.start[i] },
    { name: "size", of: (s, i) => sizeText(allocationOf(s, i).size), key: (s, i) => -allocationOf(s, i).size },
    { name: "type", of: (s, i) => TYPES[s.type[i]].name, key: (s, i) => s.type[i] },
    { name: "used", of: (s, i) => shareText(allocationOf(s, i).committed, allocationOf(s, i).size),
        key: (s, i) => allocationOf(s, i).committed / allocationOf(s, i).size },
    { name: "runs", of: (s, i) => countText(allocationOf(s, i).runs), key: (s, i) => -allocationOf(s, i).runs },
    { name: "hole", of: (s, i) => allocationOf(s, i).hole ? sizeText(allocationOf(s, i).hole) : "",
        key: (s, i) => -allocationOf(s, i).hole },
    { name: "where", of: () => "", key: (s, i) => s.start[i], draw: drawStrip },
];

// Each column of the strip is a part of the allocation, filled as far as it is committed, and darker as it is in memory.
function drawStrip(canvas, snapshot, i) {
    const { first, last } = allocationOf(snapshot, i);
    const lo = snapshot.start[first];
    const pages = snapshot.end(last) - lo;
    const pagesPerCell = Math.max(1, Math.ceil(pages / STRIP_WIDTH));
    const layout = { lo, pagesPerCell, cells: Math.ceil(pages / pagesPerCell) };
    const mixture = new Float64Array(layout.cells * KINDS.length);
    for (let k = first; k <= last; k++)
        pourRegion(layout, mixture, snapshot, k);
    const context = fit(canvas, STRIP_WIDTH, STRIP_HEIGHT);
    canvas.style.width = "100%";
    const colour = TYPES[snapshot.type[i]].colour || theme.muted;
    context.fillStyle = mix(colour, theme.panel, 0.14);
    context.fillRect(0, 0, STRIP_WIDTH, STRIP_HEIGHT);
    const width = STRIP_WIDTH / layout.cells;
    for (let cell = 0; cell < layout.cells; cell++)
        drawColumn(context, mixture.subarray(cell * KINDS.length, (cell + 1) * KINDS.length), cell * width, width, colour);
}

function drawColumn(context, parts, x, width, colour) {
    const whole = parts.reduce((sum, part) => sum + part, 0) || 1;
    const inMemory = (parts[2] + parts[3] + parts[4] + parts[6]) / whole;
    const committed = (parts[1] + parts[5] + parts[7]) / whole + inMemory;
    for (const [part, shade] of [[committed, 0.45], [inMemory, 1]]) {
        context.fillStyle = mix(colour, theme.panel, shade);
        context.fillRect(Math.floor(x), STRIP_HEIGHT * (1 - part), Math.ceil(x + width) - Math.floor(x), STRIP_HEIGHT * part);
    }
}
