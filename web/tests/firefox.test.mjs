// The player in Firefox, over both ways from the worker to the audio thread, against the native engine.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { serve } from "../serve.mjs";
import { launchFirefox } from "./firefox.mjs";
import { MOUNTS, Reference, decoded, difference } from "./reference.mjs";

const SECONDS = 1.5;
/** What is recorded: on a busy machine, the sound may begin late in it. */
const RECORDED = 5;
/** Frames of silence before what was recorded. */
const SILENT = 128;
const voices = [
    { synth_function_name: "binaural_beat", params: { baseFreq: 200, beatFreq: 8 } },
    { synth_function_name: "isochronic_tone", params: { baseFreq: 310, beatFreq: 5 } },
];
const track = { progression: [{ duration: 8, voices }] };

describe("Firefox", () => {
    let firefox;
    let reference;
    before(async () => {
        reference = new Reference(SECONDS);
        firefox = await launchFirefox();
    });
    after(async () => {
        reference.close();
        await firefox?.close();
    });

    for (const mode of ["shared", "messages"]) {
        test(`plays over ${mode === "shared" ? "shared memory" : "messages"} and exports`, async () => {
            const server = await serve({ isolated: mode === "shared", mounts: MOUNTS });
            const page = await firefox.browser.newPage();
            const complaints = [];
            page.on("pageerror", (error) => complaints.push(error.message));
            try {
                await page.goto(`http://localhost:${server.address().port}/tests/page.html`);
                while (!(await page.evaluate("window.ready"))) await new Promise((done) => setTimeout(done, 50));
                // which may stop the page for good: src/latency.ts
                await page.evaluate(() => {
                    window.asked = 0;
                    Object.defineProperty(AudioContext.prototype, "outputLatency", { get: () => (window.asked++, 0.045) });
                });
                const record = (track, seconds) => capture([track], seconds, { latency: "high" });
                const [heard] = await page.evaluate(record, track, RECORDED);
                const { samples } = await reference.render(track);
                assert.equal(heard.mode, mode);
                // Firefox gives the recorder nothing while all is silent, so silence before the sound may be missing
                const recorded = decoded(heard.samples);
                const padded = new Float32Array(2 * SILENT + recorded.length);
                padded.set(recorded, 2 * SILENT);
                const most = difference(padded, samples);
                assert.ok(most < 1e-5, `${most}, ${heard.underrunEvents} interruptions`);
                assert.equal(await page.evaluate("asked"), 0);
                const file = await page.evaluate(async (track) => {
                    const blob = await exportTrack(track, { format: "wav" }).blob();
                    return encoded(new Uint8Array(await blob.arrayBuffer()));
                }, track);
                assert.ok(Buffer.from(file, "base64").equals(await reference.file(track, { format: "wav" })));
                assert.deepEqual(complaints, []);
            } finally {
                await page.close();
                server.close();
            }
        });
    }
});
