// The ribbon: all of the address space in one line, always; a frame shows which part of it the picture below has.

const RIBBON_HEIGHT = 26;
const RIBBON_GAP = 7;

const ribbon = {
    canvas: null,
    boxes: document.createElement("canvas"),
    width: 0,
    spans: [],

    place(width) {
        const { scale } = view;
        const room = width - RIBBON_GAP * Math.max(0, scale.clusters.length - 1);
        let x = 0;
        ribbon.spans = scale.clusters.map((cluster) => {
            const [w0, w1] = [scale.sum[cluster.first], scale.sum[cluster.last + 1]];
            const span = { x, width: ((w1 - w0) / scale.total) * room, w0, w1, cluster };
            x += span.width + RIBBON_GAP;
            return span;
        });
    },

    xAt(weight) {
        const span = ribbon.spans.find(({ w1 }) => weight <= w1) || ribbon.spans[ribbon.spans.length - 1];
        return span ? span.x + (Math.max(0, weight - span.w0) / (span.w1 - span.w0)) * span.width : 0;
    },

    weightAtX(x) {
        for (const span of ribbon.spans) {
            if (x <= span.x + span.width)
                return span.w0 + (Math.max(0, x - span.x) / span.width) * (span.w1 - span.w0);
        }
        return view.scale.total;
    },

    draw(width, isOld) {
        if (isOld || ribbon.width !== width)
            ribbon.drawBoxes(width);
        const context = fit(ribbon.canvas, width, RIBBON_HEIGHT);
        context.drawImage(ribbon.boxes, 0, 0, width, RIBBON_HEIGHT);
        ribbon.drawFrame(context);
    },

    // On a canvas of its own: most of what is done needs the frame anew, and not the boxes.
    drawBoxes(width) {
        ribbon.width = width;
        ribbon.place(width);
        const context = fit(ribbon.boxes, width, RIBBON_HEIGHT);
        for (const span of ribbon.spans) {
            const row = { x: span.x, w0: span.w0, w1: span.w1, pixels: span.width / (span.w1 - span.w0) };
            eachBox(null, row, (i, x, boxWidth) => {
                const colour = TYPES[view.snapshot.type[i]].colour;
                if (!colour)
                    return;
                context.globalAlpha = strengthOf(i);
                context.fillStyle = view.snapshot.state[i] === COMMIT ? colour : mix(colour, theme.panel, 0.4);
                context.fillRect(x, 6, Math.max(0.7, boxWidth - (boxWidth > 3 ? 0.5 : 0)), RIBBON_HEIGHT - 12);
            });
        }
    },

    drawFrame(context) {
        const from = ribbon.xAt(view.scale.weightAt(view.lo) + 1e-9);
        const to = ribbon.xAt(view.scale.weightAt(view.hi));
        context.strokeStyle = theme.accent;
        context.lineWidth = 2;
        box(context, Math.min(Math.max(1, from), ribbon.width - 5), 2, Math.max(4, to - from - 2), RIBBON_HEIGHT - 4, 4);
        context.stroke();
    },

    centre(x) {
        const { scale } = view;
        const half = (scale.weightAt(view.hi) - scale.weightAt(view.lo)) / 2;
        const middle = Math.max(half, Math.min(scale.total - half, ribbon.weightAtX(x)));
        if (!view.isWhole)
            view.move(scale.pageAtWeight(middle - half), scale.pageAtWeight(middle + half), false);
    },
};
