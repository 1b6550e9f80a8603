// The package as others use it: installed, bundled, served from a folder below the root, under a strict policy.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as esbuild from "esbuild";
import * as vite from "vite";
import webpack from "webpack";
import { serve } from "../serve.mjs";
import { launch } from "./chromium.mjs";
import { ROOT } from "./reference.mjs";

const WEB = join(ROOT, "web");
const STRICT = { "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:" };
const HTML = (script) => `<!doctype html><link rel="icon" href="data:," /><script type="module" src="${script}"></script>`;
/** Where the parts are that a bundler does not find by itself. */
const COPIED = {
    worker: "engine/worker.js",
    exportWorker: "engine/export_worker.js",
    worklet: "engine/worklet.js",
    wasm: "engine/engine_bg.wasm",
    fullWasm: "engine/full_bg.wasm",
};

/** A port that nobody listens at; Vite's page wants to know it beforehand. */
const freePort = () =>
    new Promise((resolve) => {
        const server = createServer().listen(0, "localhost", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });

describe("the installed package", () => {
    let browser;
    let project;
    let installed;
    before(async () => {
        browser = await launch();
        project = mkdtempSync(join(tmpdir(), "bundlers-"));
        installed = join(project, "node_modules/realtime-backend");
        mkdirSync(installed, { recursive: true });
        for (const part of ["package.json", "dist", "engine"]) cpSync(join(WEB, part), join(installed, part), { recursive: true });
        cpSync(join(WEB, "tests/bundlers/main.js"), join(project, "main.js"));
        writeFileSync(join(project, "package.json"), '{ "type": "module", "private": true }');
        writeFileSync(join(project, "index.html"), HTML("./main.js"));
    });
    after(async () => {
        await browser.close();
        rmSync(project, { recursive: true });
    });

    /** Open a page, play and export there; the console has to stay clean. */
    async function plays(address, urls) {
        const page = await browser.newPage();
        const complaints = [];
        page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        try {
            await page.goto(address);
            await page.waitForFunction("window.ready", null, { polling: 50 });
            const did = await page.evaluate((urls) => run(urls), urls);
            assert.deepEqual([did.size, did.refused, complaints], [80 + 4 * 44100, true, []]);
        } catch (error) {
            throw new Error(`${error.message}; the console: ${complaints.join("; ")}`, { cause: error });
        } finally {
            await page.close();
        }
    }

    /** Serve a folder below /app/ and play its page. */
    async function playsBuilt(folder, urls) {
        const server = await serve({ isolated: false, mounts: { "/app/": join(project, folder) }, headers: STRICT });
        try {
            await plays(`http://localhost:${server.address().port}/app/index.html`, urls);
        } finally {
            server.close();
        }
    }

    test("plays from a build of Vite", async () => {
        await vite.build({ root: project, base: "./", logLevel: "error", configFile: false, build: { outDir: "vite" } });
        await playsBuilt("vite");
    });

    test("plays from the development server of Vite", async () => {
        const server = await vite.createServer({
            root: project,
            configFile: false,
            logLevel: "error",
            cacheDir: join(project, "cache"),
            optimizeDeps: { exclude: ["realtime-backend"] },
            server: { port: await freePort(), strictPort: true, host: "localhost" },
        });
        try {
            await server.listen();
            await plays(server.resolvedUrls.local[0]);
        } finally {
            await server.close();
        }
    });

    test("plays from a build of webpack", async () => {
        const compiler = webpack({
            mode: "production",
            context: project,
            entry: "./main.js",
            output: { path: join(project, "webpack"), filename: "main.js", publicPath: "auto" },
            performance: { hints: false },
        });
        const stats = await new Promise((resolve, reject) => compiler.run((error, stats) => (error ? reject(error) : resolve(stats))));
        await new Promise((done) => compiler.close(done));
        assert.ok(!stats.hasErrors() && !stats.hasWarnings(), stats.toString());
        writeFileSync(join(project, "webpack/index.html"), HTML("main.js"));
        await playsBuilt("webpack");
    });

    test("plays from a build of esbuild with copied parts", async () => {
        await esbuild.build({
            absWorkingDir: project,
            entryPoints: ["main.js"],
            bundle: true,
            minify: true,
            format: "esm",
            outfile: "esbuild/main.js",
        });
        for (const part of ["dist/worker.js", "dist/export_worker.js", "dist/worklet.js", "engine/engine_bg.wasm", "engine/full_bg.wasm"]) {
            cpSync(join(installed, part), join(project, "esbuild/engine", part.split("/").pop()));
        }
        writeFileSync(join(project, "esbuild/index.html"), HTML("main.js"));
        await playsBuilt("esbuild", COPIED);
    });

    test("plays without a bundler, from another origin", async () => {
        const shared = { "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" };
        const cdn = await serve({ isolated: false, mounts: { "/npm/package@1/": installed }, headers: shared });
        mkdirSync(join(project, "plain"));
        const address = `http://localhost:${cdn.address().port}/npm/package@1/dist/index.js`;
        const main = readFileSync(join(project, "main.js"), "utf8").replace('"realtime-backend"', JSON.stringify(address));
        writeFileSync(join(project, "plain/main.js"), main);
        writeFileSync(join(project, "plain/index.html"), HTML("main.js"));
        const server = await serve({ isolated: true, mounts: { "/app/": join(project, "plain") } });
        try {
            await plays(`http://localhost:${server.address().port}/app/index.html`);
        } finally {
            server.close();
            cdn.close();
        }
    });

    test("is imported in Node, without a window", async () => {
        const { createPlayer, exportTrack } = await import(join(installed, "dist/index.js"));
        assert.equal(typeof createPlayer, "function");
        await assert.rejects(exportTrack({ progression: [] }, { format: "wav" }).blob(), /worker|Worker/);
    });

    test("has parts that policies against data addresses allow", () => {
        // bundlers turn smaller files into data addresses
        for (const part of ["worker.js", "export_worker.js", "worklet.js"]) {
            const text = readFileSync(join(installed, "dist", part), "utf8");
            assert.ok(text.length > 4096 && !/^import /m.test(text), part);
        }
    });
});
