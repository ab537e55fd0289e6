// Search: words, all of which a region must fit. An address finds the region that it lies in; any other word a type, a
// protection, a state, or a part of the file's name.

function isAddressWord(word) {
    return /^0x[0-9a-f]{1,16}$/.test(word) || /^[0-9a-f]{6,16}$/.test(word) && /[0-9]/.test(word);
}

function matcherOf(word) {
    const { snapshot } = view;
    if (isAddressWord(word)) {
        const address = BigInt(word.startsWith("0x") ? word : "0x" + word);
        const page = Number(address / BigInt(snapshot.pageSize));
        return (i) => snapshot.start[i] <= page && page < snapshot.end(i);
    }
    const types = TYPES.map((type) => type.name.startsWith(word));
    const states = STATES.map((state) => state.startsWith(word) && word.length > 2);
    const changes = CHANGES.map((change) => change.name === word);
    return (i) => types[snapshot.type[i]] || states[snapshot.state[i]] || snapshot.protect[i] === word ||
        (snapshot.change !== null && changes[snapshot.change[i]]) || snapshot.is[i].includes(word) ||
        snapshot.file[i].toLowerCase().includes(word);
}

function applySearch() {
    const words = view.query.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) {
        view.matches = null;
        return;
    }
    const matchers = words.map(matcherOf);
    const { count } = view.snapshot;
    view.matches = new Uint8Array(count);
    for (let i = 0; i < count; i++)
        view.matches[i] = matchers.every((fits) => fits(i)) ? 1 : 0;
}
