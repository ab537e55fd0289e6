// Mouse, fingers and keys on the pictures. A wheel zooms at the pointer; dragging marks the range that is gone to, and with
// Shift, or on the ribbon, moves what is seen; a click selects, a double click opens.

const CLICK_PIXELS = 4;

function pointOf(event) {
    const frame = find("picture").getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
}

const input = {
    down: null,

    press(event) {
        if (event.button !== 0)
            return;
        const { x, y } = pointOf(event);
        input.down = { x, y, page: picture.pageAt(x, y), moved: false, pans: event.shiftKey, lastX: x };
        find("picture").setPointerCapture(event.pointerId);
    },

    move(event) {
        const { x, y } = pointOf(event);
        const { down } = input;
        if (!down)
            return input.hover(event, x, y);
        down.moved = down.moved || Math.abs(x - down.x) + Math.abs(y - down.y) > CLICK_PIXELS;
        if (!down.moved)
            return undefined;
        showTooltip(-1);
        if (!down.pans)
            return picture.brush(down, { x, y });
        panBy((down.lastX - x) / picture.width);
        down.lastX = x;
        return undefined;
    },

    hover(event, x, y) {
        const i = picture.hit(x, y);
        showTooltip(i, picture.pageAt(x, y), event.clientX, event.clientY);
        if (i !== view.hover) {
            view.hover = i;
            picture.drawMarks();
        }
    },

    release(event) {
        const { down } = input;
        input.down = null;
        if (!down)
            return;
        const { x, y } = pointOf(event);
        if (!down.moved) {
            view.select(picture.hit(x, y));
            return;
        }
        const page = picture.pageAt(x, y);
        if (!down.pans && page !== null && down.page !== null)
            goToRange(Math.min(page, down.page), Math.max(page, down.page));
        picture.drawMarks();
    },

    leave() {
        view.hover = -1;
        showTooltip(-1);
        picture.drawMarks();
    },

    wheel(event) {
        event.preventDefault();
        const { x, y } = pointOf(event);
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
            return panBy(Math.sign(event.deltaX || event.deltaY) * 0.12);
        const lines = event.deltaMode === 1 ? 33 : 1;
        return zoomBy(Math.exp(-Math.max(-240, Math.min(240, event.deltaY * lines)) * 0.0025), picture.pageAt(x, y));
    },

    // The next region that is shown, to the side.
    step(by) {
        const { snapshot, scale } = view;
        let i = view.selected;
        if (i < 0 || snapshot.end(i) <= view.lo || snapshot.start[i] >= view.hi)
            i = by > 0 ? snapshot.indexAt(view.lo) - 1 : snapshot.indexAt(view.hi - WITHIN) + 1;
        do
            i += by;
        while (i >= 0 && i < snapshot.count && (scale.folds.has(i) || !view.isShown(i)));
        if (i < 0 || i >= snapshot.count)
            return;
        if (!view.grid && (snapshot.start[i] >= view.hi || snapshot.end(i) <= view.lo))
            panBy(by * 0.5);
        view.select(i);
    },

    key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey)
            return;
        const acts = {
            "+": () => zoomBy(STEP), "=": () => zoomBy(STEP), "-": () => zoomBy(1 / STEP),
            "0": view.whole, Home: view.whole, Escape: view.back, Backspace: view.back,
            ArrowRight: () => input.step(1), ArrowLeft: () => input.step(-1),
            ArrowDown: () => panBy(0.25), ArrowUp: () => panBy(-0.25),
            PageDown: () => panBy(0.9), PageUp: () => panBy(-0.9),
            Enter: () => view.selected >= 0 && openRegion(view.selected),
        };
        if (!(event.key in acts))
            return;
        event.preventDefault();
        acts[event.key]();
    },

    bind() {
        const stage = find("picture");
        stage.addEventListener("pointerdown", input.press);
        stage.addEventListener("pointermove", input.move);
        stage.addEventListener("pointerup", input.release);
        stage.addEventListener("pointercancel", () => { input.down = null; });
        stage.addEventListener("pointerleave", input.leave);
        stage.addEventListener("wheel", input.wheel, { passive: false });
        stage.addEventListener("keydown", input.key);
        stage.addEventListener("dblclick", () => view.selected >= 0 && openRegion(view.selected));
        const strip = find("ribbon");
        const pull = (event) => event.buttons & 1 && ribbon.centre(event.clientX - strip.getBoundingClientRect().left);
        strip.addEventListener("pointerdown", pull);
        strip.addEventListener("pointermove", pull);
    },
};

function goToRange(lo, hi) {
    if (view.grid) {
        const from = Math.floor(lo / GROUP) * GROUP;
        const [start, end] = extentOf(view.snapshot.indexAt(view.lo));
        return view.go(Math.max(start, from), Math.min(end, Math.max(from + GROUP, Math.ceil((hi + 1) / GROUP) * GROUP)), true);
    }
    if (isNear(lo, hi))
        return view.go(...extentOf(view.snapshot.indexAt(lo)), true);
    return view.go(lo, hi, false);
}
