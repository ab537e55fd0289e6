// Above the picture: whose memory this is, its most important figures, where one is in it, and what the signs mean.

function tile(label, value, note, part, isLimit) {
    const made = element("div", "tile");
    const line = element("div", "tile-line");
    line.append(element("span", "tile-value", value), element("span", "tile-note", note));
    made.append(element("div", "tile-label", label), line);
    if (part !== undefined) {
        const meter = element("div", "meter");
        meter.setAttribute("role", "meter");
        meter.setAttribute("aria-label", label);
        meter.setAttribute("aria-valuemin", "0");
        meter.setAttribute("aria-valuemax", "100");
        meter.setAttribute("aria-valuenow", String(Math.round(100 * part)));
        const filled = element("div", isLimit && part > 0.8 ? "filled high" : "filled");
        filled.style.width = `${Math.min(100, 100 * part)}%`;
        meter.append(filled);
        made.append(meter);
    }
    return made;
}

function lazyBytes(snapshot) {
    return snapshot.lazy.reduce((sum, bytes) => sum + bytes, 0);
}

function fillTiles({ byType, all }) {
    const snapshot = view.after || view.snapshot;
    const { head } = snapshot;
    const lazy = lazyBytes(snapshot);
    const tiles = [
        tile("address space in use", sizeText(all.size), `${countText(all.blocks)} regions`),
        tile("committed", sizeText(all.committed), `${shareText(all.committed, all.size)} of it`),
        tile("in memory", sizeText(all.resident), lazy ? `and ${sizeText(lazy)} that may go` : `${shareText(all.resident, all.committed)} of that`, all.committed ? all.resident / all.committed : 0),
        tile("private", sizeText(all.private), `${sizeText(all.shared)} shared`),
        ...(byType[FREE].blocks ? [tile("largest free block", sizeText(byType[FREE].largest), `of ${countText(byType[FREE].blocks)}`)] : []),
    ];
    const { mappings, most_mappings: most, system } = head;
    if (Number.isFinite(mappings) && Number.isFinite(most) && most > 0)
        tiles.push(tile("mappings", countText(mappings), `of ${countText(most)} allowed`, mappings / most, true));
    if (system && Number.isFinite(system.committed) && Number.isFinite(system.commit_limit) && system.commit_limit > 0)
        tiles.push(tile("commit of the system", sizeText(system.committed), `limit ${sizeText(system.commit_limit)}`,
            system.committed / system.commit_limit, true));
    find("tiles").replaceChildren(...tiles);
}

function titleOf(snapshot) {
    const { name, pid } = snapshot.head;
    return visible(`${name || "process"}${Number.isInteger(pid) ? ` (${pid})` : ""}`);
}

function fillTitle() {
    const { before, after } = view;
    const shown = after || view.snapshot;
    document.title = `${titleOf(shown)} \u2013 winmem-maps`;
    find("name").textContent = titleOf(shown);
    const taken = (snapshot) => visible(snapshot.head.taken.replace("T", " ").replace("Z", " UTC"));
    find("taken").textContent = before && after ? `${taken(before)} compared with ${taken(after)}` : taken(shown);
    const problems = [before, shown].filter((each) => each && each.problem).map((each) => `${titleOf(each)}: ${each.problem}`);
    find("problem").textContent = problems.join(". ");
    find("problem").hidden = !problems.length;
}

function crumb(text, act) {
    const item = element("li");
    item.append(act ? button(text, "", act) : element("span", "", text));
    if (!act)
        item.firstChild.setAttribute("aria-current", "location");
    return item;
}

// From the whole down to what is seen; each step but the last leads back there.
function fillCrumbs() {
    const { snapshot, scale, lo, hi } = view;
    const size = (pages) => sizeText(pages * snapshot.pageSize);
    const steps = [["address space", snapshot.first, snapshot.last, false]];
    const cluster = scale.clusterAt(lo);
    if (cluster && hi <= cluster.end && scale.clusters.length > 1)
        steps.push([`${snapshot.address(cluster.start)} (${size(cluster.end - cluster.start)})`, cluster.start, cluster.end, false]);
    if (view.grid) {
        const [start, end] = extentOf(snapshot.indexAt(lo));
        steps.push([`allocation ${snapshot.address(start)} (${size(end - start)})`, start, end, true]);
    }
    const last = steps[steps.length - 1];
    if (last[1] !== lo || last[2] !== hi || last[3] !== view.grid)
        steps.push([`${snapshot.address(lo)} \u2013 ${snapshot.address(Math.ceil(hi))}`, lo, hi, view.grid]);
    find("crumbs").replaceChildren(...steps.map(([text, from, to, asGrid], n) =>
        crumb(text, n < steps.length - 1 ? () => view.go(from, to, asGrid) : null)));
}

function legendItem(draw, text) {
    const item = element("span", "legend-item");
    const canvas = element("canvas");
    const context = fit(canvas, 16, 16);
    draw(context);
    canvas.setAttribute("aria-hidden", "true");
    item.append(canvas, element("span", "", text));
    return item;
}

function sampleColour() {
    const i = view.snapshot.indexAt(view.lo);
    return TYPES[view.snapshot.type[i]].colour || TYPES[1].colour;
}

function gridLegend(layout) {
    const colour = sampleColour();
    const items = KINDS.map((_, kind) =>
        legendItem((context) => drawPage(context, kind, 1, 1, 14, colour), KIND_TEXTS[kind]));
    const note = layout.pagesPerCell > 1
        ? `a cell is ${countText(layout.pagesPerCell)} pages, ${sizeText(layout.pagesPerCell * view.snapshot.pageSize)}`
        : `a cell is a page, a group is ${GROUP} of them`;
    return [...items, element("span", "legend-note", note)];
}

function mapLegend() {
    const box1 = (type, state) => (context) => {
        context.fillStyle = bodyOf(context, type, state);
        context.fillRect(1, 1, 14, 14);
    };
    const { snapshot } = view;
    const seen = new Set(snapshot.type);
    const items = TYPES.map((type, number) => [type, number])
        .filter(([, number]) => !isGap(number) && seen.has(number))
        .map(([type, number]) => legendItem(box1(number, COMMIT), `${type.letters} ${type.name}`));
    items.push(legendItem(box1(1, 1), "hatched: reserved"));
    items.push(legendItem((context) => {
        context.fillStyle = TYPES[1].colour;
        context.fillRect(1, 1, 14, 9);
        context.fillStyle = mix(TYPES[1].colour, "#000000", 0.5);
        context.fillRect(1, 10, 8, 5);
        context.fillStyle = mix(TYPES[1].colour, theme.paper, 0.35);
        context.fillRect(9, 10, 6, 5);
    }, "at the foot: in memory"));
    return items;
}

function changeLegend() {
    return CHANGES.slice(1).map((change, n) => {
        const press = button(`${change.sign} ${change.name}`, `show only what ${change.says}`, () => filterByChange(n + 1));
        press.className = `change change-${change.name}`;
        press.setAttribute("aria-pressed", String(view.changes.has(n + 1)));
        return press;
    });
}

function filterByChange(change) {
    if (!view.changes.delete(change))
        view.changes.add(change);
    filterChanged();
}

function fillLegend(layout) {
    find("legend").replaceChildren(...(view.grid ? gridLegend(layout) : mapLegend()),
        ...(view.snapshot.change ? changeLegend() : []));
}
