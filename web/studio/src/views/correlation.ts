// How alike the ears are: 1 for equal channels, -1 for opposite ones, 0 for unrelated ones.

/** Seconds after which an old sound counts a third. */
const MEMORY_S = 0.3;
/** Below this mean square there is nothing to compare. */
const FLOOR = 1e-12;

export class Correlation {
    #left = 0;
    #right = 0;
    #cross = 0;

    constructor(private readonly rate: number) {}

    /** Interleaved stereo. */
    push(samples: Float32Array): void {
        const frames = samples.length / 2;
        if (frames === 0) return;
        let [left, right, cross] = [0, 0, 0];
        for (let i = 0; i + 1 < samples.length; i += 2) {
            const [l, r] = [samples[i]!, samples[i + 1]!];
            left += l * l;
            right += r * r;
            cross += l * r;
        }
        const kept = Math.exp(-frames / this.rate / MEMORY_S);
        this.#left = kept * this.#left + ((1 - kept) * left) / frames;
        this.#right = kept * this.#right + ((1 - kept) * right) / frames;
        this.#cross = kept * this.#cross + ((1 - kept) * cross) / frames;
    }

    /** -1 to 1; nothing if an ear is silent. */
    get value(): number | undefined {
        if (this.#left < FLOOR || this.#right < FLOOR) return undefined;
        return Math.min(Math.max(this.#cross / Math.sqrt(this.#left * this.#right), -1), 1);
    }
}

/** A frame on the goniometer: equal channels stand upright, left leans to the left. */
export function goniometer(left: number, right: number): [number, number] {
    return [(right - left) * Math.SQRT1_2, (left + right) * Math.SQRT1_2];
}
