// What is known of the region that is selected, and of its allocation; and, beside the pointer, in short.

function fact(name, value) {
    return value === "" || value === undefined ? [] : [element("dt", "", name), element("dd", "", value)];
}

function factsOf(i) {
    const s = view.snapshot;
    const bytes = (name) => s[name][i] ? sizeText(s[name][i]) : "";
    const facts = [
        ["from", s.address(s.start[i])],
        ["to", s.address(s.end(i))],
        ["size", `${sizeText(s.bytes(i))}, ${countText(s.pages[i])} pages`],
        ["state", isGap(s.type[i]) ? "" : STATES[s.state[i]]],
        ["protection", protectText(s.protect[i])],
        ["allocated as", protectText(s.allocationProtect[i])],
        ["in memory", bytes("resident")],
        ["private", bytes("private")],
        ["shared", bytes("shared")],
        ["locked", bytes("locked")],
        ["may go", bytes("lazy")],
        ["swapped out", bytes("swapped")],
        ["marks", s.is[i].join(", ")],
        ["file", s.file[i]],
    ];
    return facts.map(([name, value]) => [name, visible(value)]);
}

// The allocation of a region: how much of it is what, and in how many pieces.
function familyFacts(i) {
    const s = view.snapshot;
    const [first, last] = s.family(i);
    const { committed, resident, runs, hole, size } = sumFamily(s, first, last);
    return [
        ["allocation", s.address(s.start[first])],
        ["its size", sizeText(size)],
        ["committed", `${sizeText(committed)}${committed < size ? ` (${shareText(committed, size)}) in ${countText(runs)} runs` : ""}`],
        ["in memory", resident ? `${sizeText(resident)} (${shareText(resident, size)})` : ""],
        ["largest hole", hole ? sizeText(hole) : ""],
        ["regions", last > first ? countText(last - first + 1) : ""],
    ];
}

// In a comparison: what the piece was.
function changeFacts(i) {
    const s = view.snapshot;
    if (!s.change || !s.change[i])
        return [];
    const { name, sign, says } = CHANGES[s.change[i]];
    const facts = [["change", `${sign} ${name}: ${says}`]];
    const was = view.before.count ? view.before.indexAt(s.start[i]) : -1;
    if (was >= 0 && s.start[i] >= view.before.start[was] && s.start[i] < view.before.end(was)) {
        const state = isGap(view.before.type[was]) ? "" : STATES[view.before.state[was]];
        facts.push(["was", [TYPES[view.before.type[was]].name, state, view.before.protect[was]].filter(Boolean).join(", ")]);
        facts.push(["had in memory", view.before.resident[was] ? sizeText(view.before.resident[was]) : ""]);
    }
    return facts;
}

function showDetails() {
    const pane = find("details-body");
    const i = view.selected;
    if (i < 0) {
        pane.replaceChildren(...(view.snapshot.change ? [changeTable()] : []), shortTable(), element("p", "hint", "Click a region to see what is known of it. Double-click " +
            "it, or press Enter, to see its allocation page by page."));
        markFilters();
        return;
    }
    const title = element("h3");
    title.append(swatch(view.snapshot.type[i]), element("span", "", TYPES[view.snapshot.type[i]].name),
        button("\u00d7", "all types again", () => view.select(-1)));
    const own = element("dl");
    own.append(...[...changeFacts(i), ...factsOf(i)].flatMap(([name, value]) => fact(name, value)));
    pane.replaceChildren(title, own);
    if (isGap(view.snapshot.type[i]) || view.snapshot.type[i] === SLACK)
        return;
    const all = element("dl", "family");
    all.append(...familyFacts(i).flatMap(([name, value]) => fact(name, value)));
    pane.append(all, button("Page by page", "show this allocation page by page", () => openRegion(i)));
}

function tooltipLines(i, page) {
    const s = view.snapshot;
    const head = [TYPES[s.type[i]].name, sizeText(s.bytes(i)), isGap(s.type[i]) ? "" : STATES[s.state[i]], s.protect[i]];
    const lines = [head.filter(Boolean).join(" \u00b7 "), `${s.address(s.start[i])} \u2013 ${s.address(s.end(i))}`];
    if (view.grid && page !== null)
        lines.push(`page ${s.address(page)}`);
    if (s.resident[i])
        lines.push(`${sizeText(s.resident[i])} in memory`);
    if (s.file[i])
        lines.push(visible(s.file[i]));
    if (s.change && s.change[i])
        lines.push(CHANGES[s.change[i]].name);
    return lines;
}

function showTooltip(i, page, x, y) {
    const tip = find("tooltip");
    tip.hidden = i < 0;
    if (i < 0)
        return;
    tip.replaceChildren(...tooltipLines(i, page).map((line) => element("div", "", line)));
    const left = x + 16 + tip.offsetWidth > innerWidth ? x - 12 - tip.offsetWidth : x + 16;
    const top = y + 18 + tip.offsetHeight > innerHeight ? y - 12 - tip.offsetHeight : y + 18;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${Math.max(4, top)}px`;
}
