// node bench/node.mjs: times real time in Node.
import { readFileSync } from "node:fs";
import { Engine, initSync } from "../engine/engine.js";
import { Engine as Whole, initSync as initialiseWhole } from "../engine/full.js";
import { session } from "./session.mjs";

const at = (path) => new URL(path, import.meta.url);
const EARS = "sofa/synth_ring187_44k.sofa";
const SECONDS = 60;

/** Three tones on paths round the head, through measured responses of 128 taps. */
function moving() {
    const voices = ["horizontal_orbit", "figure_eight_3d", "torus"].map((type, index) => ({
        synth_function_name: "spatial_angle_modulation_sam2",
        params: {
            rendererMode: "hrtf",
            hrtfAsset: EARS,
            carrierFreq: 200 + 110 * index,
            canonicalTrajectory: { geometry: { type }, traversal: { durationS: 11 + 3 * index } },
        },
    }));
    return { progression: [{ duration: 120, voices }] };
}

initSync({ module: new WebAssembly.Module(readFileSync(at("../engine/engine_bg.wasm"))) });
initialiseWhole({ module: new WebAssembly.Module(readFileSync(at("../engine/full_bg.wasm"))) });
const tracks = {
    "15 voices": session(120, { noise: false }),
    "15 voices and noise": session(120, { noise: true }),
    "3 moving sources": moving(),
};
for (const [name, track] of Object.entries(tracks)) {
    const engine = new (name === "3 moving sources" ? Whole : Engine)({ startupFade: 0 });
    engine.insertFile(EARS, readFileSync(at(`../../parity/golden/${EARS}`)));
    engine.load(JSON.stringify(track));
    engine.reserve(1024);
    engine.play();
    engine.fill(1024);
    const begun = performance.now();
    let frames = 0;
    for (let count; frames < SECONDS * 44100 && (count = engine.fill(1024)) > 0; ) frames += count;
    const seconds = (performance.now() - begun) / 1000;
    console.log(`${name}: ${(frames / 44100 / seconds).toFixed(0)} times real time`);
    for (const { path, message } of engine.warnings) console.log(`  ${path}: ${message}`);
}
