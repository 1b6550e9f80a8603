// Hands the samples of both ears to the page, in blocks without gaps. Runs on the audio thread.

declare class AudioWorkletProcessor {
    readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: unknown): void;

/** Frames of a block: 21 of them a second at 44.1 kHz. */
const FRAMES = 2048;

class Tap extends AudioWorkletProcessor {
    #block = new Float32Array(2 * FRAMES);
    #at = 0;
    #open = false;
    /** Blocks that came back, so that nothing is allocated for hours. */
    readonly #spare: Float32Array<ArrayBuffer>[] = [];

    constructor() {
        super();
        this.port.onmessage = ({ data }: MessageEvent<boolean | Float32Array<ArrayBuffer>>) => {
            if (typeof data === "boolean") {
                this.#open = data;
                this.#at = 0;
            } else if (this.#spare.length < 4) this.#spare.push(data);
        };
    }

    process([input]: Float32Array[][]): boolean {
        if (!this.#open) return true;
        const left = input?.[0];
        const right = input?.[1] ?? left;
        const frames = left?.length ?? 128;
        for (let i = 0; i < frames; i++) {
            this.#block[this.#at++] = left?.[i] ?? 0;
            this.#block[this.#at++] = right?.[i] ?? 0;
            if (this.#at === this.#block.length) {
                const full = this.#block;
                this.port.postMessage(full, [full.buffer]);
                this.#block = this.#spare.pop() ?? new Float32Array(2 * FRAMES);
                this.#at = 0;
            }
        }
        return true;
    }
}

registerProcessor("studio-tap", Tap);
