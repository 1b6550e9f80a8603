// Makes one file without imports of each of the package's threads, so that bundlers and CDNs can hand it on as it is.
import { build } from "esbuild";

const why = [
    "/*! One file without imports, which runs as it is on a thread of its own.",
    " *  This text makes it longer than the 4096 bytes below which bundlers replace a file by a data address. Pages whose",
    " *  Content-Security-Policy allows scripts of their own origin only could not load that: workers and worklets are",
    " *  scripts. Files that a bundler minifies keep this text, because it begins with an exclamation mark. */",
];

await build({
    entryPoints: ["worker", "export_worker", "worklet"].map((name) => `src/${name}.ts`),
    bundle: true,
    format: "esm",
    target: "es2022",
    outdir: "dist",
    allowOverwrite: true,
    logLevel: "warning",
    banner: { js: why.join("\n") },
});
