// node bench/node.mjs [MODULE.wasm]: times real time in Node.
import { readFileSync } from "node:fs";
import { Engine, initSync } from "../engine/engine.js";
import { session } from "./session.mjs";

initSync({ module: new WebAssembly.Module(readFileSync(process.argv[2] ?? new URL("../engine/engine_bg.wasm", import.meta.url))) });
for (const noise of [false, true]) {
    const engine = new Engine({ startupFade: 0 });
    engine.load(JSON.stringify(session(120, { noise })));
    const warnings = engine.warnings.map((problem) => `${problem.path}: ${problem.message}`);
    if (warnings.length) console.log(warnings.join("\n"));
    engine.reserve(1024);
    engine.play();
    engine.fill(1024);
    const begun = performance.now();
    let frames = 0;
    for (let count; frames < 60 * 44100 && (count = engine.fill(1024)) > 0; ) frames += count;
    const seconds = (performance.now() - begun) / 1000;
    console.log(`15 voices${noise ? " and noise" : ""}: ${(frames / 44100 / seconds).toFixed(0)} times real time`);
}
