// Where the listener is, from statuses that come some twenty times a second and a little late.

import type { Status } from "./protocol.js";

/** A position is not extrapolated further than this, in seconds. */
const EXTRAPOLATED_S = 0.2;

export class Playhead {
    #status: Status | undefined;
    #goal: { position: number; call: number } | undefined;
    #shown: number;

    /** At `position`; `clock` gives milliseconds since the epoch. */
    constructor(
        position: number,
        private readonly clock = () => performance.timeOrigin + performance.now(),
    ) {
        this.#shown = position;
    }

    /** Call `call` moves to `position`: stay there until that is what is heard. */
    seek(position: number, call: number): void {
        this.#shown = position;
        this.#goal = { position, call };
    }

    hear(status: Status): void {
        this.#status = status;
        if (this.#goal && status.after >= this.#goal.call) this.#goal = undefined;
        if (status.state === "stopped" || status.state === "paused") this.rest(status.position);
    }

    /** Nothing moves any more. */
    rest(position: number): void {
        if (!this.#goal) this.#shown = position;
    }

    /** Where it was last seen. */
    get shown(): number {
        return this.#shown;
    }

    /** Where it is while playing, if frames need `latency` seconds from the audio thread to the ear. */
    moving(latency: number, duration: number): number {
        const status = this.#status;
        if (!status || this.#goal) return this.#shown;
        const since = Math.min((this.clock() - status.when) / 1000, EXTRAPOLATED_S) - latency;
        const position = Math.min(Math.max(status.position + since, 0), duration);
        // the audio thread takes frames in bursts: time does not go back for that
        if (position > this.#shown || this.#shown - position > EXTRAPOLATED_S) this.#shown = position;
        return this.#shown;
    }
}
