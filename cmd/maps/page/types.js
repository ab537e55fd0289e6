// What kinds of memory there are: each has a colour of Okabe and Ito's palette, which colour-blind people tell apart,
// and two letters that say the same, for those who see no colours and for printers that have none.

const TYPES = [
    { name: "image", letters: "Im", colour: "#0072B2", ink: "#ffffff", says: "programs and libraries" },
    { name: "private", letters: "Pr", colour: "#E69F00", ink: "#000000", says: "memory that the process allocated" },
    { name: "mapped", letters: "Ma", colour: "#56B4E9", ink: "#000000", says: "files and views of sections" },
    { name: "heap", letters: "He", colour: "#D55E00", ink: "#000000", says: "what malloc has" },
    { name: "stack", letters: "St", colour: "#009E73", ink: "#000000", says: "stacks of threads" },
    { name: "placeholder", letters: "Ph", colour: "#CC79A7", ink: "#000000", says: "kept for a later view or allocation" },
    { name: "guard", letters: "Gu", colour: "#F0E442", ink: "#000000", says: "raises an exception when it is touched first" },
    { name: "slack", letters: "Sl", colour: "#8A8A8A", ink: "#000000", says: "the rest of a granule, where nothing can be allocated" },
    { name: "other", letters: "Ot", colour: "#5A5A5A", ink: "#ffffff", says: "types that this page does not know" },
    { name: "free", letters: "Fr", colour: null, ink: null, says: "free address space" },
    { name: "left out", letters: "\u2026", colour: null, ink: null, says: "what the file does not tell" },
];

const TYPE_NUMBER = new Map(TYPES.map((type, number) => [type.name, number]));
const GUARD = TYPE_NUMBER.get("guard");
const SLACK = TYPE_NUMBER.get("slack");
const PLACEHOLDER = TYPE_NUMBER.get("placeholder");
const OTHER = TYPE_NUMBER.get("other");
const FREE = TYPE_NUMBER.get("free");
const LEFT_OUT = TYPE_NUMBER.get("left out");

function isGap(type) {
    return type === FREE || type === LEFT_OUT;
}

const STATES = ["free", "reserve", "commit"];
const COMMIT = STATES.indexOf("commit");

// What two snapshots differ in, region by region: a sign and a colour for each.
const CHANGES = [
    { name: "same", sign: "", says: "as before" },
    { name: "came", sign: "+", says: "was not there before" },
    { name: "went", sign: "\u2212", says: "is not there any more" },
    { name: "grew", sign: "\u2191", says: "longer, or committed since" },
    { name: "shrank", sign: "\u2193", says: "shorter, or decommitted since" },
    { name: "protection", sign: "~", says: "may be accessed otherwise" },
    { name: "memory", sign: "\u2248", says: "more or fewer of its pages are in memory" },
];
const CHANGE_NUMBER = new Map(CHANGES.map((change, number) => [change.name, number]));
