// The picture in the middle: the map or the grid, and over it, on a canvas of its own that is cheap to draw, what is
// selected, under the pointer, or marked by dragging.

const picture = {
    layout: null,
    width: 0,

    get kind() {
        return view.grid ? grid : map;
    },

    draw() {
        const stage = find("picture");
        picture.width = stage.clientWidth;
        const heightMost = Math.max(260, Math.min(760, Math.round(innerHeight * (view.grid ? 0.6 : 0.4))));
        picture.layout = picture.kind.draw(find("base"), picture.width, heightMost);
        stage.style.height = `${Math.max(120, picture.layout.height)}px`;
        picture.describe();
        picture.drawMarks();
    },

    hit(x, y) {
        return picture.layout ? picture.kind.hit(picture.layout, x, y) : -1;
    },

    pageAt(x, y) {
        return picture.layout ? picture.kind.pageAt(picture.layout, x, y) : null;
    },

    outline(context, i, colour, width) {
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.lineCap = "square";
        picture.kind.trace(context, picture.layout, i);
    },

    drawMarks() {
        const context = fit(find("marks"), picture.width, Math.max(120, picture.layout.height));
        if (view.hover >= 0)
            picture.outline(context, view.hover, theme.muted, 1.5);
        if (view.selected >= 0) {
            picture.outline(context, view.selected, theme.panel, 4);
            picture.outline(context, view.selected, theme.ink, 2);
        }
        return context;
    },

    // From one point to another, row by row, as text is marked.
    brush(from, to) {
        const context = picture.drawMarks();
        const height = view.grid ? picture.layout.size : ROW_HEIGHT;
        const [a, b] = from.y < to.y || (Math.abs(from.y - to.y) < height && from.x < to.x) ? [from, to] : [to, from];
        const rowOf = (y) => view.grid ? Math.floor((y - 8) / height) * height + 8
            : (rowAt(picture.layout, 0, y) || { y: y - height / 2 }).y;
        const [first, last] = [rowOf(a.y), rowOf(b.y)];
        context.fillStyle = theme.accent;
        context.globalAlpha = 0.25;
        for (let y = first; y <= last; y += height) {
            const left = y === first ? a.x : GUTTER;
            const right = y === last ? b.x : picture.width;
            context.fillRect(Math.min(left, right), y, Math.abs(right - left), height);
        }
        context.globalAlpha = 1;
    },

    // What the picture shows, in words, for those who do not see it.
    describe() {
        const { snapshot, lo, hi } = view;
        const first = snapshot.indexAt(lo);
        const last = snapshot.indexAt(Math.max(lo, hi - WITHIN));
        const what = view.grid ? "Pages of an allocation" : view.isWhole ? "The whole address space" : "A part of the address space";
        const text = `${what}: ${snapshot.address(lo)} to ${snapshot.address(Math.ceil(hi))}, ${countText(last - first + 1)} regions`;
        find("picture").setAttribute("aria-label", text);
        find("status").textContent = text;
    },
};
