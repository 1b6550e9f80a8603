// The worker's end of the way to the worklet: shared memory, or messages where memory cannot be shared.

import type { Chunk, Report } from "./protocol.js";
import { Ring, Word } from "./ring.js";

/** Where rendered frames go. Indices are whole numbers that do not wrap. */
export interface Line {
    /** Counters of the reader, as last known. */
    readonly words: Int32Array;
    /** Index that the reader takes next, at the latest. */
    heard(): number;
    /** Put frames at index `at`; they are the last ones for now. */
    write(at: number, left: Float32Array, right: Float32Array, count: number): void;
    /** Whether more frames follow. */
    open(more: boolean): void;
    /** Largest magnitudes since the last call. */
    takePeaks(): [number, number];
}

/** Seconds for which the audio thread is taken to go on without a report. */
export const UNHEARD_S = 1;

/** Follows a counter of 32 bits. */
class Unwrapped {
    #value = 0;

    follow(word: number): number {
        this.#value += (word - (this.#value | 0)) | 0;
        return this.#value;
    }
}

/** The ring itself lies in shared memory. */
export class SharedLine implements Line {
    readonly #ring: Ring;
    readonly #read = new Unwrapped();
    readonly words: Int32Array;

    constructor(buffer: SharedArrayBuffer, guard: number) {
        this.#ring = new Ring(buffer, guard);
        this.words = this.#ring.words;
    }

    heard(): number {
        return this.#read.follow(Atomics.load(this.words, Word.Read));
    }

    write(at: number, left: Float32Array, right: Float32Array, count: number): void {
        this.#ring.write(at, left, right, count);
    }

    open(more: boolean): void {
        this.#ring.open(more);
    }

    takePeaks(): [number, number] {
        const [left, right] = this.#ring.peaks;
        this.#ring.peaks.fill(0);
        return [left ?? 0, right ?? 0];
    }
}

/** The worklet has a ring of its own and is sent chunks; it returns their buffers and reports its counters. */
export class MessageLine implements Line {
    words: Int32Array = new Int32Array(Word.Count);
    readonly #read = new Unwrapped();
    readonly #spare: [Float32Array, Float32Array][] = [];
    #when = performance.now();
    #written = 0;
    #open = 0;
    #sentOpen = 0;
    #peaks: [number, number] = [0, 0];

    constructor(
        private readonly port: MessagePort,
        private readonly sampleRate: number,
        private readonly block: number,
    ) {
        port.onmessage = ({ data }: MessageEvent<Report>) => {
            this.words = data.words;
            this.#when = performance.now();
            const [left, right] = new Float32Array(data.words.buffer, 4 * Word.PeakLeft, 2);
            this.#peaks = [Math.max(this.#peaks[0], left ?? 0), Math.max(this.#peaks[1], right ?? 0)];
            if (data.left && data.right) this.#spare.push([data.left, data.right]);
        };
    }

    heard(): number {
        const read = this.#read.follow(this.words[Word.Read]!);
        // reports are a little old, and none comes while this thread is busy; an output that is suspended takes nothing
        const seconds = this.#sentOpen ? Math.min((performance.now() - this.#when) / 1000, UNHEARD_S) : 0;
        return Math.min(this.#written, Math.round(read + seconds * this.sampleRate));
    }

    write(at: number, left: Float32Array, right: Float32Array, count: number): void {
        const [l, r] = this.#spare.pop() ?? [new Float32Array(this.block), new Float32Array(this.block)];
        l.set(left.subarray(0, count));
        r.set(right.subarray(0, count));
        this.#send({ at: at | 0, count, open: this.#open, left: l, right: r });
        this.#written = at + count;
    }

    open(more: boolean): void {
        this.#open = more ? 1 : 0;
        if (this.#open !== this.#sentOpen) {
            const [left, right] = this.#spare.pop() ?? [new Float32Array(this.block), new Float32Array(this.block)];
            this.#send({ at: this.#written | 0, count: 0, open: this.#open, left, right });
        }
    }

    #send(chunk: Chunk): void {
        this.#sentOpen = chunk.open;
        this.port.postMessage(chunk, [chunk.left.buffer, chunk.right.buffer]);
    }

    takePeaks(): [number, number] {
        const peaks = this.#peaks;
        this.#peaks = [0, 0];
        return peaks;
    }
}
