// The page as a whole: what is drawn anew when something changed, files that are opened, and the start.

let due = new Set();

// Draws what is due before the next frame, each thing once.
function draw(...what) {
    if (!due.size)
        requestAnimationFrame(drawDue);
    for (const each of what)
        due.add(each);
}

function drawDue() {
    const now = due;
    due = new Set();
    if (!now.size)
        return;
    if (now.has("all")) {
        fillTitle();
        fillTiles(fillTable());
    }
    if (now.has("all") || now.has("list"))
        list.fill();
    if (now.has("all") || now.has("list") || now.has("picture")) {
        picture.draw();
        ribbon.draw(find("ribbon-frame").clientWidth, now.has("all") || now.has("list"));
        fillCrumbs();
        fillLegend(picture.layout);
        find("back").disabled = !view.history.length;
        find("out").disabled = find("whole").disabled = view.isWhole;
    }
    if (now.has("all") || now.has("selection")) {
        picture.drawMarks();
        showDetails();
        list.reveal(view.selected);
    }
    document.body.dataset.drawn = String(Number(document.body.dataset.drawn || 0) + 1);
}

const pictureChanged = () => draw("picture");
const filterChanged = () => draw("list");
const selectionChanged = () => draw("selection");

function themeChanged() {
    readTheme();
    draw("all");
}

// One snapshot, or two of which the older one is what the other is compared with.
function showSnapshots(one, other) {
    [view.before, view.after] = other ? inOrder(one, other) : [null, null];
    view.changes.clear();
    view.show(other ? compare(view.before, view.after) : one);
    document.body.classList.toggle("compares", Boolean(other));
    find("single").hidden = !other;
    draw("all");
}

function complain(text) {
    find("problem").textContent = text;
    find("problem").hidden = false;
}

async function openFile(event) {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file)
        return;
    const text = await file.text();
    // A page like this one carries a saved file too.
    const read = readSaved(text);
    const shown = view.after || view.snapshot;
    if (!read || !read.count)
        complain(`${visible(file.name)} is not a file that winmem-maps --save wrote`);
    else if (read.pageSize !== shown.pageSize)
        complain(`${visible(file.name)} is of a machine with other pages, of ${sizeText(read.pageSize)}`);
    else
        showSnapshots(shown, read);
}

function search(event) {
    view.query = event.target.value;
    applySearch();
    filterChanged();
}

// After Enter, to what was found first.
function searchKey(event) {
    if (event.key === "Escape") {
        event.target.value = "";
        search(event);
    } else if (event.key === "Enter") {
        drawDue();              // whoever types fast has the list of what he has typed
        const [i] = list.order;
        if (i === undefined)
            return;
        view.select(i);
        openRegion(i);
    }
}

function bindButtons() {
    find("in").addEventListener("click", () => zoomBy(STEP));
    find("out").addEventListener("click", () => zoomBy(1 / STEP));
    find("whole").addEventListener("click", view.whole);
    find("back").addEventListener("click", view.back);
    find("left").addEventListener("click", () => panBy(-0.5));
    find("right").addEventListener("click", () => panBy(0.5));
    find("open").addEventListener("change", openFile);
    find("single").addEventListener("click", () => showSnapshots(view.after));
    find("search").addEventListener("input", search);
    find("search").addEventListener("keydown", searchKey);
    find("theme").addEventListener("click", () => {
        const root = document.documentElement;
        root.dataset.theme = isDark() ? "light" : "dark";
        themeChanged();
    });
    document.addEventListener("keydown", (event) => {
        if (event.key === "/" && event.target.id !== "search") {
            event.preventDefault();
            find("search").focus();
        }
    });
}

function isDark() {
    const { theme: chosen } = document.documentElement.dataset;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

// Paper is white: what is printed is drawn in light colours, whatever the screen has.
function bindPrinting() {
    let chosen;
    addEventListener("beforeprint", () => {
        chosen = document.documentElement.dataset.theme;
        document.documentElement.dataset.theme = "light";
        readTheme();
        due.add("all");
        drawDue();
    });
    addEventListener("afterprint", () => {
        if (chosen)
            document.documentElement.dataset.theme = chosen;
        else
            delete document.documentElement.dataset.theme;
        themeChanged();
    });
}

function start() {
    const carried = [...document.querySelectorAll('script[type="application/x-ndjson"]')]
        .map((each) => readSaved(each.textContent));
    const read = carried.filter((each) => each && each.count);
    ribbon.canvas = find("ribbon");
    if (!read.length) {
        complain("This page carries no regions.");
        find("content").hidden = true;
        return;
    }
    readTheme();
    list.build();
    input.bind();
    bindButtons();
    bindPrinting();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themeChanged);
    new ResizeObserver(() => draw("picture")).observe(find("ribbon-frame"));
    new ResizeObserver(list.draw).observe(find("list-frame"));
    showSnapshots(read[0], read[1]);
}

start();
