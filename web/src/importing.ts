// Reads session files, those of other programs among them, as tracks.

import type { Imported } from "../engine/full.js";
import { type Places, placesOf } from "./places.js";
import type { ExportVerbs, Measured } from "./protocol.js";
import { requireEngine } from "./supported.js";
import { WorkerLink } from "./worker_link.js";
import { startWorker } from "./workers.js";

/** How a file is read. */
export interface ImportOptions {
    /** What the file is called: its extension helps to recognise the format. */
    name?: string;
    /** Where the package's parts are, if a bundler cannot find them. */
    urls?: Places;
}

/**
 * Read a file as a track in JSON, in a worker of its own: a session of SBaGen, Gnaural or SynapSeq, a session or track of
 * this engine in any of its spellings, or an audio file in which the engine kept the track that it was rendered from.
 *
 * Rejects with a `TrackError` that names the line or the place if the file cannot be read.
 */
export async function importTrack(content: string | Uint8Array | Blob, options: ImportOptions = {}): Promise<Imported> {
    requireEngine();
    const { exportWorker, fullWasm } = placesOf(options.urls);
    const bytes = typeof content === "string" || content instanceof Blob ? new Uint8Array(await new Response(content).arrayBuffer()) : content;
    const link = new WorkerLink<ExportVerbs, Measured>(startWorker(exportWorker, "realtime-backend import"));
    try {
        return await link.call("read", [bytes, options.name, fullWasm]);
    } finally {
        link.close();
    }
}
