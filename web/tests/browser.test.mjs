import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { decoded, difference, RATE, recordedTracks, Reference } from "./reference.mjs";
import { overBothTransports } from "./transports.mjs";

const voice = (base, id = "a") => ({
    synth_function_name: "binaural_beat",
    voice_id: id,
    params: { baseFreq: base, beatFreq: 4, ampL: 0.5, ampR: 0.5 },
});
const session = (base = 200, duration = 3) => ({
    global: { sample_rate: RATE, crossfade_duration: 0.5 },
    progression: [
        { duration, voices: [voice(base)] },
        { duration, voices: [voice(base), voice(1.5 * base, "b")] },
    ],
});

/** Of every voice the first recorded call that can be heard, with its native render. */
async function oneOfEach(native, seconds) {
    const found = new Map();
    for (const row of recordedTracks(seconds)) {
        if (found.has(row.voice)) continue;
        const track = { ...row.track, global: { sample_rate: RATE } };
        const { samples } = await native.render(track);
        if (samples?.some((sample) => sample !== 0)) found.set(row.voice, { ...row, track, samples });
    }
    return [...found.values()];
}

/** Largest second difference: a click shows here, a tone of 300 Hz hardly does. */
function roughness(samples) {
    let most = 0;
    for (let i = 4; i < samples.length; i++) {
        most = Math.max(most, Math.abs(samples[i] - 2 * samples[i - 2] + samples[i - 4]));
    }
    return most;
}

/** Amplitude of a tone in the left channel. */
function level(samples, hertz, from, to) {
    let [real, imaginary] = [0, 0];
    for (let i = from; i < to; i++) {
        const angle = (2 * Math.PI * hertz * i) / RATE;
        const window = 1 - Math.cos((2 * Math.PI * (i - from)) / (to - from));
        real += window * samples[2 * i] * Math.cos(angle);
        imaginary += window * samples[2 * i] * Math.sin(angle);
    }
    return (2 * Math.hypot(real, imaginary)) / (to - from);
}

overBothTransports((on) => {
    const { mode } = on;
    let page;
    beforeEach(() => (page = on.page));

    test("what is heard is the native render, for every voice", { timeout: 240_000 }, async (t) => {
        const seconds = 0.8;
        const native = new Reference(seconds);
        t.after(() => native.close());
        const rows = await oneOfEach(native, seconds);
        const findings = [];
        for (let at = 0; at < rows.length; at += 4) {
            const batch = rows.slice(at, at + 4);
            const tracks = batch.map((row) => row.track);
            const heard = await page.evaluate(([tracks, seconds]) => capture(tracks, seconds), [tracks, seconds]);
            for (const [i, row] of batch.entries()) {
                assert.equal(heard[i].mode, mode);
                const most = difference(decoded(heard[i].samples), row.samples);
                if (!(most <= 1e-5)) findings.push(`${row.name}: ${most}, ${heard[i].underrunFrames} missing`);
            }
        }
        assert.ok(rows.length >= 29, `${rows.length} voices`);
        assert.deepEqual(findings, []);
    });

    test("sound round the head is the native render, what is off fetches nothing", { timeout: 120_000 }, async (t) => {
        const seconds = 0.8;
        const native = new Reference(seconds);
        t.after(() => native.close());
        const [tone] = session().progression[0].voices;
        const track = (params, more = {}) => ({
            global: { sample_rate: RATE },
            progression: [{ duration: seconds, voices: [{ ...tone, params: { ...tone.params, ...params } }] }],
            ...more,
        });
        const turning = { mode: "rotate", seconds: 1 };
        const beat = { targetId: "voice", parameterPath: "carrierFreq", value: 300 };
        const scene = { stages: { stages: [{ id: "high", startS: 0, durationS: 9, parameterOverrides: [beat] }] } };
        const placed = [
            track({ spatial: { azimuthDeg: 60 } }),
            track({ spatialEnable: true, spatialTrajectory: [turning] }),
            { ...recordedTracks(seconds).find(({ voice }) => voice === "spatial_angle_modulation_sam2").track, sam_scene: scene },
        ];
        const off = track({ spatialEnable: false, spatialTrajectory: [turning] });
        const hear = async (tracks, options = {}) => {
            const heard = await page.evaluate(([...given]) => capture(...given), [tracks, seconds, options]);
            for (const [i, { samples }] of heard.entries()) {
                const wanted = await native.render(tracks[i]);
                const most = difference(decoded(samples), wanted.samples);
                assert.ok(most <= 1e-5, `${JSON.stringify(tracks[i])}: ${most}`);
            }
        };
        await hear(placed);
        await hear([off], { urls: { fullWasm: "/no/such/module.wasm" } });
    });

    test("pause holds, seek moves, resume goes on, without a click", async () => {
        const result = await page.evaluate(async (track) => {
            const { player, samples } = await recorded(track, 2.6, { ramp: 0.015 });
            const seen = {};
            await player.play();
            await sleep(0.7);
            seen.playing = [player.state, player.position];
            await player.pause();
            await sleep(0.2);
            seen.paused = [player.state, player.position];
            await sleep(0.2);
            seen.held = player.position;
            await player.seek(4);
            seen.sought = [player.state, player.position];
            await player.play();
            await sleep(0.5);
            seen.resumed = [player.state, player.position, player.step];
            const before = performance.now();
            await player.seek(1);
            seen.reaction = performance.now() - before;
            await sleep(0.3);
            seen.back = [player.position, player.step];
            const heard = encoded(await samples);
            seen.stats = player.stats();
            await player.stop();
            return { ...seen, samples: heard, stopped: player.state };
        }, session());
        assert.equal(result.playing[0], "playing");
        assert.ok(Math.abs(result.playing[1] - 0.7) < 0.2, `at ${result.playing[1]} after 0.7 s`);
        assert.equal(result.paused[0], "paused");
        assert.equal(result.held, result.paused[1]);
        assert.deepEqual(result.sought, ["paused", 4]);
        assert.equal(result.resumed[0], "playing");
        assert.ok(result.resumed[1] > 4.2 && result.resumed[1] < 4.7, `at ${result.resumed[1]}`);
        assert.equal(result.resumed[2], 1);
        assert.ok(result.back[0] > 1.1 && result.back[0] < 1.6, `at ${result.back[0]}`);
        assert.equal(result.back[1], 0);
        assert.equal(result.stats.lateSplices, 0);
        assert.equal(result.stats.underrunEvents, 0);
        assert.ok(result.stats.peak[0] > 0.1);
        assert.equal(result.stopped, "stopped");
        const heard = decoded(result.samples);
        assert.ok(roughness(heard) < 0.004, `${roughness(heard)}`);
    });

    test("an edit is heard without a click, a bad one is refused and the old track plays on", async () => {
        const result = await page.evaluate(
            async ([track, edited, bad]) => {
                const { player, samples } = await recorded(track, 1.6, { ramp: 0.015 });
                const errors = [];
                player.onError((message) => errors.push(message));
                await player.play();
                await sleep(0.6);
                await player.update(edited);
                const refused = await player.update(bad).catch((error) => ({ ...error, message: error.message }));
                const heard = encoded(await samples);
                const { state, lastError } = player;
                await player.stop();
                return { samples: heard, refused, errors, state, lastError };
            },
            [session(200), session(300), JSON.stringify(session()).replace('"beatFreq":4', '"beatFreq":"fast"')],
        );
        const path = "progression[0].voices[0].params.beatFreq";
        assert.equal(result.refused.name, "TrackError");
        assert.equal(result.refused.problems[0].path, path);
        assert.ok(result.lastError.startsWith(path) && result.errors[0] === result.lastError);
        assert.equal(result.state, "playing");
        const heard = decoded(result.samples);
        const crossings = (from, to) => {
            let count = 0;
            for (let i = from; i < to; i++) if (heard[2 * i - 2] < 0 && heard[2 * i] >= 0) count++;
            return count;
        };
        assert.ok(roughness(heard) < 0.006, `${roughness(heard)}`);
        const [early, late] = [crossings(0.3 * RATE, 0.5 * RATE), crossings(1.5 * RATE, 1.7 * RATE)];
        assert.ok(Math.abs(early - 0.2 * 198) <= 1 && Math.abs(late - 0.2 * 298) <= 1, `${early}, ${late}`);
    });

    test("an edit is posted at once, and of a row the first and the last", async () => {
        const { soon, posted } = await page.evaluate(async (tracks) => {
            const posted = [];
            const { postMessage } = Worker.prototype;
            Worker.prototype.postMessage = function (message, ...more) {
                if (message.verb === "update") posted.push(tracks.indexOf(message.arguments[0]));
                return postMessage.call(this, message, ...more);
            };
            const player = await createPlayer(tracks[0]);
            await player.play();
            const made = tracks.map((track) => player.update(track));
            const soon = posted.length;
            await Promise.all(made);
            await player.stop();
            return { soon, posted };
        }, [200, 210, 220, 230, 240].map((base) => JSON.stringify(session(base))));
        assert.equal(soon, 1);
        assert.deepEqual(posted, [0, 4]);
    });

    test("at the end the position is the duration, and play begins again", async () => {
        const result = await page.evaluate(async (track) => {
            const player = await createPlayer(track, { start: 5, volume: 0.5, seed: 3 });
            const events = [];
            player.onStep((index) => events.push(`step ${index}`));
            player.onFinished(() => events.push("finished"));
            const before = [player.state, player.position];
            await player.play();
            const ended = await player.wait(3);
            const end = [player.state, player.position, player.duration];
            await player.play();
            await sleep(0.3);
            const again = [player.state, player.position];
            await player.stop();
            await player.stop();
            const refused = await player.play().catch((error) => error.message);
            return { before, ended, end, again, events, refused };
        }, session());
        assert.deepEqual(result.before, ["stopped", 5]);
        assert.ok(result.ended);
        assert.deepEqual(result.end, ["finished", 5.5, 5.5]);
        assert.equal(result.again[0], "playing");
        assert.ok(result.again[1] < 0.6);
        assert.deepEqual(result.events.slice(0, 2), ["step 1", "finished"]);
        assert.match(result.refused, /stopped/);
    });

    test("the first interruption is told once", async () => {
        const { told, interruptions } = await page.evaluate(async () => {
            const voice = { synth_function_name: "binaural_beat", params: {} };
            const track = (voices) => ({ progression: [{ duration: 60, voices: Array(voices).fill(voice) }] });
            const player = await createPlayer(track(1), { latency: "low" });
            let told = 0;
            player.onSlow(() => told++);
            await player.play();
            await sleep(0.5);
            // an edit that takes longer to compile than sound is ready
            for (let voices = 1000; player.stats().underrunEvents < 2 && voices < 1e5; voices *= 2) {
                await player.update(track(voices));
                await player.update(track(1));
                await sleep(0.2);
            }
            const interruptions = player.stats().underrunEvents;
            await player.stop();
            return { told, interruptions };
        });
        assert.equal(told, 1);
        assert.ok(interruptions > 1);
    });

    test("the browser's sound starts before a context waits for it", async () => {
        const order = await page.evaluate(async (track) => {
            const order = [];
            const { enumerateDevices } = navigator.mediaDevices;
            navigator.mediaDevices.enumerateDevices = function () {
                order.push("sound");
                return enumerateDevices.call(this);
            };
            window.AudioContext = class extends AudioContext {
                constructor(options) {
                    super(options);
                    order.push("context");
                }
            };
            await (await createPlayer(track)).stop();
            return order;
        }, session());
        assert.deepEqual(order, ["sound", "context"]);
    });

    test("a bad track or option rejects with its place", async () => {
        const result = await page.evaluate(async (bad) => {
            const fails = (track, options) =>
                createPlayer(track, options).then(
                    () => "made",
                    (error) => `${error.name}: ${error.message}`,
                );
            return [await fails(bad), await fails("{}"), await fails({ progression: [] }, { latency: "slow" })];
        }, JSON.stringify(session()).replace("binaural_beat", "binaural_beet"));
        assert.match(result[0], /^TrackError: progression\[0\]\.voices\[0\]\.synth_function_name: .*binaural_beat/);
        assert.match(result[1], /^TrackError: expected a track/);
        assert.match(result[2], /^RangeError: latency: expected/);
    });

    test("clips are fetched, given, inside the track, or missing with a warning", async () => {
        const result = await page.evaluate(async () => {
            const clip = "audio/tone_hard_44100.wav";
            const base = new URL("../../parity/golden/", location.href);
            const bytes = await (await fetch(new URL(clip, base))).arrayBuffer();
            const url = `data:audio/wav;base64,${encoded(new Uint8Array(bytes))}`;
            const heard = [];
            const tracks = [[clip], ["own.wav", { "own.wav": bytes.slice(0) }], [url]];
            for (const [path, files] of tracks) {
                const track = { global: { sample_rate: 44100 }, progression: [], clips: [{ file_path: path, start: 0 }] };
                const { player, samples } = await recorded(track, 0.1, files ? { files } : {});
                await player.play();
                heard.push(encoded(await samples), player.warnings.length);
                await player.stop();
            }
            return heard;
        });
        const heard = [result[0], result[2], result[4]].map(decoded);
        assert.deepEqual([result[1], result[3], result[5]], [0, 0, 0]);
        for (const samples of heard) assert.ok(samples.some((sample) => Math.abs(sample) > 0.05));
        const warned = await page.evaluate(async () => {
            const track = { progression: [], clips: [{ file_path: "data:audio/wav,none", start: 0 }] };
            const player = await createPlayer(track);
            const [{ path, message }] = player.warnings;
            await player.stop();
            return `${path}: ${message}`;
        });
        assert.match(warned, /^clips\[0\].*left out/);
    });

    test("audio that only the browser can decode is heard", async () => {
        const [result] = await page.evaluate(async () => {
            const blob = await recordedOpus({ frequency: 440, gain: 0.5, seconds: 0.6 });
            const track = { global: { sample_rate: 44100 }, progression: [], clips: [{ file_path: "tone.webm", start: 0 }] };
            return capture([track], 0.3, { start: 0.2, files: { "tone.webm": blob } });
        });
        assert.deepEqual(result.warnings, []);
        const samples = decoded(result.samples);
        const from = samples.findIndex((sample) => Math.abs(sample) > 0.1) >> 1;
        const [low, tone, high] = [220, 440, 880].map((hertz) => level(samples, hertz, from + 1000, from + 9000));
        assert.ok(Math.abs(tone - 0.5) < 0.05 && low < 0.01 && high < 0.01, `${low} ${tone} ${high}`);
    });

    test("AAC and Opus, which the module leaves to the browser, are heard", async () => {
        const [result] = await page.evaluate(async () => {
            const track = { global: { sample_rate: 44100 }, progression: [], clips: [] };
            track.clips = ["tone.m4a", "tone.aac", "tone.opus"].map((name, i) => ({ file_path: name, start: i }));
            const baseUrl = new URL("../../tests_rs/media/", location.href);
            return capture([track], 2.5, { baseUrl });
        });
        assert.deepEqual(result.warnings, []);
        const samples = decoded(result.samples);
        const from = samples.findIndex((sample) => Math.abs(sample) > 0.1) >> 1;
        for (const begin of [from, from + RATE, from + 2 * RATE]) {
            const tone = [220, 440, 880].map((hertz) => level(samples, hertz, begin + 2000, begin + 10_000));
            assert.ok(tone[0] < 0.02 && Math.abs(tone[1] - 0.5) < 0.05 && tone[2] < 0.02, `${tone}`);
        }
    });

    test("audio that a noise file names is fetched as well", async () => {
        const result = await page.evaluate(async () => {
            const noise = { duration_seconds: 2, input_audio_path: "audio/tone_hard_44100.wav" };
            const track = { global: { sample_rate: 44100 }, progression: [], background_noise: { file_path: "sea.noise" } };
            const files = { "sea.noise": new Blob([JSON.stringify(noise)]) };
            const { player, samples } = await recorded(track, 0.1, { files });
            await player.play();
            const heard = encoded(await samples);
            const { warnings } = player;
            await player.stop();
            return { heard, warnings };
        });
        assert.deepEqual(result.warnings, []);
        assert.ok(decoded(result.heard).some((sample) => Math.abs(sample) > 0.05));
    });
});
