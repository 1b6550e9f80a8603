// node bench/browser.mjs [SECONDS]: the numbers of docs/browser.md, in Chromium.
import { serve } from "../serve.mjs";
import { launch } from "../tests/chromium.mjs";
import { session } from "./session.mjs";

const seconds = Number(process.argv[2] ?? 60);
const browser = await launch();

for (const isolated of [true, false]) {
    const server = await serve({ isolated });
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.address().port}/tests/page.html`);
    await page.waitForFunction("window.ready", null, { polling: 50 });
    if (isolated) {
        for (const noise of [false, true]) {
            const times = await page.evaluate(async (track) => {
                const { default: initialise, Engine } = await import("../engine/engine.js");
                await initialise({ module_or_path: new URL("../engine/engine_bg.wasm", location.href) });
                const engine = new Engine({ startupFade: 0 });
                engine.load(JSON.stringify(track));
                engine.reserve(1024);
                engine.play();
                engine.fill(1024);
                const begun = performance.now();
                let frames = 0;
                for (let count; frames < 60 * 44100 && (count = engine.fill(1024)) > 0; ) frames += count;
                return frames / 44.1 / (performance.now() - begun);
            }, session(120, { noise }));
            console.log(`15 voices${noise ? " and noise" : ""}: ${times.toFixed(0)} times real time`);
        }
        const quantum = await page.evaluate(async () => {
            const { Ring } = await import("../dist/ring.js");
            const ring = new Ring(new SharedArrayBuffer(Ring.bytes(2 ** 15)));
            const [left, right] = [new Float32Array(128), new Float32Array(128)];
            const block = new Float32Array(1024);
            let busy = 0;
            const count = 200_000;
            for (let i = 0; i < count; i += 8) {
                ring.write(128 * i, block, block, 1024);
                const begun = performance.now();
                for (let k = 0; k < 8; k++) ring.read(left, right);
                busy += performance.now() - begun;
            }
            return busy / count;
        });
        console.log(`audio thread: ${(1000 * quantum).toFixed(2)} µs per quantum, ${((100 * quantum) / (128 / 44.1)).toFixed(2)} % of its time`);
    }
    const run = await page.evaluate(
        async ([track, seconds]) => {
            const begun = performance.now();
            const player = await createPlayer(track);
            const ready = performance.now() - begun;
            await player.play();
            while (player.position === 0) await sleep(0.001);
            const sounding = performance.now() - begun;
            await sleep(seconds);
            const stats = player.stats();
            await player.stop();
            return { mode: player.mode, ready, sounding, ...stats };
        },
        [session(3600, { noise: true }), seconds],
    );
    console.log(`${seconds} s over ${run.mode}:`, JSON.stringify(run));
    await page.close();
    server.close();
}
await browser.close();
