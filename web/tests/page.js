// What the browser tests call on the page.
import { createPlayer, createPlaylist, exportTrack, importTrack } from "../dist/index.js";

export const sleep = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

/**
 * A player (of an array: a playlist) on final levels without ramps to speak of, and what it puts out, from before its first
 * frame on.
 */
async function recorded(track, seconds, options = {}) {
    const create = Array.isArray(track) ? createPlaylist : createPlayer;
    const player = await create(track, {
        startupFade: 0,
        ramp: 0.001,
        measureFirst: true,
        baseUrl: new URL("../../parity/golden/", location.href),
        ...options,
    });
    await player.context.audioWorklet.addModule(new URL("recorder.js", import.meta.url));
    const frames = Math.round((seconds + 0.4) * player.context.sampleRate);
    const recorder = new AudioWorkletNode(player.context, "recorder", {
        channelCount: 2,
        channelCountMode: "explicit",
        processorOptions: { frames },
    });
    player.output.connect(recorder);
    recorder.connect(player.context.destination);
    const samples = new Promise((resolve) => (recorder.port.onmessage = ({ data }) => resolve(data)));
    return { player, samples };
}

function encoded(samples) {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
}

/** Play each track for `seconds`, at the same time; what was heard of each, in base64. */
async function capture(tracks, seconds, options) {
    const rigs = await Promise.all(tracks.map((track) => recorded(track, seconds, options)));
    await Promise.all(rigs.map(({ player }) => player.play()));
    const heard = await Promise.all(rigs.map(({ samples }) => samples));
    const stats = rigs.map(({ player }) => ({ ...player.stats(), mode: player.mode, state: player.state, warnings: player.warnings }));
    await Promise.all(rigs.map(({ player }) => player.stop()));
    return heard.map((samples, i) => ({ samples: encoded(samples), ...stats[i] }));
}

/** A tone as the browser records it: Opus in WebM. */
async function recordedOpus({ frequency, gain, seconds }) {
    const context = new AudioContext({ sampleRate: 48000 });
    const tone = new OscillatorNode(context, { frequency });
    const recorder = new MediaRecorder(
        tone.connect(new GainNode(context, { gain })).connect(new MediaStreamAudioDestinationNode(context)).stream,
        { mimeType: "audio/webm;codecs=opus", audioBitsPerSecond: 128_000 },
    );
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const over = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    tone.start();
    await sleep(seconds);
    recorder.stop();
    await over;
    await context.close();
    return new Blob(parts);
}

Object.assign(window, { capture, createPlayer, createPlaylist, encoded, exportTrack, importTrack, recorded, recordedOpus, sleep });
window.ready = true;
