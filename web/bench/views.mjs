// node bench/views.mjs TRACK [SECONDS]: what the views of the studio cost while the track plays, in Chromium: pictures per
// second, and the processor time of the page with all views in sight, and with none; scripts alone, and the process that also
// holds the engine. Without a graphics processor, the drawing of pixels is a process of its own.
import { choose, playing, studio } from "../tests/studio.mjs";

const [, , path, seconds = "10"] = process.argv;
const place = await studio();
const page = await place.open();
await page.setViewportSize({ width: 1280, height: 2400 });
await choose(page, path);
await page.locator('.transport button[aria-label="Play"]').click();
await playing(page);
await page.waitForSelector(".view");
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
const system = await place.browser.newBrowserCDPSession();

/** Seconds of processor time so far. */
async function spent() {
    const { metrics } = await session.send("Performance.getMetrics");
    const { processInfo } = await system.send("SystemInfo.getProcessInfo");
    const of = (kind) => processInfo.filter(({ type }) => type === kind).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    return { scripts: metrics.find(({ name }) => name === "ScriptDuration").value, page: of("renderer"), pixels: of("GPU") };
}

/** Shares of a core in percent, and pictures per second. */
async function shares() {
    await page.waitForTimeout(3000);
    const before = await spent();
    const pictures = await page.evaluate(
        (ms) =>
            new Promise((done) => {
                let count = 0;
                const begun = performance.now();
                const next = (now) => (now - begun < ms ? (count++, requestAnimationFrame(next)) : done((1000 * count) / (now - begun)));
                requestAnimationFrame(next);
            }),
        1000 * Number(seconds),
    );
    const after = await spent();
    const share = (kind) => `${kind} ${((100 * (after[kind] - before[kind])) / Number(seconds)).toFixed(1)} %`;
    return `${pictures.toFixed(0)} pictures a second; of a core: ${["scripts", "page", "pixels"].map(share).join(", ")}`;
}

console.log(`all views in sight: ${await shares()}`);
await page.setViewportSize({ width: 1280, height: 400 });
await page.evaluate(() => scrollTo(0, 0));
console.log(`no view in sight: ${await shares()}`);
await place.close();
