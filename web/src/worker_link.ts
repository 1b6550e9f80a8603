// Calls to the worker as promises.

import type { Problem } from "../engine/engine.js";
import type { Reply, Status, Verbs } from "./protocol.js";

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

/** A worker and the calls that it has not answered yet. */
export class WorkerLink {
    /** Number of the last call. */
    last = 0;
    readonly #worker: Worker;
    readonly #waiting = new Map<number, Waiting>();
    /** The last status that nobody has heard. */
    #early: Status | undefined;
    #onStatus: (status: Status) => void = (status) => (this.#early = status);
    #onFailure: (error: Error) => void = () => undefined;

    constructor(address: string | URL) {
        this.#worker = new Worker(address, { type: "module", name: "realtime-backend" });
        this.#worker.onmessage = ({ data }: MessageEvent<Reply | Status>) => {
            if ("status" in data) this.#onStatus(data);
            else this.#settle(data);
        };
        this.#worker.onerror = (event) => this.#fail(new Error(event.message || "the worker could not be started"));
    }

    /** Tell statuses and failures from now on, beginning with the last status. */
    listen(onStatus: (status: Status) => void, onFailure: (error: Error) => void): void {
        this.#onStatus = onStatus;
        this.#onFailure = onFailure;
        if (this.#early) onStatus(this.#early);
    }

    call<V extends keyof Verbs>(
        verb: V,
        given: Parameters<Verbs[V]>,
        handOver: Transferable[] = [],
    ): Promise<ReturnType<Verbs[V]>> {
        const id = ++this.last;
        return new Promise((resolve, reject) => {
            this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
            this.#worker.postMessage({ id, verb, arguments: given }, handOver);
        });
    }

    close(): void {
        this.#worker.terminate();
        this.#rejectAll(new Error("the player was stopped"));
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
