// Loudness by ITU-R BS.1770: K-weighting, and the mean square of the last 400 ms and 3 s.

/** A filter of second order; one state per channel. */
interface Biquad {
    b: [number, number, number];
    a: [number, number];
}

/** The shelf and the high-pass of BS.1770 at any rate; at 48 kHz they are those of the recommendation. */
export function kWeighting(rate: number): [Biquad, Biquad] {
    const shelf = (): Biquad => {
        const [frequency, gain, q] = [1681.974450955533, 3.999843853973347, 0.7071752369554196];
        const k = Math.tan((Math.PI * frequency) / rate);
        const high = 10 ** (gain / 20);
        const band = high ** 0.4996667741545416;
        const scale = 1 + k / q + k * k;
        return {
            b: [(high + (band * k) / q + k * k) / scale, (2 * (k * k - high)) / scale, (high - (band * k) / q + k * k) / scale],
            a: [(2 * (k * k - 1)) / scale, (1 - k / q + k * k) / scale],
        };
    };
    const pass = (): Biquad => {
        const [frequency, q] = [38.13547087602444, 0.5003270373238773];
        const k = Math.tan((Math.PI * frequency) / rate);
        const scale = 1 + k / q + k * k;
        return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / scale, (1 - k / q + k * k) / scale] };
    };
    return [shelf(), pass()];
}

/** What silence is shown as. */
export const SILENCE = -120;
const BLOCK_S = 0.1;
const MOMENTARY = 4;
const SHORT_TERM = 30;
const OFFSET = -0.691;

const loudness = (power: number): number => (power > 0 ? Math.max(SILENCE, OFFSET + 10 * Math.log10(power)) : SILENCE);

export class Loudness {
    readonly #filters: [Biquad, Biquad];
    readonly #frames: number;
    /** Two values for each filter of each channel. */
    readonly #state = new Float64Array(8);
    readonly #blocks: number[] = [];
    #sum = 0;
    #count = 0;

    constructor(rate: number) {
        this.#filters = kWeighting(rate);
        this.#frames = Math.round(BLOCK_S * rate);
    }

    /** Interleaved stereo. */
    push(samples: Float32Array): void {
        for (let i = 0; i + 1 < samples.length; i += 2) {
            for (let channel = 0; channel < 2; channel++) {
                let x = samples[i + channel]!;
                for (let stage = 0; stage < 2; stage++) {
                    const { b, a } = this.#filters[stage]!;
                    const place = 4 * channel + 2 * stage;
                    const y = b[0] * x + this.#state[place]!;
                    this.#state[place] = b[1] * x - a[0] * y + this.#state[place + 1]!;
                    this.#state[place + 1] = b[2] * x - a[1] * y;
                    x = y;
                }
                this.#sum += x * x;
            }
            if (++this.#count === this.#frames) this.#close();
        }
    }

    #close(): void {
        this.#blocks.push(this.#sum / this.#count);
        if (this.#blocks.length > SHORT_TERM) this.#blocks.shift();
        this.#sum = 0;
        this.#count = 0;
    }

    /** LUFS of the last 400 ms. */
    get momentary(): number {
        return this.#over(MOMENTARY);
    }

    /** LUFS of the last 3 s. */
    get shortTerm(): number {
        return this.#over(SHORT_TERM);
    }

    #over(count: number): number {
        const blocks = this.#blocks.slice(-count);
        return blocks.length < count ? SILENCE : loudness(blocks.reduce((a, b) => a + b, 0) / count);
    }
}
