// A saved file, as winmem-maps --save writes it: JSON Lines, a head, the regions in ascending order, an end. Nobody vouches
// for it: what makes no sense is left out and counted, and all of it reaches the page as text only.

const ADDRESS = /^0x[0-9a-f]{1,16}$/i;

class Snapshot {
    constructor(head) {
        this.head = head;
        this.pageSize = head.page;
        this.start = [];
        this.pages = [];
        this.type = [];
        this.state = [];
        this.protect = [];
        this.allocation = [];
        this.allocationProtect = [];
        this.resident = [];
        this.private = [];
        this.shared = [];
        this.locked = [];
        this.lazy = [];
        this.swapped = [];
        this.runs = [];
        this.file = [];
        this.is = [];
        this.change = null;     // of a comparison only: the number of a change
        this.origin = null;     // of a comparison only: whose region a piece is
        this.told = 0;          // regions that the file had
        this.problem = "";
    }

    get count() {
        return this.start.length;
    }

    end(i) {
        return this.start[i] + this.pages[i];
    }

    bytes(i) {
        return this.pages[i] * this.pageSize;
    }

    address(page) {
        return addressText(page, this.pageSize);
    }

    get first() {
        return this.count ? this.start[0] : 0;
    }

    get last() {
        return this.count ? this.end(this.count - 1) : 1;
    }

    // The region that a page lies in, or the last one before it.
    indexAt(page) {
        let low = 0;
        let high = this.count - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.start[middle] <= page)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    // The regions of region i's allocation: [first, last]. They lie side by side.
    family(i) {
        let first = i;
        let last = i;
        const allocation = this.allocation[i];
        if (allocation < 0)
            return [i, i];
        while (first > 0 && this.allocation[first - 1] === allocation)
            first--;
        while (last + 1 < this.count && this.allocation[last + 1] === allocation)
            last++;
        return [first, last];
    }
}

function numberOf(value) {
    return Number.isFinite(value) && value > 0 ? value : 0;
}

function textOf(value) {
    return typeof value === "string" ? value : "";
}

function typeOf(line) {
    if (line.state === "commit" && textOf(line.protect).includes("g"))
        return GUARD;
    const number = TYPE_NUMBER.get(line.type);
    return number === undefined ? OTHER : number;
}

function readHead(line) {
    if (!line || typeof line !== "object" || line["winmem-maps"] === undefined)
        return null;
    const page = line.page;
    const sane = Number.isInteger(page) && page >= 512 && page <= 2 ** 24 && (page & (page - 1)) === 0;
    return { ...line, page: sane ? page : 4096, name: textOf(line.name), taken: textOf(line.taken) };
}

function isRegion(line) {
    return line && typeof line === "object" && typeof line.start === "string" && ADDRESS.test(line.start) &&
        Number.isFinite(line.bytes) && line.bytes > 0;
}

// Adds a region; false if it does not fit behind the last one.
function addRegion(snapshot, line) {
    if (!isRegion(line))
        return false;
    const size = BigInt(snapshot.pageSize);
    const start = Number(BigInt(line.start) / size);
    const pages = Math.ceil(line.bytes / snapshot.pageSize);
    if (start + pages > 2 ** 53 || (snapshot.count && start < snapshot.last))
        return false;
    if (snapshot.count && start > snapshot.last)        // of other types than were asked for, maybe
        pushRegion(snapshot, { type: "left out", state: "free" }, snapshot.last, start - snapshot.last);
    snapshot.told++;
    pushRegion(snapshot, line, start, pages);
    return true;
}

function pushRegion(snapshot, line, start, pages) {
    const size = BigInt(snapshot.pageSize);
    const has = typeof line.allocation === "string" && ADDRESS.test(line.allocation);
    snapshot.start.push(start);
    snapshot.pages.push(pages);
    snapshot.type.push(typeOf(line));
    snapshot.state.push(Math.max(0, STATES.indexOf(line.state)));
    snapshot.protect.push(textOf(line.protect));
    snapshot.allocation.push(has ? Number(BigInt(line.allocation) / size) : -1);
    snapshot.allocationProtect.push(textOf(line.allocation_protect));
    for (const name of ["resident", "private", "shared", "locked", "lazy", "swapped"])
        snapshot[name].push(numberOf(line[name]));
    snapshot.runs.push(textOf(line.pages));
    snapshot.file.push(textOf(line.file));
    snapshot.is.push(Array.isArray(line.is) ? line.is.filter((word) => typeof word === "string") : []);
}

function* linesOf(text) {
    let from = 0;
    while (from < text.length) {
        let to = text.indexOf("\n", from);
        if (to < 0)
            to = text.length;
        const line = text.slice(from, to).trim();
        if (line)
            yield line;
        from = to + 1;
    }
}

function parseLine(line) {
    try {
        return JSON.parse(line);
    } catch {
        return null;
    }
}

// The snapshot in a text; null if it is none. What was wrong with it stands in its .problem.
function readSaved(text) {
    let snapshot = null;
    let bad = 0;
    let end = null;
    for (const raw of linesOf(text)) {
        const line = parseLine(raw);
        if (!snapshot) {
            const head = readHead(line);
            if (!head)
                return null;
            snapshot = new Snapshot(head);
        } else if (line && line.end === true) {
            end = line;
        } else if (!addRegion(snapshot, line)) {
            bad++;
        }
    }
    if (!snapshot)
        return null;
    const problems = [];
    if (bad)
        problems.push(`${countText(bad)} lines make no sense and are left out`);
    if (!end)
        problems.push("the file has no end: it was cut");
    else if (end.regions !== snapshot.told + bad)
        problems.push("the file does not have as many regions as it says");
    snapshot.problem = problems.join("; ");
    return snapshot;
}

// What lies where in a region, page by page: calls each(first page of the region, pages, letter). False if it is not told.
function eachRun(runs, each) {
    if (runs === "~")
        return false;
    let at = 0;
    for (const [, digits, letter] of runs.matchAll(/(\d*)([.rslwh])/g)) {
        const length = digits === "" ? 1 : Number(digits);
        each(at, length, letter);
        at += length;
    }
    return true;
}
