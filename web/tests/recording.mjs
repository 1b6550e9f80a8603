// The sound of a page as the tests hear it.

/** To be run before the page: `record(seconds)` keeps everything that goes to the output from then on in `recorded`. */
export const recordable = () => {
    const connect = AudioNode.prototype.connect;
    const outputs = new Set();
    AudioNode.prototype.connect = function (to, ...more) {
        if (to instanceof AudioDestinationNode && !(this.context instanceof OfflineAudioContext)) {
            this.context.recorder ??= this.context.audioWorklet.addModule("/tests/recorder.js");
            outputs.add(this);
            window.record = async (seconds) => {
                await this.context.recorder;
                const frames = Math.round(seconds * this.context.sampleRate);
                const options = { channelCount: 2, channelCountMode: "explicit", processorOptions: { frames } };
                const node = new AudioWorkletNode(this.context, "recorder", options);
                for (const output of outputs) if (output.context === this.context) connect.call(output, node);
                const samples = new Promise((done) => (node.port.onmessage = ({ data }) => done(data)));
                window.began = { page: performance.now(), rate: this.context.sampleRate, latency: this.context.baseLatency };
                window.recorded = samples.then((found) => {
                    let text = "";
                    const bytes = new Uint8Array(found.buffer);
                    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
                    return btoa(text);
                });
            };
        }
        return connect.call(this, to, ...more);
    };
    localStorage.setItem("volume", "1");
};
