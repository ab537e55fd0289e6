// The regions, or the allocations, one a line. There may be a million of them; elements there are only for the lines that are seen, and they are
// used again and again.

const LINE = 24;
const LINES_MOST = 600000;      // browsers end at some height: beyond this, lines are skipped and the page says so

const REGION_FIELDS = [
    { name: "address", of: (s, i) => s.address(s.start[i]), key: (s, i) => s.start[i] },
    { name: "size", of: (s, i) => sizeText(s.bytes(i)), key: (s, i) => -s.pages[i] },
    { name: "type", of: (s, i) => TYPES[s.type[i]].name, key: (s, i) => s.type[i] },
    { name: "state", of: (s, i) => isGap(s.type[i]) ? "" : STATES[s.state[i]], key: (s, i) => -s.state[i] },
    { name: "protect", of: (s, i) => s.protect[i], key: (s, i) => s.protect[i] },
    { name: "in memory", of: (s, i) => s.resident[i] ? sizeText(s.resident[i]) : "", key: (s, i) => -s.resident[i] },
    { name: "file and marks", of: (s, i) => visible([s.file[i], ...s.is[i]].filter(Boolean).join("  ")),
        key: (s, i) => s.file[i] || "\uffff" },
];

const list = {
    order: new Uint32Array(0),
    sortedBy: 0,
    lines: [],
    fields: REGION_FIELDS,

    build() {
        list.buildHead();
        const frame = find("list-frame");
        frame.addEventListener("scroll", () => requestAnimationFrame(list.draw));
        frame.addEventListener("keydown", list.key);
        find("regions").addEventListener("click", () => list.turnTo(REGION_FIELDS));
        find("allocations").addEventListener("click", () => list.turnTo(ALLOCATION_FIELDS));
    },

    get hasAllocations() {
        return list.fields === ALLOCATION_FIELDS;
    },

    turnTo(fields) {
        list.fields = fields;
        list.sortedBy = 0;
        list.lines = [];
        find("list-body").replaceChildren();
        find("list-frame").scrollTop = 0;
        find("regions").setAttribute("aria-pressed", String(!list.hasAllocations));
        find("allocations").setAttribute("aria-pressed", String(list.hasAllocations));
        list.buildHead();
        list.fill();
    },

    buildHead() {
        const head = find("list-head");
        head.replaceChildren();
        list.fields.forEach((field, n) => {
            const cell = button(field.name, `sort by ${field.name}`, () => list.sort(n));
            const outer = element("div", `field field-${n}`);
            outer.setAttribute("role", "columnheader");
            outer.append(cell);
            head.append(outer);
        });
    },

    sort(n) {
        list.sortedBy = n;
        list.fill();
    },

    // What is listed: allocations of which a region is shown, or regions.
    wanted() {
        const { snapshot, only } = view;
        const all = [];
        if (list.hasAllocations) {
            for (const { first, last } of allocations.of(snapshot).values()) {
                let i = first;
                while (i <= last && !view.isShown(i))
                    i++;
                if (i <= last)
                    all.push(first);
            }
            return all;
        }
        for (let i = 0; i < snapshot.count; i++) {
            const hidden = isGap(snapshot.type[i]) && !only.has(snapshot.type[i]) && !view.query;
            const same = snapshot.change && !snapshot.change[i] && !view.query && !only.size;
            if (!hidden && !same && view.isShown(i))
                all.push(i);
        }
        return all;
    },

    fill() {
        const { snapshot } = view;
        const all = list.wanted();
        const { key } = list.fields[list.sortedBy];
        if (list.sortedBy) {
            const keys = new Map(all.map((i) => [i, key(snapshot, i)]));
            all.sort((a, b) => {
                const [x, y] = [keys.get(a), keys.get(b)];
                return x < y ? -1 : x > y ? 1 : a - b;
            });
        }
        list.order = Uint32Array.from(all);
        list.show();
    },

    show() {
        const shown = Math.min(list.order.length, LINES_MOST);
        find("list-body").style.height = `${shown * LINE}px`;
        find("list").setAttribute("aria-rowcount", String(list.order.length + 1));
        const what = (list.hasAllocations ? "allocation" : view.snapshot.change ? "changed piece" : "region") + (list.order.length === 1 ? "" : "s");
        find("list-count").textContent = `${countText(list.order.length)} ${what}` +
            (shown < list.order.length ? `, of which the first ${countText(shown)} are listed` : "");
        for (const [n, cell] of [...find("list-head").children].entries())
            cell.setAttribute("aria-sort", n === list.sortedBy ? "ascending" : "none");
        list.reveal(view.selected);
    },

    line(n) {
        while (list.lines.length <= n) {
            const made = element("div", "line");
            made.setAttribute("role", "row");
            made.append(...list.fields.map((_, field) => {
                const cell = element("div", `field field-${field}`);
                cell.setAttribute("role", "cell");
                if (list.fields[field].draw)
                    cell.append(element("canvas"));
                return cell;
            }));
            made.addEventListener("click", () => view.select(Number(made.dataset.region)));
            made.addEventListener("dblclick", () => openRegion(Number(made.dataset.region)));
            find("list-body").append(made);
            list.lines.push(made);
        }
        return list.lines[n];
    },

    draw() {
        const frame = find("list-frame");
        const first = Math.max(0, Math.floor(frame.scrollTop / LINE) - 4);
        const end = Math.min(list.order.length, LINES_MOST, first + Math.ceil(frame.clientHeight / LINE) + 8);
        for (let n = 0; first + n < end; n++)
            list.write(list.line(n), first + n);
        for (let n = Math.max(0, end - first); n < list.lines.length; n++)
            list.lines[n].hidden = true;
    },

    write(line, at) {
        const { snapshot } = view;
        const i = list.order[at];
        line.hidden = false;
        line.style.top = `${at * LINE}px`;
        line.dataset.region = i;
        line.setAttribute("aria-rowindex", String(at + 2));
        line.setAttribute("aria-selected", String(i === view.selected));
        list.fields.forEach((field, n) => {
            if (field.draw)
                field.draw(line.children[n].firstChild, snapshot, i);
            else
                line.children[n].textContent = field.of(snapshot, i);
        });
        const type = TYPES[snapshot.type[i]];
        line.children[2].replaceChildren(swatch(snapshot.type[i]), element("span", "", type.name));
        const change = snapshot.change && !list.hasAllocations ? CHANGES[snapshot.change[i]] : CHANGES[0];
        line.children[0].dataset.sign = change.sign;
        line.dataset.change = change.name;
    },

    placeOf(i) {
        return list.order.indexOf(list.hasAllocations ? view.snapshot.family(i)[0] : i);
    },

    reveal(i) {
        const at = i < 0 ? -1 : list.placeOf(i);
        const frame = find("list-frame");
        if (at >= 0 && (at * LINE < frame.scrollTop || (at + 1) * LINE > frame.scrollTop + frame.clientHeight))
            frame.scrollTop = at * LINE - frame.clientHeight / 2;
        list.draw();
    },

    key(event) {
        const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -Infinity, End: Infinity };
        if (event.key === "Enter" && view.selected >= 0)
            return openRegion(view.selected);
        if (!(event.key in steps) || !list.order.length)
            return undefined;
        event.preventDefault();
        const at = (view.selected < 0 ? -1 : list.placeOf(view.selected)) + steps[event.key];
        return view.select(list.order[Math.max(0, Math.min(list.order.length - 1, at))]);
    },
};
