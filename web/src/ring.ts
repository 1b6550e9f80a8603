// The ring of frames between the worker that renders and the worklet that plays. One writer, one reader, no locks.
//
// Frames are counted from the first one ("index"); counters are 32 bits and wrap, which the powers of two make harmless.
// The writer may write again, with other content, what the reader has not reached: that is how commands overtake what
// is buffered. Where it comes too late, the new content is faded in behind the reader.

/** Words of the header. */
export const enum Word {
    /** Index that the reader takes next. */
    Read,
    /** Index after the last frame that was written. */
    Written,
    /** 1: more frames follow; 0: silence is meant. */
    Open,
    /** Times that frames were missing. */
    Underruns,
    /** Frames that were missing. */
    Missing,
    /** Largest magnitudes since they were last reset, as the bits of floats. */
    PeakLeft,
    PeakRight,
    /** Times that the reader was there before what replaces frames. */
    Late,
    Count,
}

/** Frames over which what comes late is faded in: 6 ms. */
const SEAM = 256;

/** How far index `a` lies ahead of `b`. */
function ahead(a: number, b: number): number {
    return (a - b) | 0;
}

/** Frames and counters over one buffer, shared between threads or not. */
export class Ring {
    readonly words: Int32Array;
    readonly peaks: Float32Array;
    readonly capacity: number;
    readonly #left: Float32Array;
    readonly #right: Float32Array;
    #starved = false;
    /** The last frame of the last block. */
    #lastLeft = 0;
    #lastRight = 0;
    /** While late content is faded in: where that begins, and where the old content ends. */
    #late: { seam: number; old: number } | undefined;
    /** Index after the last frame that was handed over. */
    #end = 0;

    /** Bytes for `capacity` (a power of two) frames. */
    static bytes(capacity: number): number {
        return 4 * (Word.Count + 2 * capacity);
    }

    /** `guard`: frames ahead of the reader that it may take while they are written. */
    constructor(
        readonly buffer: ArrayBuffer | SharedArrayBuffer,
        private readonly guard = 0,
    ) {
        this.capacity = (buffer.byteLength / 4 - Word.Count) / 2;
        this.words = new Int32Array(buffer, 0, Word.Count);
        this.peaks = new Float32Array(buffer, 4 * Word.PeakLeft, 2);
        this.#left = new Float32Array(buffer, 4 * Word.Count, this.capacity);
        this.#right = new Float32Array(buffer, 4 * (Word.Count + this.capacity), this.capacity);
    }

    /** Put `count` frames at index `at`; they are the last ones for now. */
    write(at: number, left: Float32Array, right: Float32Array, count: number): void {
        const { words } = this;
        const written = words[Word.Written]!;
        const safe = Atomics.load(words, Word.Read) + this.guard;
        if (ahead(at, this.#end) < 0) {
            this.#late = ahead(safe, at) > 0 ? { seam: ahead(safe, written) < 0 ? safe : written, old: written } : undefined;
            if (this.#late) words[Word.Late]!++;
        }
        this.#end = (at + count) | 0;
        if (!this.#late) this.#put(at, left, right, count);
        else if (!this.#blend(this.#late, at, left, right, count)) return;
        Atomics.store(words, Word.Written, this.#end);
    }

    /** Say whether more frames follow. */
    open(more: boolean): void {
        if (!more && this.#late) {
            this.#late = undefined;
            Atomics.store(this.words, Word.Written, this.#end);
        }
        Atomics.store(this.words, Word.Open, more ? 1 : 0);
    }

    #put(at: number, left: Float32Array, right: Float32Array, count: number): void {
        const place = at & (this.capacity - 1);
        const first = Math.min(count, this.capacity - place);
        this.#left.set(left.subarray(0, first), place);
        this.#right.set(right.subarray(0, first), place);
        if (first < count) {
            this.#left.set(left.subarray(first, count), 0);
            this.#right.set(right.subarray(first, count), 0);
        }
    }

    /** Fade frames in over the old ones behind the seam; false if they all lie before it, so that the old ones stay. */
    #blend({ seam, old }: { seam: number; old: number }, at: number, left: Float32Array, right: Float32Array, count: number): boolean {
        const mask = this.capacity - 1;
        const first = Math.max(0, ahead(seam, at));
        for (let i = first; i < count; i++) {
            const into = ahead(at + i, seam);
            const share = into < SEAM && ahead(at + i, old) < 0 ? (into + 1) / (SEAM + 1) : 1;
            const place = (at + i) & mask;
            this.#left[place]! += share * (left[i]! - this.#left[place]!);
            this.#right[place]! += share * (right[i]! - this.#right[place]!);
        }
        if (ahead(at + count, seam) >= SEAM) this.#late = undefined;
        return first < count;
    }

    /** Fill both channels with the next frames; what is missing is silent, with a fade on both sides of the gap. */
    read(left: Float32Array, right: Float32Array): void {
        const { words } = this;
        const mask = this.capacity - 1;
        const read = words[Word.Read]!;
        const there = (Atomics.load(words, Word.Written) - read) | 0;
        const count = Math.max(0, Math.min(left.length, there));
        let peakLeft = this.peaks[0]!;
        let peakRight = this.peaks[1]!;
        const dry = count < left.length && Atomics.load(words, Word.Open) === 1;
        const step = 1 / (dry ? count + 1 : left.length + 1);
        for (let i = 0; i < count; i++) {
            const place = (read + i) & mask;
            const gain = dry ? 1 - (i + 1) * step : this.#starved ? (i + 1) * step : 1;
            const l = (left[i] = this.#left[place]! * gain);
            const r = (right[i] = this.#right[place]! * gain);
            if (l > peakLeft) peakLeft = l;
            else if (-l > peakLeft) peakLeft = -l;
            if (r > peakRight) peakRight = r;
            else if (-r > peakRight) peakRight = -r;
        }
        left.fill(0, count);
        right.fill(0, count);
        if (dry && count === 0) {
            // it broke off between two blocks: the last level goes to zero
            for (let i = 0; i < left.length; i++) {
                const gain = 1 - (i + 1) / left.length;
                left[i] = this.#lastLeft * gain;
                right[i] = this.#lastRight * gain;
            }
        }
        this.#lastLeft = left[left.length - 1]!;
        this.#lastRight = right[right.length - 1]!;
        this.peaks[0] = peakLeft;
        this.peaks[1] = peakRight;
        if (dry && read !== 0) {
            if (!this.#starved) words[Word.Underruns]!++;
            words[Word.Missing]! += left.length - count;
            this.#starved = true;
        } else if (count > 0) {
            this.#starved = false;
        }
        Atomics.store(words, Word.Read, (read + count) | 0);
    }
}
