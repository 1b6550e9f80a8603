// The audio thread: copies frames from the ring to the output. Allocates nothing in a quantum.

import type { Chunk, Report } from "./protocol.js";
import { Ring } from "./ring.js";

declare class AudioWorkletProcessor {
    readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: unknown): void;

/** Quanta between two reports where memory is not shared: 23 ms. */
const REPORT_EVERY = 8;

/** What the node is made with: shared memory, or the size of a ring of its own. */
export interface ProcessorOptions {
    ring?: SharedArrayBuffer;
    capacity: number;
}

class Output extends AudioWorkletProcessor {
    readonly #ring: Ring;
    readonly #shared: boolean;
    #worker: MessagePort | undefined;
    #quantum = 0;
    #closed = false;

    constructor({ processorOptions }: { processorOptions: ProcessorOptions }) {
        super();
        const { ring, capacity } = processorOptions;
        this.#shared = ring !== undefined;
        this.#ring = new Ring(ring ?? new ArrayBuffer(Ring.bytes(capacity)));
        this.port.onmessage = ({ data }: MessageEvent<MessagePort | "close">) => {
            if (data === "close") this.#closed = true;
            else this.#listen(data);
        };
    }

    #listen(worker: MessagePort): void {
        this.#worker = worker;
        worker.onmessage = ({ data }: MessageEvent<Chunk>) => {
            const { words } = this.#ring;
            if (data.count > 0) this.#ring.write(data.at, data.left, data.right, data.count);
            this.#ring.open(data.open === 1);
            this.#report({ words, left: data.left, right: data.right }, [data.left.buffer, data.right.buffer]);
        };
    }

    #report(report: Report, returned: Transferable[]): void {
        // a copy of the counters travels, not the ring that they are the head of
        this.#worker?.postMessage({ ...report, words: report.words.slice() }, returned);
        this.#ring.peaks.fill(0);
    }

    process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
        const left = output![0]!;
        this.#ring.read(left, output![1] ?? left);
        if (!this.#shared && ++this.#quantum % REPORT_EVERY === 0) this.#report({ words: this.#ring.words }, []);
        return !this.#closed;
    }
}

registerProcessor("realtime-backend", Output);
