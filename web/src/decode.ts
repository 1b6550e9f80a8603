// Audio in formats that the browser knows and the engine does not (Opus, WebM).

/** Opus is always at this rate; the engine changes it to the track's. */
const RATE = 48000;
/** Bytes of a WAV file before its samples. */
const HEADER = 44;
const FLOAT = 3;

/** The file as WAV with the decoder's own samples; `undefined` if the browser does not know it either. */
export async function decodedByBrowser(bytes: ArrayBuffer): Promise<ArrayBuffer | undefined> {
    const context = new OfflineAudioContext(1, 1, RATE);
    try {
        return wav(await context.decodeAudioData(bytes));
    } catch {
        return undefined;
    }
}

function wav(audio: AudioBuffer): ArrayBuffer {
    const { length, numberOfChannels: count, sampleRate } = audio;
    const frame = 4 * count;
    const file = new ArrayBuffer(HEADER + frame * length);
    const view = new DataView(file);
    const word = (at: number, text: string) => new Uint8Array(file, at, 4).set(new TextEncoder().encode(text));
    word(0, "RIFF");
    view.setUint32(4, file.byteLength - 8, true);
    word(8, "WAVE");
    word(12, "fmt ");
    view.setUint32(16, 16, true);
    view.setUint16(20, FLOAT, true);
    view.setUint16(22, count, true);
    view.setUint32(24, sampleRate, true);
    view.setUint32(28, frame * sampleRate, true);
    view.setUint16(32, frame, true);
    view.setUint16(34, 32, true);
    word(36, "data");
    view.setUint32(40, frame * length, true);
    const samples = new Float32Array(file, HEADER);
    for (let channel = 0; channel < count; channel++) {
        const from = audio.getChannelData(channel);
        for (let i = 0; i < length; i++) samples[count * i + channel] = from[i]!;
    }
    return file;
}
