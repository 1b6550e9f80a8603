// The samples that are heard, for whoever looks at them.

import worklet from "./tap.worklet.ts?worker&url";

type Listener = (samples: Float32Array<ArrayBuffer>) => void;

const loaded = new WeakMap<BaseAudioContext, Promise<void>>();

/** Listens to an output while somebody looks. */
export class Tap {
    #node: AudioWorkletNode | undefined;
    #closed = false;
    #open = false;
    #connected = false;

    constructor(
        private readonly source: AudioNode,
        private readonly listener: Listener,
    ) {
        // without the worklet there are no pictures, and the sound goes on
        this.#connect().catch(() => undefined);
    }

    async #connect(): Promise<void> {
        const { context } = this.source;
        const before = loaded.get(context);
        const ready = before ?? context.audioWorklet.addModule(worklet);
        if (!before) loaded.set(context, ready);
        await ready;
        if (this.#closed) return;
        this.#node = new AudioWorkletNode(context, "studio-tap", { numberOfOutputs: 0, channelCount: 2, channelCountMode: "explicit" });
        this.#node.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => {
            if (this.#open) this.listener(data);
            this.#node?.port.postMessage(data, [data.buffer]);
        };
        this.#switch();
    }

    /** Whether samples come. */
    set open(open: boolean) {
        if (open === this.#open) return;
        this.#open = open;
        this.#switch();
    }

    #switch(): void {
        if (!this.#node) return;
        this.#node.port.postMessage(this.#open);
        // a node that nothing is connected to costs nothing
        if (this.#open && !this.#connected) this.source.connect(this.#node);
        if (!this.#open && this.#connected) this.source.disconnect(this.#node);
        this.#connected = this.#open;
    }

    close(): void {
        this.open = false;
        this.#closed = true;
        this.#node?.port.close();
        this.#node = undefined;
    }
}
