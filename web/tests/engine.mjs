// The engine in Node, with the modules that the browser loads.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Engine, initSync } from "../engine/engine.js";
import * as seed from "../engine/engine.js";
import { Engine as Whole, initSync as initialiseWhole } from "../engine/full.js";
import { GOLDEN, ROOT } from "./reference.mjs";

export const MODULE = new WebAssembly.Module(readFileSync(join(ROOT, "web/engine/engine_bg.wasm")));
const { memory } = initSync({ module: MODULE });
export { Engine, memory, seed };

const everything = initialiseWhole({ module: new WebAssembly.Module(readFileSync(join(ROOT, "web/engine/full_bg.wasm"))) });

/** An engine that can play the track (JSON text), and its memory. */
function engineFor(text, options) {
    const engine = new Engine(options);
    try {
        engine.wantedFiles(text);
        return { engine, memory };
    } catch (error) {
        engine.free();
        if (error.name !== "MissingPart") throw error;
        return { engine: new Whole(options), memory: everything.memory };
    }
}

const BLOCK = 4096;

/** The first `frames` frames of a track, interleaved, on final levels and without ramps. */
export function render(track, frames) {
    const text = JSON.stringify(track);
    const { engine, memory } = engineFor(text, { startupFade: 0, ramp: 0.001 });
    try {
        for (const name of engine.wantedFiles(text)) {
            const path = join(GOLDEN, name);
            if (existsSync(path)) engine.insertFile(name, readFileSync(path));
        }
        engine.load(text);
        while (engine.survey());
        engine.reserve(BLOCK);
        engine.play();
        const out = new Float32Array(2 * frames);
        for (let done = 0; done < frames; ) {
            const count = engine.fill(Math.min(BLOCK, frames - done));
            if (count === 0) break;
            const left = new Float32Array(memory.buffer, engine.leftPointer, count);
            const right = new Float32Array(memory.buffer, engine.rightPointer, count);
            for (let i = 0; i < count; i++) {
                out[2 * (done + i)] = left[i];
                out[2 * (done + i) + 1] = right[i];
            }
            done += count;
        }
        return out;
    } finally {
        engine.free();
    }
}
