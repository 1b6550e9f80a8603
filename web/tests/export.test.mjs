// Files that the browser renders, against those of the native engine.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";
import { MOUNTS, Reference, decoded as samplesOf } from "./reference.mjs";

/** Two steps with a crossfade, of voices of several families. */
const session = {
    global: { crossfade_duration: 0.5 },
    progression: [
        {
            duration: 2,
            voices: [
                { synth_function_name: "binaural_beat", params: { baseFreq: 200, beatFreq: 8 } },
                { synth_function_name: "noise_swept_notch", params: {} },
            ],
        },
        {
            duration: 3,
            voices: [
                { synth_function_name: "isochronic_tone", params: { baseFreq: 310, beatFreq: 5 } },
                { synth_function_name: "spatial_angle_modulation_sam2", params: {} },
            ],
        },
    ],
};
const tone = (seconds, params = {}) => ({
    progression: [{ duration: seconds, voices: [{ synth_function_name: "binaural_beat", params: { baseFreq: 200, beatFreq: 8, ...params } }] }],
});

/** Mean power of both channels in dB. */
const level = (channels) => {
    const sum = channels.map((samples) => samples.reduce((sum, x) => sum + x * x, 0)).reduce((a, b) => a + b);
    return 10 * Math.log10(sum / (channels.length * channels[0].length));
};

describe("exported files", () => {
    let browser;
    let server;
    let reference;
    let page;
    before(async () => {
        [browser, server] = await Promise.all([launch(), serve({ mounts: MOUNTS })]);
        reference = new Reference(1);
    });
    after(async () => {
        reference.close();
        await browser.close();
        server.close();
    });
    beforeEach(async () => {
        page = await browser.newPage();
        await page.goto(`http://localhost:${server.address().port}/tests/page.html`);
        await page.waitForFunction("window.ready", null, { polling: 50 });
    });
    afterEach(() => page.close());

    /** The bytes of a file as the page renders it. */
    const exported = async (track, options) =>
        Buffer.from(await page.evaluate(async ([track, options]) => {
            const blob = await exportTrack(track, options).blob();
            return encoded(new Uint8Array(await blob.arrayBuffer()));
        }, [track, options]), "base64");

    /** What the browser's own decoder reads from a file. */
    const decoded = (track, options) =>
        page.evaluate(async ([track, options]) => {
            const blob = await exportTrack(track, options).blob();
            const context = new OfflineAudioContext(2, 1, options.rate ?? 44100);
            const audio = await context.decodeAudioData(await blob.arrayBuffer());
            return { type: blob.type, channels: [0, 1].map((channel) => encoded(audio.getChannelData(channel))) };
        }, [track, options]).then(({ type, channels }) => ({ type, channels: channels.map(samplesOf) }));

    test("a WAV file has the bytes of the native one", async () => {
        for (const options of [{ bits: 16 }, { bits: 24, start: 1.25, duration: 2.001 }, { bits: 32, rate: 48000 }]) {
            const wanted = { format: "wav", ...options };
            const [ours, theirs] = await Promise.all([exported(session, wanted), reference.file(session, wanted)]);
            assert.equal(ours.length, theirs.length);
            assert.ok(ours.equals(theirs), JSON.stringify(options));
        }
    });

    test("a FLAC file decodes to the samples of the WAV file", async () => {
        const [flac, wav] = [await decoded(session, { format: "flac" }), await decoded(session, { format: "wav" })];
        assert.equal(flac.type, "audio/flac");
        assert.deepEqual(flac.channels, wav.channels);
    });

    test("an Opus file decodes at the level of the WAV file", async () => {
        const options = { rate: 48000 };
        const opus = await decoded(tone(4), { format: "opus", ...options });
        const wav = await decoded(tone(4), { format: "wav", bits: 32, ...options });
        const [a, b] = [opus, wav].map(({ channels }) => channels.map((samples) => samples.slice(4800, 4 * 48000 - 4800)));
        assert.ok(Math.abs(level(a) - level(b)) < 0.1, `${level(a)} dB, ${level(b)} dB`);
        assert.ok(level(b) > -30);
    });

    test("progress rises to one", async () => {
        const told = await page.evaluate(async (track) => {
            const told = [];
            await exportTrack(track, { format: "wav", onProgress: (done) => told.push(done) }).blob();
            return told;
        }, tone(20));
        assert.deepEqual(told, told.toSorted((a, b) => a - b));
        assert.ok(told.length > 6 && told[0] >= 0 && told.at(-1) === 1, told);
    });

    test("rendering waits for the reader of the stream", async () => {
        const [early, read, size] = await page.evaluate(async (track) => {
            let done = 0;
            const { stream } = exportTrack(track, { format: "wav", onProgress: (fraction) => (done = fraction) });
            const reader = stream.getReader();
            const first = await reader.read();
            await sleep(1);
            const early = done;
            let size = first.value.length;
            for (let part; (part = await reader.read()).value; ) size += part.value.length;
            return [early, done, size];
        }, tone(60));
        assert.ok(early < 0.7, `${early}`);
        assert.deepEqual([read, size], [1, 80 + 4 * 60 * 44100]);
    });

    test("a signal stops the export with its reason", async () => {
        const [during, at] = await page.evaluate(async (track) => {
            const stop = new AbortController();
            const { stream } = exportTrack(track, { format: "flac", signal: stop.signal });
            const reader = stream.getReader();
            await reader.read();
            stop.abort(new Error("enough"));
            const during = await reader.read().catch((error) => error.message);
            const at = exportTrack(track, { format: "flac", signal: AbortSignal.abort(new Error("never")) });
            return [during, await at.blob().catch((error) => error.message)];
        }, tone(600));
        assert.deepEqual([during, at], ["enough", "never"]);
    });

    test("mistakes are track errors with their place", async () => {
        const refusals = await page.evaluate(async (track) => {
            const refused = (track, options) =>
                exportTrack(track, { format: "wav", ...options }).blob().catch((error) => [error.name, error.message]);
            const bad = structuredClone(track);
            bad.progression[0].voices[0].params.beatFreq = "slow";
            return [
                await refused(bad),
                await refused(track, { format: "aac" }),
                await refused(track, { format: "flac", bits: 32 }),
                await refused(track, { start: 99 }),
            ];
        }, tone(1));
        const places = [/^progression\[0\]\.voices\[0\]\.params\.beatFreq/, /format/, /float32/, /^options.start: .*1.000 s/];
        refusals.forEach(([name, message], index) => {
            assert.equal(name, "TrackError");
            assert.match(message, places[index]);
        });
    });
});
