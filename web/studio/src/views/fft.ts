// A Fourier transform of a power of two.

export class Fft {
    readonly #cos: Float64Array;
    readonly #sin: Float64Array;
    readonly #order: Uint32Array;

    constructor(readonly size: number) {
        if (size < 2 || (size & (size - 1)) !== 0) throw new RangeError(`size: expected a power of two, got ${size}`);
        const bits = Math.log2(size);
        this.#cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
        this.#sin = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
        this.#order = new Uint32Array(size);
        for (let i = 0; i < size; i++) this.#order[i] = (this.#order[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
    }

    /** Transform `re + j im` in place. */
    forward(re: Float64Array, im: Float64Array): void {
        const { size } = this;
        // in variables of their own: this runs a million times a second
        const cos = this.#cos;
        const sin = this.#sin;
        const order = this.#order;
        for (let i = 0; i < size; i++) {
            const j = order[i]!;
            if (j <= i) continue;
            const x = re[i]!;
            const y = im[i]!;
            re[i] = re[j]!;
            im[i] = im[j]!;
            re[j] = x;
            im[j] = y;
        }
        for (let half = 1; half < size; half *= 2) {
            const stride = size / (2 * half);
            for (let k = 0; k < half; k++) {
                const c = cos[k * stride]!;
                const s = sin[k * stride]!;
                for (let a = k; a < size; a += 2 * half) {
                    const b = a + half;
                    const x = re[b]! * c - im[b]! * s;
                    const y = re[b]! * s + im[b]! * c;
                    re[b] = re[a]! - x;
                    im[b] = im[a]! - y;
                    re[a] = re[a]! + x;
                    im[a] = im[a]! + y;
                }
            }
        }
    }
}

/** A Hann window. */
export function hann(size: number): Float64Array {
    return Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
}

/** The last samples of a stream. */
export class Tail {
    readonly #ring: Float64Array;
    #at = 0;
    #count = 0;

    constructor(readonly size: number) {
        this.#ring = new Float64Array(size);
    }

    push(sample: number): void {
        this.#ring[this.#at] = sample;
        if (++this.#at === this.size) this.#at = 0;
        this.#count++;
    }

    /** How many there are, at most `size`. */
    get length(): number {
        return Math.min(this.#count, this.size);
    }

    /** Copy the last `into.length` samples (at most `size`), oldest first; what is not there yet is 0. */
    copy(into: Float64Array): void {
        const from = this.#at - into.length;
        if (from >= 0) return into.set(this.#ring.subarray(from, this.#at));
        into.set(this.#ring.subarray(this.size + from));
        into.set(this.#ring.subarray(0, this.#at), -from);
    }
}
