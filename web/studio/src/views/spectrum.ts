// The spectrum of each ear, for the spectrogram.

import { Fft, hann, Tail } from "./fft";

const SIZE = 8192;
export const FLOOR_DB = -100;

export class Spectra {
    readonly #fft = new Fft(SIZE);
    readonly #window = hann(SIZE);
    readonly #tails: [Tail, Tail] = [new Tail(SIZE), new Tail(SIZE)];
    readonly #re = new Float64Array(SIZE);
    readonly #im = new Float64Array(SIZE);
    /** Power of each bin, left and right: a sine of full scale is 1. */
    readonly power: [Float64Array, Float64Array] = [new Float64Array(SIZE / 2), new Float64Array(SIZE / 2)];

    constructor(readonly rate: number) {}

    /** Hz between bins. */
    get step(): number {
        return this.rate / SIZE;
    }

    /** Interleaved stereo. */
    push(samples: Float32Array): void {
        const [left, right] = this.#tails;
        for (let i = 0; i + 1 < samples.length; i += 2) {
            left.push(samples[i]!);
            right.push(samples[i + 1]!);
        }
    }

    /** The spectrum of the last 8192 frames. */
    transform(): void {
        const [left, right] = this.#tails;
        left.copy(this.#re);
        right.copy(this.#im);
        for (let i = 0; i < SIZE; i++) {
            this.#re[i] = this.#re[i]! * this.#window[i]!;
            this.#im[i] = this.#im[i]! * this.#window[i]!;
        }
        // both ears in one transform: the left one is its even part
        this.#fft.forward(this.#re, this.#im);
        const scale = (2 / SIZE) ** 2;
        for (let k = 1; k < SIZE / 2; k++) {
            const [a, b] = [this.#re[k]!, this.#im[k]!];
            const [c, d] = [this.#re[SIZE - k]!, this.#im[SIZE - k]!];
            this.power[0][k] = scale * ((a + c) ** 2 + (b - d) ** 2);
            this.power[1][k] = scale * ((b + d) ** 2 + (c - a) ** 2);
        }
    }
}

/** Decibels of the strongest bin in each of `count` bands that are evenly spread over the logarithm of frequency. */
export function bands(power: Float64Array, step: number, low: number, high: number, count: number, into: Float32Array): void {
    const octaves = Math.log2(high / low);
    const bin = (band: number) => (low * 2 ** ((band / count) * octaves)) / step;
    for (let band = 0; band < count; band++) {
        const [from, to] = [bin(band), bin(band + 1)];
        let most = 0;
        if (to - from < 1) {
            // between two bins
            const k = Math.floor((from + to) / 2);
            const share = (from + to) / 2 - k;
            most = (1 - share) * (power[k] ?? 0) + share * (power[k + 1] ?? 0);
        } else for (let k = Math.floor(from); k < to; k++) most = Math.max(most, power[k] ?? 0);
        into[band] = most > 0 ? Math.max(FLOOR_DB, 10 * Math.log10(most)) : FLOOR_DB;
    }
}
