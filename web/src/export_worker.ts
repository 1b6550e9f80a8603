// The thread that renders a file, or reads one.

import initialise, { Exporter, type FileOptions, type Imported, importTrack } from "../engine/full.js";
import type { EngineOptions } from "../engine/engine.js";
import { answered } from "./answer.js";
import type { Call, ExportVerbs, Measured } from "./protocol.js";

const page = self as unknown as { postMessage(message: unknown, handOver?: Transferable[]): void; onmessage: unknown };
/** Least seconds between two reports of the measurement. */
const REPORT_S = 0.05;

class ExportHost implements ExportVerbs {
    #exporter: Exporter | undefined;

    async open(options: EngineOptions, file: FileOptions, module: string): Promise<void> {
        await initialise({ module_or_path: module });
        this.#exporter = new Exporter(options, file);
    }

    async read(content: Uint8Array, name: string | undefined, module: string): Promise<Imported> {
        await initialise({ module_or_path: module });
        return importTrack(content, name);
    }

    wantedFiles(track: string): string[] {
        return this.#ready().wantedFiles(track);
    }

    insertFile(path: string, bytes: ArrayBuffer): boolean {
        return this.#ready().insertFile(path, new Uint8Array(bytes));
    }

    begin(track: string): void {
        let told = 0;
        this.#ready().begin(track, (measured: number) => {
            if (performance.now() - told < 1000 * REPORT_S) return;
            told = performance.now();
            page.postMessage({ measured } satisfies Measured);
        });
    }

    take(): [Uint8Array<ArrayBuffer>, number] | undefined {
        const exporter = this.#ready();
        const bytes = exporter.take() as Uint8Array<ArrayBuffer> | undefined;
        return bytes && [bytes, exporter.done];
    }

    #ready(): Exporter {
        if (!this.#exporter) throw new Error("the exporter is not open");
        return this.#exporter;
    }
}

const host = new ExportHost();
// one call after the other, in the order in which they came
let queue = Promise.resolve();
page.onmessage = ({ data }: MessageEvent<Call>) => {
    queue = queue.then(async () => {
        const reply = await answered(host, data);
        const [bytes] = data.verb === "take" && reply.result ? (reply.result as [Uint8Array<ArrayBuffer>]) : [];
        page.postMessage(reply, bytes ? [bytes.buffer] : []);
    });
};
