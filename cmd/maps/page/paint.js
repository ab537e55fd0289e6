// What both pictures, map and grid, paint with: the colours of the theme, mixtures of them, and patterns.

const theme = {};
const patterns = new Map();

function readTheme() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["paper", "panel", "ink", "muted", "line", "accent", "came", "went", "grew", "shrank",
        "protection", "memory"])
        theme[name] = style.getPropertyValue(`--${name}`).trim();
    patterns.clear();
}

function channels(colour) {
    return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

// part of one colour in another.
function mix(colour, other, part) {
    const b = channels(other);
    return "#" + channels(colour)
        .map((value, n) => Math.round(value * part + b[n] * (1 - part)).toString(16).padStart(2, "0")).join("");
}

// Lines or dots of a colour, on a ground that it tints.
const PATTERNS = {
    reserved(ink, size) {
        for (let at = -size; at <= size; at += size) {
            ink.moveTo(at, size);
            ink.lineTo(at + size, 0);
        }
    },
    crossed(ink, size) {
        PATTERNS.reserved(ink, size);
        for (let at = -size; at <= size; at += size) {
            ink.moveTo(at, 0);
            ink.lineTo(at + size, size);
        }
    },
    upright(ink, size) {
        ink.moveTo(size / 2, 0);
        ink.lineTo(size / 2, size);
    },
    dotted(ink, size) {
        ink.arc(size / 2, size / 2, 0.8, 0, 2 * Math.PI);
    },
};

function pattern(context, name, colour, ground) {
    const key = name + colour + ground;
    if (!patterns.has(key)) {
        const size = 7;
        const tile = document.createElement("canvas");
        tile.width = tile.height = 2 * size;
        const ink = tile.getContext("2d");
        ink.scale(2, 2);
        ink.fillStyle = ground;
        ink.fillRect(0, 0, size, size);
        ink.strokeStyle = colour;
        ink.lineWidth = 1;
        ink.beginPath();
        PATTERNS[name](ink, size);
        ink.stroke();
        const made = context.createPattern(tile, "repeat");
        made.setTransform(new DOMMatrix().scale(0.5));
        patterns.set(key, made);
    }
    return patterns.get(key);
}

// The body of a region: full where it is committed, a pattern where it is not, so that state needs no colour.
function bodyOf(context, type, state) {
    const colour = TYPES[type].colour;
    if (type === GUARD)
        return pattern(context, "upright", mix(colour, "#000000", 0.45), colour);
    if (type === SLACK)
        return pattern(context, "dotted", colour, mix(colour, theme.paper, 0.12));
    if (type === PLACEHOLDER)
        return pattern(context, "crossed", mix(colour, theme.paper, 0.75), mix(colour, theme.paper, 0.22));
    if (state !== COMMIT)
        return pattern(context, "reserved", mix(colour, theme.paper, 0.6), mix(colour, theme.paper, 0.16));
    return colour;
}

// Is what is written on a body written in the page's own colour, on a plate?
function isPatterned(type, state) {
    return type === GUARD || type === SLACK || type === PLACEHOLDER || state !== COMMIT;
}

// A canvas as sharp as the screen is; returns its context, in pixels of CSS.
function fit(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
}

function box(context, x, y, width, height, radius) {
    context.beginPath();
    context.roundRect(x, y, width, height, Math.max(0, Math.min(radius, width / 2, height / 2)));
}

// As much of a text as fits, with an ellipsis.
function clipText(context, text, room) {
    if (context.measureText(text).width <= room)
        return text;
    let low = 0;
    let high = Math.min(text.length, 200);
    while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (context.measureText(text.slice(0, middle) + "\u2026").width <= room)
            low = middle;
        else
            high = middle - 1;
    }
    return low ? text.slice(0, low) + "\u2026" : "";
}
