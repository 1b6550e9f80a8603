// Test tones, straight from the browser: they work before anything is open.

/** Seconds that a tone sounds, and its edges. */
const [LENGTH, EDGE] = [1.6, 0.08];

/** A tone of `left` and one of `right` hertz, each in its ear; without one, silence there. Resolves when it is over. */
export async function tone(context: AudioContext, level: number, left?: number, right?: number): Promise<void> {
    await context.resume();
    const merger = new ChannelMergerNode(context, { numberOfInputs: 2 });
    const gain = new GainNode(context, { gain: 0 });
    merger.connect(gain).connect(context.destination);
    const start = context.currentTime + 0.02;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(level, start + EDGE);
    gain.gain.setValueAtTime(level, start + LENGTH - EDGE);
    gain.gain.linearRampToValueAtTime(0, start + LENGTH);
    const sources = [left, right].flatMap((frequency, channel) => {
        if (frequency === undefined) return [];
        const source = new OscillatorNode(context, { frequency });
        source.connect(merger, 0, channel);
        source.start(start);
        source.stop(start + LENGTH);
        return [source];
    });
    const [first] = sources;
    if (first) await new Promise((resolve) => (first.onended = resolve));
    gain.disconnect();
}
