// Two snapshots laid over each other. The result is a snapshot too, of pieces: wherever a region of either begins or ends,
// a piece begins. A piece is what is there now, or, where nothing is now, what was there before; its change says what
// happened to it.

function isThere(snapshot, i) {
    return i >= 0 && !isGap(snapshot.type[i]) && snapshot.type[i] !== SLACK;
}

function allocationsOf(snapshot) {
    const all = new Set();
    for (let i = 0; i < snapshot.count; i++) {
        if (isThere(snapshot, i))
            all.add(snapshot.allocation[i]);
    }
    return all;
}

// What happened between region i of before and region j of after, of which a piece is common.
function changeBetween(before, i, after, j, had, has) {
    const was = isThere(before, i);
    const is = isThere(after, j);
    if (!was && !is)
        return "same";
    if (!was)
        return had.has(after.allocation[j]) ? "grew" : "came";
    if (!is)
        return has.has(before.allocation[i]) ? "shrank" : "went";
    if (before.allocation[i] !== after.allocation[j] || before.file[i] !== after.file[j])
        return "came";
    if (before.state[i] !== after.state[j])
        return after.state[j] === COMMIT ? "grew" : "shrank";
    if (before.protect[i] !== after.protect[j] || before.type[i] !== after.type[j])
        return "protection";
    const same = before.resident[i] === after.resident[j] && before.swapped[i] === after.swapped[j];
    return same || before.pages[i] !== after.pages[j] ? "same" : "memory";
}

const PARTS = ["resident", "private", "shared", "locked", "lazy", "swapped"];

function addPiece(result, source, i, start, pages, change) {
    const last = result.count - 1;
    const origin = last >= 0 ? result.origin[last] : null;
    if (origin && origin[0] === source && origin[1] === i && result.change[last] === change &&
        result.end(last) === start) {
        result.pages[last] += pages;        // the other one's boundary meant nothing
        return;
    }
    result.start.push(start);
    result.pages.push(pages);
    for (const name of ["type", "state", "protect", "allocation", "allocationProtect", "file", "is", "runs"])
        result[name].push(source[name][i]);
    result.change.push(change);
    result.origin.push([source, i]);
}

const LETTERS_OF = { resident: "rslh", private: "rlh", shared: "s", locked: "l", lazy: "", swapped: "w" };

// What pages from..to of region i have in memory, as its runs tell; null if they do not.
function countPages(source, i, from, to) {
    const pages = Object.fromEntries(PARTS.map((name) => [name, 0]));
    const told = source.runs[i] !== "" && eachRun(source.runs[i], (at, length, letter) => {
        const both = Math.min(to, at + length) - Math.max(from, at);
        for (const name of PARTS)
            pages[name] += both > 0 && LETTERS_OF[name].includes(letter) ? both : 0;
    });
    return told ? pages : null;
}

// A piece has what lies in its pages, or, where nobody knows that, its share of what its region has in memory.
function shareOut(result) {
    for (let piece = 0; piece < result.count; piece++) {
        const [source, i] = result.origin[piece];
        const from = result.start[piece] - source.start[i];
        const share = result.pages[piece] / source.pages[i];
        const counted = share < 1 ? countPages(source, i, from, from + result.pages[piece]) : null;
        for (const name of PARTS)
            result[name].push(counted ? counted[name] * source.pageSize : source[name][i] * share);
    }
}

function compare(before, after) {
    const result = new Snapshot(after.head);
    result.change = [];
    result.origin = [];
    const had = allocationsOf(before);
    const has = allocationsOf(after);
    const bounds = [before.first, after.first, before.last, after.last];
    let at = Math.min(...bounds);
    const end = Math.max(...bounds);
    let i = 0;
    let j = 0;
    while (at < end) {
        while (i < before.count && before.end(i) <= at)
            i++;
        while (j < after.count && after.end(j) <= at)
            j++;
        const inBefore = i < before.count && before.start[i] <= at;
        const inAfter = j < after.count && after.start[j] <= at;
        const next = Math.min(
            i < before.count ? (inBefore ? before.end(i) : before.start[i]) : end,
            j < after.count ? (inAfter ? after.end(j) : after.start[j]) : end);
        if (inBefore || inAfter) {
            const change = changeBetween(before, inBefore ? i : -1, after, inAfter ? j : -1, had, has);
            const showsBefore = !inAfter || change === "went" || change === "shrank" && !isThere(after, j);
            addPiece(result, showsBefore ? before : after, showsBefore ? i : j, at, next - at,
                CHANGE_NUMBER.get(change));
        }
        at = next;
    }
    shareOut(result);
    return result;
}

// Which of two is the older one: by the time they were taken, which ISO's form sorts as text.
function inOrder(one, other) {
    return one.head.taken <= other.head.taken ? [one, other] : [other, one];
}
