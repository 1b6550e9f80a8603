// node bench/ready.mjs TRACK...: milliseconds until the player of each track is ready and until its first frame is played, and
// the longest task of the page, in Chromium; then the longest task of the studio while it opens and plays the track.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { serve } from "../serve.mjs";
import { launch } from "../tests/chromium.mjs";
import { choose, playing, studio } from "../tests/studio.mjs";

const server = await serve({ isolated: true });
const browser = await launch();
for (const path of process.argv.slice(2)) {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.address().port}/tests/page.html`);
    await page.waitForFunction("window.ready", null, { polling: 50 });
    const run = await page.evaluate(async (text) => {
        let longest = 0;
        new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
        }).observe({ type: "longtask" });
        const begun = performance.now();
        const player = await createPlayer(text, { onError: "warn" });
        const ready = performance.now() - begun;
        await player.play();
        while (player.position === 0) await sleep(0.001);
        const sounding = performance.now() - begun;
        await sleep(8);
        const { underrunEvents, renderLoadPeak, renderLoadAverage } = player.stats();
        const { settled } = player;
        await player.stop();
        return { ready, sounding, longest, underrunEvents, renderLoadAverage, renderLoadPeak, settled };
    }, readFileSync(path, "utf8"));
    const ms = (value) => `${value.toFixed(0)} ms`;
    console.log(
        `${basename(path)}: ready ${ms(run.ready)}, first frame ${ms(run.sounding)}, longest task ${ms(run.longest)}, ` +
            `${run.underrunEvents} underruns in 8 s, load ${(100 * run.renderLoadAverage).toFixed(1)} %, worst block ${run.renderLoadPeak.toFixed(1)}, settled: ${run.settled}`,
    );
    await page.close();
}
await browser.close();
server.close();

const place = await studio();
for (const path of process.argv.slice(2)) {
    const page = await place.open();
    await page.evaluate(() => {
        window.longest = 0;
        new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
        }).observe({ type: "longtask" });
    });
    await choose(page, path);
    await page.locator('.transport button[aria-label="Play"]').click();
    await playing(page);
    await page.waitForTimeout(5000);
    console.log(`${basename(path)} in the studio: longest task ${await page.evaluate(() => window.longest.toFixed(0))} ms`);
    await page.context().close();
}
await place.close();
