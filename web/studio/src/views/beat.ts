// The beat spectrum: what the level of each ear and the difference between the ears do, in cycles per second.
//
// All three are products, freed of the carriers by a low-pass: left times left and right times right are the power in each
// ear, left times right moves with the difference of the carriers. Two tones of amplitudes a, b and a difference d in one
// ear have the power (a² + b²)/2 + a·b·cos(2πdt); one tone in each ear has the product a·b/2·cos(2πdt).

import { Fft, hann, Tail } from "./fft";

/** Frames per second of the envelopes, about. */
const SLOW = 172;
/** The stages before it run at 8 times that. */
const FACTOR = 8;
/** Highest frequency that is kept, in Hz. */
export const HIGHEST = 60;
const STOP = 112;
/** Points of the longest window: 5.9 s. */
const WINDOW = 1024;
const PADDED = 2048;
/** Shortest window from which a spectrum is made. */
const LEAST = 128;
/** Mean squares below this are silence. */
const FLOOR = 1e-10;

type Pair = "left" | "right" | "between";

/** Depth at each frequency: 1 is a beat of full depth. */
export interface BeatSpectrum {
    /** Hz between values. */
    step: number;
    left: Float64Array;
    right: Float64Array;
    between: Float64Array;
}

/** A mean over `size` frames, and one over that again, of which one in `size` values is kept. */
class Boxes {
    #sum = 0;
    #sums = 0;
    #last = 0;
    #slope = 0;
    #count = 0;

    constructor(private readonly size: number) {}

    /** A value for every `size` of them. */
    push(value: number): number | undefined {
        // sums may run on for hours, so they are kept within a range in which their differences are exact
        this.#sum = wrapped(this.#sum + Math.round(value * SCALE));
        this.#sums = wrapped(this.#sums + this.#sum);
        if (++this.#count < this.size) return undefined;
        this.#count = 0;
        const slope = wrapped(this.#sums - this.#last);
        const bend = wrapped(slope - this.#slope);
        this.#last = this.#sums;
        this.#slope = slope;
        return bend / SCALE / this.size ** 2;
    }
}

/** Whole numbers of this many parts of one; times 140² (192 kHz) they stay below half of `MODULUS`. */
const SCALE = 2 ** 27;
const MODULUS = 2 ** 52;

/** A sum of two numbers that are within the range, brought back into it. */
function wrapped(value: number): number {
    if (value >= MODULUS / 2) return value - MODULUS;
    return value < -MODULUS / 2 ? value + MODULUS : value;
}

/** A low-pass with linear phase, of which one in `FACTOR` values is computed. */
class Slow {
    readonly #taps: Float64Array;
    readonly #tail: Tail;
    readonly #scratch: Float64Array;
    #count = 0;

    constructor(rate: number) {
        const middle = (HIGHEST + STOP) / 2 / rate;
        const size = Math.ceil((5.5 * rate) / (STOP - HIGHEST)) | 1;
        const half = (size - 1) / 2;
        const blackman = (i: number) => 0.42 - 0.5 * Math.cos((2 * Math.PI * i) / (size - 1)) + 0.08 * Math.cos((4 * Math.PI * i) / (size - 1));
        this.#taps = Float64Array.from({ length: size }, (_, i) => {
            const x = i - half;
            return blackman(i) * (x === 0 ? 2 * middle : Math.sin(2 * Math.PI * middle * x) / (Math.PI * x));
        });
        const sum = this.#taps.reduce((a, b) => a + b, 0);
        this.#taps.forEach((tap, i) => (this.#taps[i] = tap / sum));
        this.#tail = new Tail(size);
        this.#scratch = new Float64Array(size);
    }

    push(value: number): number | undefined {
        this.#tail.push(value);
        if (++this.#count % FACTOR !== 0) return undefined;
        this.#tail.copy(this.#scratch);
        let sum = 0;
        for (let i = 0; i < this.#scratch.length; i++) sum += this.#scratch[i]! * this.#taps[i]!;
        return sum;
    }
}

/** One envelope: fast in, slow out. */
class Envelope {
    readonly tail = new Tail(WINDOW);
    readonly #boxes: Boxes;
    readonly #slow: Slow;

    constructor(box: number, rate: number) {
        this.#boxes = new Boxes(box);
        this.#slow = new Slow(rate / box);
    }

    push(product: number): void {
        const fast = this.#boxes.push(product);
        const slow = fast === undefined ? undefined : this.#slow.push(fast);
        if (slow !== undefined) this.tail.push(slow);
    }
}

export class Beats {
    readonly #envelopes: Record<Pair, Envelope>;
    readonly #fft = new Fft(PADDED);
    readonly #re = new Float64Array(PADDED);
    readonly #im = new Float64Array(PADDED);
    readonly #step: number;

    constructor(rate: number) {
        const box = Math.max(1, Math.round(rate / (SLOW * FACTOR)));
        this.#step = rate / box / FACTOR / PADDED;
        const make = () => new Envelope(box, rate);
        this.#envelopes = { left: make(), right: make(), between: make() };
    }

    /** Interleaved stereo. */
    push(samples: Float32Array): void {
        const { left, right, between } = this.#envelopes;
        for (let i = 0; i + 1 < samples.length; i += 2) {
            const [l, r] = [samples[i]!, samples[i + 1]!];
            left.push(l * l);
            right.push(r * r);
            between.push(l * r);
        }
    }

    /** The spectrum of the last six seconds, or of as much as there is; nothing at the very beginning. */
    spectrum(): BeatSpectrum | undefined {
        const { left, right, between } = this.#envelopes;
        // the first values still hear the filter begin
        const length = Math.min(WINDOW, left.tail.length - 24);
        if (length < LEAST) return undefined;
        const [l, r] = [this.#depths(left.tail, length), this.#depths(right.tail, length)];
        const both = this.#depths(between.tail, length);
        const power = Math.sqrt(l.mean * r.mean);
        const against = (one: { depths: Float64Array }, mean: number) => one.depths.map((depth) => (mean > FLOOR ? depth / mean : 0));
        return { step: this.#step, left: against(l, l.mean), right: against(r, r.mean), between: against(both, power) };
    }

    /** Mean of a tail, and the amplitude at each frequency up to `HIGHEST`. */
    #depths(tail: Tail, length: number): { mean: number; depths: Float64Array } {
        const part = new Float64Array(length);
        tail.copy(part);
        const window = hann(length);
        // the mean under the same window, so that a fade counts for both alike
        let mean = 0;
        for (let i = 0; i < length; i++) mean += (2 * part[i]! * window[i]!) / length;
        this.#re.fill(0);
        this.#im.fill(0);
        for (let i = 0; i < length; i++) this.#re[i] = (part[i]! - mean) * window[i]!;
        this.#fft.forward(this.#re, this.#im);
        const count = Math.min(PADDED / 2, Math.ceil(HIGHEST / this.#step));
        const depths = Float64Array.from({ length: count }, (_, k) => (4 * Math.hypot(this.#re[k]!, this.#im[k]!)) / length);
        return { mean, depths };
    }
}

/** Frequency and depth of the highest peak at or above `lowest` Hz, between bins by a parabola; nothing below `least`. */
export function peak(depths: Float64Array, step: number, lowest = 0.4, least = 0.05): { hz: number; depth: number } | undefined {
    let best = -1;
    for (let k = Math.ceil(lowest / step); k < depths.length - 1; k++) {
        const rises = depths[k]! > depths[k - 1]! && depths[k]! >= depths[k + 1]!;
        if (rises && depths[k]! >= least && (best < 0 || depths[k]! > depths[best]!)) best = k;
    }
    if (best < 1) return undefined;
    const [a, b, c] = [depths[best - 1]!, depths[best]!, depths[best + 1]!];
    const bend = a - 2 * b + c;
    const shift = bend === 0 ? 0 : (0.5 * (a - c)) / bend;
    return { hz: (best + shift) * step, depth: b - 0.25 * (a - c) * shift };
}
