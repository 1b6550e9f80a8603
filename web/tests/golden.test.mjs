import assert from "node:assert/strict";
import test from "node:test";
import { render } from "./engine.mjs";
import { recordedTracks, Reference, worst } from "./reference.mjs";

/** Seconds of each recorded call. */
const SECONDS = 2;

test("every recorded call sounds in WebAssembly as it does natively", { timeout: 600_000 }, async (t) => {
    const native = new Reference(SECONDS);
    t.after(() => native.close());
    const findings = [];
    let compared = 0;
    let most = 0;
    for (const { name, track } of recordedTracks(SECONDS)) {
        const { samples, error } = await native.render(track);
        if (error !== undefined) {
            assert.throws(
                () => render(track, 1),
                (thrown) => thrown.message === error,
                name,
            );
            continue;
        }
        const frames = samples.length / 2;
        // a step may be shorter than the fade-in of the stream only where nothing is recorded
        const difference = worst(render(track, frames), samples, 100, frames);
        if (!(difference <= 1e-5)) findings.push(`${name}: ${difference}`);
        most = Math.max(most, difference);
        compared++;
    }
    console.log(`${compared} calls of ${SECONDS} s compared, largest difference ${most.toExponential(1)}`);
    assert.deepEqual(findings, []);
    assert.ok(compared > 400);
});
