// How 128 TiB and 4 KiB are both readable. Every region weighs by the logarithm of its size; huge gaps weigh nothing, they
// are folds between clusters and are drawn as a line that says how much is folded away. What is drawn is a range of
// weights, and inside a region weight and address go along in proportion, so that every range can be zoomed to.

const FOLDS_MOST = 10;
const FOLD_BYTES = 2 ** 29;

function weightOf(snapshot, i) {
    const weight = 1.5 + Math.log2(snapshot.pages[i]);
    return isGap(snapshot.type[i]) || snapshot.type[i] === SLACK ? 0.5 * weight : weight;
}

// The gaps that are folded: the largest ones.
function foldsOf(snapshot) {
    const gaps = [];
    for (let i = 0; i < snapshot.count; i++) {
        const outermost = i === 0 || i === snapshot.count - 1;
        if (isGap(snapshot.type[i]) && (snapshot.bytes(i) >= FOLD_BYTES || outermost))
            gaps.push(i);
    }
    gaps.sort((a, b) => snapshot.pages[b] - snapshot.pages[a]);
    return new Set(gaps.slice(0, FOLDS_MOST));
}

class Scale {
    constructor(snapshot) {
        this.snapshot = snapshot;
        this.folds = foldsOf(snapshot);
        this.sum = new Float64Array(snapshot.count + 1);
        this.clusters = [];
        let cluster = null;
        for (let i = 0; i < snapshot.count; i++) {
            const folded = this.folds.has(i);
            this.sum[i + 1] = this.sum[i] + (folded ? 0 : weightOf(snapshot, i));
            if (folded) {
                cluster = null;
            } else if (!cluster) {
                cluster = { first: i, last: i };
                this.clusters.push(cluster);
            } else {
                cluster.last = i;
            }
        }
        for (const each of this.clusters) {
            each.start = snapshot.start[each.first];
            each.end = snapshot.end(each.last);
        }
    }

    get total() {
        return this.sum[this.snapshot.count];
    }

    weightAt(page) {
        const { snapshot, sum } = this;
        if (!snapshot.count || page <= snapshot.first)
            return 0;
        const i = snapshot.indexAt(page);
        const inside = Math.min(1, (page - snapshot.start[i]) / snapshot.pages[i]);
        return sum[i] + inside * (sum[i + 1] - sum[i]);
    }

    // The region at a weight; never a fold, if there is anything else.
    indexAtWeight(weight) {
        let low = 0;
        let high = this.snapshot.count - 1;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.sum[middle + 1] > weight)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    pageAtWeight(weight) {
        if (weight >= this.total)
            return this.snapshot.last;
        const i = this.indexAtWeight(Math.max(0, weight));
        const own = this.sum[i + 1] - this.sum[i];
        const inside = own > 0 ? (weight - this.sum[i]) / own : 0;
        return this.snapshot.start[i] + Math.max(0, Math.min(1, inside)) * this.snapshot.pages[i];
    }

    clusterAt(page) {
        return this.clusters.find((cluster) => page >= cluster.start && page < cluster.end) || null;
    }
}
