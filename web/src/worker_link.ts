// Calls to the worker as promises.

import type { Problem } from "../engine/engine.js";
import type { FileVerbs, Reply, Status, Verbs } from "./protocol.js";

/** The track is to blame; `problems` says where. */
export class TrackError extends Error {
    override readonly name = "TrackError";

    constructor(
        message: string,
        readonly problems: Problem[],
    ) {
        super(message);
    }
}

type Waiting = { resolve(result: unknown): void; reject(error: Error): void };

/** Arguments and result of a verb. */
type Given<F> = F extends (...given: infer G) => unknown ? G : never;
type Result<F> = F extends (...given: never[]) => infer R ? Awaited<R> : never;

/** A worker with the verbs `V`, which also says `S`, and the calls that it has not answered yet. */
export class WorkerLink<V extends FileVerbs = Verbs, S extends object = Status> {
    /** Number of the last call. */
    last = 0;
    readonly #worker: Worker;
    readonly #waiting = new Map<number, Waiting>();
    /** The last status that nobody has heard. */
    #early: S | undefined;
    #onStatus: (status: S) => void = (status) => (this.#early = status);
    #onFailure: (error: Error) => void = () => undefined;

    constructor(worker: Worker) {
        this.#worker = worker;
        this.#worker.onmessage = ({ data }: MessageEvent<Reply | S>) => {
            if ("id" in data) this.#settle(data);
            else this.#onStatus(data);
        };
        this.#worker.onerror = (event) => this.#fail(new Error(event.message || "the worker could not be started"));
    }

    /** Tell statuses and failures from now on, beginning with the last status. */
    listen(onStatus: (status: S) => void, onFailure: (error: Error) => void): void {
        this.#onStatus = onStatus;
        this.#onFailure = onFailure;
        if (this.#early) onStatus(this.#early);
    }

    call<K extends keyof V>(
        verb: K,
        given: Given<V[K]>,
        handOver: Transferable[] = [],
    ): Promise<Result<V[K]>> {
        const id = ++this.last;
        return new Promise<Result<V[K]>>((resolve, reject) => {
            this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
            this.#worker.postMessage({ id, verb, arguments: given }, handOver);
        });
    }

    close(): void {
        this.#worker.terminate();
        this.#rejectAll(new Error("the worker was stopped"));
    }

    #settle({ id, result, error }: Reply): void {
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (!error) waiting?.resolve(result);
        else if (error.problems) waiting?.reject(new TrackError(error.message, error.problems));
        else {
            waiting?.reject(new Error(error.message));
            // a trap: the engine's memory cannot be trusted any more
            if (error.name === "RuntimeError") this.#fail(new Error(`the engine stopped: ${error.message}`));
        }
    }

    #fail(error: Error): void {
        this.#rejectAll(error);
        this.#onFailure(error);
    }

    #rejectAll(error: Error): void {
        for (const waiting of this.#waiting.values()) waiting.reject(error);
        this.#waiting.clear();
    }
}
