// The table by type. A row is a filter: click it to see its type alone, and again to see all; with Ctrl or Shift several.

const COLUMNS = ["size", "committed", "resident", "private", "shared", "locked", "blocks", "largest"];

function emptySums() {
    return Object.fromEntries(COLUMNS.map((column) => [column, 0]));
}

function addToSums(sums, snapshot, i) {
    const bytes = snapshot.bytes(i);
    sums.size += bytes;
    sums.committed += snapshot.state[i] === COMMIT ? bytes : 0;
    for (const name of ["resident", "private", "shared", "locked"])
        sums[name] += snapshot[name][i];
    sums.blocks++;
    sums.largest = Math.max(sums.largest, bytes);
}

// Sums for each type, and for all that is not free.
function sumUp(snapshot) {
    const byType = TYPES.map(emptySums);
    const all = emptySums();
    for (let i = 0; i < snapshot.count; i++) {
        addToSums(byType[snapshot.type[i]], snapshot, i);
        if (!isGap(snapshot.type[i]))
            addToSums(all, snapshot, i);
    }
    return { byType, all };
}

function cellFor(column, sums, old, isFree) {
    const cell = element("td", "number");
    const value = sums[column];
    const silent = value === 0 || (isFree && !["size", "blocks", "largest"].includes(column));
    cell.textContent = silent ? "" : column === "blocks" ? countText(value) : sizeText(value);
    if (old && value !== old[column]) {
        const by = value - old[column];
        const text = column === "blocks" ? (by > 0 ? "+" : "\u2212") + countText(Math.abs(by)) : changeText(by);
        cell.append(element("span", `delta ${by > 0 ? "more" : "less"}`, text));
    }
    return cell;
}

function tableRow(head, sums, old, isFree) {
    const row = element("tr");
    row.append(head, ...COLUMNS.map((column) => cellFor(column, sums, old, isFree)));
    return row;
}

function typeHead(type) {
    const head = element("th");
    head.scope = "row";
    const press = button("", "", (event) => filterByType(type, event.ctrlKey || event.shiftKey || event.metaKey));
    press.className = "type";
    press.title = `${TYPES[type].says}; click to see these only`;
    press.dataset.type = TYPES[type].name;
    press.append(swatch(type), element("span", "", TYPES[type].name));
    head.append(press);
    return head;
}

function emptyTable(...titles) {
    const table = element("table");
    const head = element("tr");
    head.append(...titles.map((text) => {
        const cell = element("th", "", text);
        cell.scope = "col";
        return cell;
    }));
    table.append(element("thead"), element("tbody"));
    table.firstChild.append(head);
    return table;
}

// What has changed, in a comparison: how many pieces, how much.
function changeTable() {
    const { snapshot } = view;
    const table = emptyTable("change", "pieces", "size");
    CHANGES.forEach(({ name, sign }, change) => {
        const pieces = change ? snapshot.change.filter((each) => each === change).length : 0;
        if (!pieces)
            return;
        const bytes = snapshot.change.reduce((sum, each, i) => each === change ? sum + snapshot.bytes(i) : sum, 0);
        const row = element("tr", `said-${name}`);
        const head = element("th", "", `${sign} ${name}`);
        head.scope = "row";
        row.append(head, element("td", "number", countText(pieces)), element("td", "number", sizeText(bytes)));
        table.lastChild.append(row);
    });
    return table;
}

// What matters most of it, beside the picture: size, committed, in memory.
function shortTable() {
    const columns = COLUMNS.slice(0, 3);
    const table = emptyTable("type", "size", "committed", "in memory");
    TYPES.forEach((_, type) => {
        const sums = view.sums.byType[type];
        if (!sums.blocks)
            return;
        const row = element("tr");
        row.append(typeHead(type), ...columns.map((column) => cellFor(column, sums, null, isGap(type))));
        table.lastChild.append(row);
    });
    return table;
}

function fillTable() {
    const shown = view.after || view.snapshot;
    const now = sumUp(shown);
    const was = view.before && view.after ? sumUp(view.before) : null;
    const body = find("types");
    body.replaceChildren();
    TYPES.forEach((_, type) => {
        const there = now.byType[type].blocks || (was && was.byType[type].blocks);
        if (there)
            body.append(tableRow(typeHead(type), now.byType[type], was && was.byType[type], isGap(type)));
    });
    const head = element("th", "", "total, but free");
    head.scope = "row";
    find("total").replaceChildren(tableRow(head, now.all, was && was.all, false));
    markFilters();
    view.sums = now;
    return now;
}

function filterByType(type, several) {
    const { only } = view;
    const was = only.has(type);
    const alone = was && only.size === 1;
    if (!several)
        only.clear();
    if (several && was)
        only.delete(type);
    else if (!alone)
        only.add(type);
    markFilters();
    filterChanged();
}

function markFilters() {
    for (const press of document.querySelectorAll("button.type")) {
        const on = view.only.has(TYPE_NUMBER.get(press.dataset.type));
        press.setAttribute("aria-pressed", String(on));
        press.closest("tr").classList.toggle("stepped-back", view.only.size > 0 && !on);
    }
}
