// Sizes and addresses as people read them. Inside the page addresses are page numbers: they are exact as a Number, which
// 57 bits of address are not.

const WITHIN = 0.25;            // a page before an end that is no whole page: less would be lost in a Number
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

function sizeText(bytes) {
    if (!Number.isFinite(bytes))
        return "?";
    let unit = 0;
    let value = Math.abs(bytes);
    while (value >= 1024 && unit < UNITS.length - 1) {
        value /= 1024;
        unit++;
    }
    const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
    return `${bytes < 0 ? "\u2212" : ""}${value.toFixed(digits)} ${UNITS[unit]}`;
}

function changeText(bytes) {
    return bytes === 0 ? "" : (bytes > 0 ? "+" : "") + sizeText(bytes);
}

function countText(count) {
    return count.toLocaleString("en");
}

function addressText(page, pageSize) {
    return "0x" + (BigInt(Math.floor(page)) * BigInt(pageSize)).toString(16);
}

function shareText(part, whole) {
    if (!(whole > 0))
        return "";
    const percent = (100 * part) / whole;
    return percent > 0 && percent < 1 ? "< 1 %" : `${Math.round(percent)} %`;
}

function fileName(path) {
    return path.slice(path.lastIndexOf("/") + 1) || path;
}

// Protections in words; letters as the saved file has them.
const PROTECTIONS = new Map([["-", "no access"], ["r", "read"], ["w", "write"], ["x", "execute"],
    ["c", "copy on write"], ["g", "guard"]]);

function protectText(letters) {
    return letters === "" ? "" : [...letters].map((letter) => PROTECTIONS.get(letter) || letter).join(", ");
}
