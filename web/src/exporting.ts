// Renders a track to a file: a stream of bytes that a worker makes as they are taken.

import type { EngineOptions } from "../engine/engine.js";
import type { FileOptions } from "../engine/full.js";
import { type Files, insertFiles, readTrack, type Track } from "./files.js";
import { baseOf, engineOptions } from "./options.js";
import { type Places, placesOf } from "./places.js";
import type { ExportVerbs, Measured } from "./protocol.js";
import { requireEngine } from "./supported.js";
import { WorkerLink } from "./worker_link.js";
import { startWorker } from "./workers.js";

/** How a track is written to a file. Times are seconds. */
export interface ExportOptions extends FileOptions, Pick<EngineOptions, "compat" | "seed" | "onError"> {
    /** Sample rate in Hz; default: that of the track. Opus files are always at 48000 Hz. */
    rate?: number;
    /** Audio and noise files by the names that the track gives them; others are fetched. */
    files?: Files;
    /** What relative names of files count from; default: the track's address, or the page's. */
    baseUrl?: string | URL;
    /** Stops the export; the stream then has the error `signal.reason`. */
    signal?: AbortSignal;
    /** Is told the share of the work that is done, 0 to 1. */
    onProgress?: (fraction: number) => void;
    /** Where the package's parts are, if a bundler cannot find them. */
    urls?: Places;
}

/** A file that is being rendered. Take either the stream or the blob. */
export interface Export {
    /** The bytes. Rendering waits for the reader; cancelling the stream stops it. */
    readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
    /** The media type of the file. */
    readonly type: string;
    /** The whole file. */
    blob(): Promise<Blob>;
}

/** Share of the work that goes into measuring the track. */
const MEASURING = 0.5;
/** Pieces of about three seconds that are ready before they are taken. */
const AHEAD = 2;
/** Bytes that `blob` collects before it hands them to the browser, which may keep them on the disk. */
const COLLECTED = 1 << 24;
const TYPES = { wav: "audio/wav", flac: "audio/flac", opus: "audio/ogg; codecs=opus" };

/**
 * Render a track (an object, JSON text, or an address) to a file, in a worker of its own, in pieces. Errors, such as a
 * `TrackError` that names the place, come out of the stream or the blob.
 */
export function exportTrack(track: Track, options: ExportOptions): Export {
    const stream = new ReadableStream(new Rendering(track, options), { highWaterMark: AHEAD });
    const type = TYPES[options.format] ?? "application/octet-stream";
    return { stream, type, blob: () => collected(stream, type) };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** The source of the stream. */
class Rendering implements UnderlyingDefaultSource<Bytes> {
    #link: WorkerLink<ExportVerbs, Measured> | undefined;
    #abandon: (() => void) | undefined;

    constructor(
        private readonly track: Track,
        private readonly options: ExportOptions,
    ) {}

    async start(controller: ReadableStreamDefaultController<Bytes>): Promise<void> {
        const { signal } = this.options;
        signal?.throwIfAborted();
        requireEngine();
        this.#abandon = () => {
            controller.error(signal?.reason);
            this.cancel();
        };
        signal?.addEventListener("abort", this.#abandon);
        try {
            await this.#begin();
        } catch (error) {
            this.cancel();
            throw error;
        }
    }

    async #begin(): Promise<void> {
        const { track, options } = this;
        const { exportWorker, fullWasm } = placesOf(options.urls);
        const link = new WorkerLink<ExportVerbs, Measured>(startWorker(exportWorker, "realtime-backend export"));
        this.#link = link;
        link.listen(
            ({ measured }) => this.#tell(MEASURING * measured),
            () => undefined,
        );
        const { format, bits, quality, start, duration } = options;
        await link.call("open", [
            engineOptions(options, options.rate),
            { format, bits, quality, start, duration },
            fullWasm,
        ]);
        const { text, base } = await readTrack(track);
        await insertFiles(link, text, options.files ?? {}, baseOf(options, base));
        await link.call("begin", [text]);
        this.#tell(MEASURING);
    }

    async pull(controller: ReadableStreamDefaultController<Bytes>): Promise<void> {
        if (!this.#link) return;
        try {
            const piece = await this.#link.call("take", []);
            if (!piece) {
                this.cancel();
                controller.close();
                return;
            }
            const [bytes, done] = piece;
            controller.enqueue(bytes);
            this.#tell(MEASURING + (1 - MEASURING) * done);
        } catch (error) {
            this.cancel();
            throw error;
        }
    }

    cancel(): void {
        if (this.#abandon) this.options.signal?.removeEventListener("abort", this.#abandon);
        this.#link?.close();
        this.#link = undefined;
    }

    #tell(fraction: number): void {
        this.options.onProgress?.(fraction);
    }
}

async function collected(stream: ReadableStream<Bytes>, type: string): Promise<Blob> {
    const reader = stream.getReader();
    const parts: Blob[] = [];
    let fresh: Bytes[] = [];
    let size = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (value) {
            fresh.push(value);
            size += value.length;
        }
        if (done || size >= COLLECTED) {
            parts.push(new Blob(fresh));
            fresh = [];
            size = 0;
        }
        if (done) return new Blob(parts, { type });
    }
}
