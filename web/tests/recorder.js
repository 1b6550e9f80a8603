// Keeps what it is given until it is full, then hands it over.
class Recorder extends AudioWorkletProcessor {
    constructor({ processorOptions }) {
        super();
        this.frames = processorOptions.frames;
        this.samples = new Float32Array(2 * this.frames);
        this.done = 0;
    }

    process([input]) {
        const left = input[0];
        if (!left || this.done >= this.frames) return true;
        const right = input[1] ?? left;
        for (let i = 0; i < left.length && this.done < this.frames; i++, this.done++) {
            this.samples[2 * this.done] = left[i];
            this.samples[2 * this.done + 1] = right[i];
        }
        if (this.done === this.frames) this.port.postMessage(this.samples, [this.samples.buffer]);
        return true;
    }
}
registerProcessor("recorder", Recorder);
