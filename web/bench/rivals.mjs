// node bench/rivals.mjs FOLDER [SECONDS]: this package beside Tone.js, installed in FOLDER (npm install tone), and beside the
// oscillators of the browser alone, in Chromium: what a page fetches, the time from a click to sound, the load of thirteen
// binaural beats. All play through a context that is made the same way.
import { build } from "esbuild";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { serve } from "../serve.mjs";
import { launch } from "../tests/chromium.mjs";
import { ROOT } from "../tests/reference.mjs";

const [installed, seconds = 10] = process.argv.slice(2);
const ROUNDS = 5;
const folder = mkdtempSync(join(tmpdir(), "rivals-"));
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const beats = (count) => Array.from({ length: count }, (_, i) => ({ base: 100 + 37 * i, beat: 2 + i, level: 0.3 / count }));

/** Each is a module that starts beats in a context and resolves to the node with their sum. */
const PLAYERS = {
    "this package": `
        import { createPlayer } from "/dist/index.js";
        export async function start(context, beats) {
            const voices = beats.map(({ base, beat, level }) => ({
                synth_function_name: "binaural_beat",
                params: { baseFreq: base, beatFreq: beat, ampL: level, ampR: level },
            }));
            const player = await createPlayer({ progression: [{ duration: 3600, voices }] }, { context, startupFade: 0 });
            void player.play();
            window.settled = () => player.settled;
            return player.output;
        }`,
    "Tone.js": `
        import { Context, Gain, getDestination, Oscillator, Panner, setContext } from "tone";
        export async function start(context, beats) {
            setContext(new Context(context));
            const sum = new Gain(1).connect(getDestination());
            for (const { base, beat, level } of beats) {
                for (const [side, frequency] of [[-1, base - beat / 2], [1, base + beat / 2]]) {
                    const gain = new Gain(level).connect(sum);
                    new Oscillator(frequency, "sine").connect(new Panner(side).connect(gain)).start();
                }
            }
            return sum.output;
        }`,
    "Web Audio alone": `
        export async function start(context, beats) {
            const sum = new GainNode(context);
            sum.connect(context.destination);
            for (const { base, beat, level } of beats) {
                const merger = new ChannelMergerNode(context, { numberOfInputs: 2 });
                merger.connect(new GainNode(context, { gain: level })).connect(sum);
                for (const [side, frequency] of [base - beat / 2, base + beat / 2].entries()) {
                    const oscillator = new OscillatorNode(context, { frequency });
                    oscillator.connect(merger, 0, side);
                    oscillator.start();
                }
            }
            return sum;
        }`,
};

/** The page's script, and what is fetched beside it. */
async function made(name, source) {
    const file = `${name.replace(/\W/g, "")}.js`;
    const external = ["/dist/*"];
    const options = { bundle: true, minify: true, format: "esm", logLevel: "error" };
    await build({ ...options, stdin: { contents: source, resolveDir: installed }, external, outfile: join(folder, file) });
    const parts = [readFileSync(join(folder, file))];
    if (name === "this package") {
        const own = await build({ ...options, entryPoints: [join(ROOT, "web/dist/index.js")], write: false });
        const fetched = ["dist/worker.js", "dist/worklet.js", "engine/engine_bg.wasm"];
        parts.push(own.outputFiles[0].contents, ...fetched.map((part) => readFileSync(join(ROOT, "web", part))));
    }
    return { file, size: parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0) };
}

const page = (file) => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:"><button>play</button><script type="module">
import { start } from "./${file}";
window.play = async (beats) => {
    const begun = performance.now();
    const context = (window.context = new AudioContext({ latencyHint: "playback", sampleRate: 44100 }));
    void context.resume();
    const output = await start(context, beats);
    const analyser = context.createAnalyser();
    output.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    do {
        await new Promise((done) => setTimeout(done));
        analyser.getFloatTimeDomainData(samples);
    } while (samples.every((sample) => sample === 0));
    return performance.now() - begun;
};
document.querySelector("button").onclick = () => (window.sounding = window.play(window.beats));
window.ready = true;
</script>`;

for (const [name, source] of Object.entries(PLAYERS)) {
    const { file, size } = await made(name, source);
    writeFileSync(join(folder, file.replace(".js", ".html")), page(file));
    const server = await serve({ isolated: true, mounts: { "/rivals/": folder } });
    const address = `http://localhost:${server.address().port}/rivals/${file.replace(".js", ".html")}`;
    const [first, loads, underruns] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
        const browser = await launch();
        const system = await browser.newBrowserCDPSession();
        // of the process of the page, and of the one that plays
        const busy = async () => {
            const { processInfo } = await system.send("SystemInfo.getProcessInfo");
            return processInfo.filter(({ type }) => /renderer|audio/i.test(type)).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
        };
        const opened = await browser.newPage();
        await opened.goto(address);
        await opened.waitForFunction("window.ready", null, { polling: 50 });
        await opened.evaluate((beats) => (window.beats = beats), beats(1));
        await opened.click("button");
        first.push(await opened.evaluate(() => window.sounding));
        await opened.reload();
        await opened.waitForFunction("window.ready", null, { polling: 50 });
        await opened.evaluate((beats) => window.play(beats), beats(13));
        await opened.waitForFunction("window.settled?.() ?? true", null, { polling: 100 });
        await opened.waitForTimeout(2000);
        const before = await busy();
        await opened.waitForTimeout(1000 * seconds);
        loads.push((100 * ((await busy()) - before)) / seconds);
        underruns.push(await opened.evaluate(() => window.context.playbackStats?.underrunEvents));
        await browser.close();
    }
    server.close();
    const shown = (values, digits) => {
        const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
        return `${middle} (${least} to ${most})`;
    };
    console.log(
        `${name}: ${(size / 1000).toFixed(0)} kB with gzip; ms from click to sound ${shown(first, 0)}; ` +
            `% of a core for 13 binaural beats ${shown(loads, 1)}; underruns ${underruns.join(" ")}`,
    );
}
rmSync(folder, { recursive: true });
