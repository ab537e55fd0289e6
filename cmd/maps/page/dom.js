// Elements. Whatever a saved file says gets into the page here and nowhere else, as text.

function find(id) {
    return document.getElementById(id);
}

function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className)
        made.className = className;
    if (text !== undefined)
        made.textContent = text;
    return made;
}

function button(text, label, act) {
    const made = element("button", "", text);
    made.type = "button";
    if (label) {
        made.setAttribute("aria-label", label);
        made.title = label;
    }
    made.addEventListener("click", act);
    return made;
}

function swatch(type) {
    const made = element("span", `swatch type-${TYPES[type].name}`, TYPES[type].letters);
    made.setAttribute("aria-hidden", "true");
    return made;
}

// Names of files may hold what moves the text around them, or is not seen: that is shown as a sign in its place.
function visible(text) {
    return text.replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
        (sign) => sign < " " ? String.fromCharCode(0x2400 + sign.charCodeAt(0)) : "\ufffd");
}
