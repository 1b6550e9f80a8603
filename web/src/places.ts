// Where the package's parts are. Bundlers look for `new URL("...", import.meta.url)`, word for word, and copy the file.

/** Addresses of the package's parts, where a bundler cannot find them. */
export interface Places {
    /** `dist/worker.js`. */
    worker?: string | URL;
    /** `dist/export_worker.js`. */
    exportWorker?: string | URL;
    /** `dist/worklet.js`. */
    worklet?: string | URL;
    /** `engine/engine_bg.wasm`. */
    wasm?: string | URL;
    /** `engine/full_bg.wasm`, which is fetched when a track needs it, and for exports. */
    fullWasm?: string | URL;
}

/** Where each part is. */
export function placesOf(given: Places = {}): Record<keyof Places, string> {
    const absolute = (place: string | URL) => new URL(place, globalThis.location?.href).href;
    return {
        worker: absolute(given.worker ?? new URL("./worker.js", import.meta.url)),
        exportWorker: absolute(given.exportWorker ?? new URL("./export_worker.js", import.meta.url)),
        worklet: absolute(given.worklet ?? new URL("./worklet.js", import.meta.url)),
        wasm: absolute(given.wasm ?? new URL("../engine/engine_bg.wasm", import.meta.url)),
        fullWasm: absolute(given.fullWasm ?? new URL("../engine/full_bg.wasm", import.meta.url)),
    };
}
