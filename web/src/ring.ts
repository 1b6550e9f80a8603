// The ring of frames between the worker that renders and the worklet that plays. One writer, one reader, no locks.
//
// Frames are counted from the first one ("index"); counters are 32 bits and wrap, which the powers of two make harmless.
// The writer may write again, with other content, what the reader has not reached: that is how commands overtake what
// is buffered.

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
    Count,
}

/** Frames and counters over one buffer, shared between threads or not. */
export class Ring {
    readonly words: Int32Array;
    readonly peaks: Float32Array;
    readonly capacity: number;
    readonly #left: Float32Array;
    readonly #right: Float32Array;
    #starved = false;

    /** Bytes for `capacity` (a power of two) frames. */
    static bytes(capacity: number): number {
        return 4 * (Word.Count + 2 * capacity);
    }

    constructor(readonly buffer: ArrayBuffer | SharedArrayBuffer) {
        this.capacity = (buffer.byteLength / 4 - Word.Count) / 2;
        this.words = new Int32Array(buffer, 0, Word.Count);
        this.peaks = new Float32Array(buffer, 4 * Word.PeakLeft, 2);
        this.#left = new Float32Array(buffer, 4 * Word.Count, this.capacity);
        this.#right = new Float32Array(buffer, 4 * (Word.Count + this.capacity), this.capacity);
    }

    /** Put `count` frames at index `at`; they are the last ones for now. */
    write(at: number, left: Float32Array, right: Float32Array, count: number): void {
        const place = at & (this.capacity - 1);
        const first = Math.min(count, this.capacity - place);
        this.#left.set(left.subarray(0, first), place);
        this.#right.set(right.subarray(0, first), place);
        if (first < count) {
            this.#left.set(left.subarray(first, count), 0);
            this.#right.set(right.subarray(first, count), 0);
        }
        Atomics.store(this.words, Word.Written, (at + count) | 0);
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
