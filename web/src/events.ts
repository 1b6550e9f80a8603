// What can be listened to.

import type { State } from "./protocol.js";

/** The events, and what a listener is given. */
export interface PlayerEvents {
    /** Some 20 times a second while playing. */
    progress: (position: number, duration: number) => void;
    /** Another step begins to sound. */
    step: (index: number) => void;
    /** Another track of a `Playlist` begins to sound: its index in the list. */
    track: (index: number) => void;
    /** The last sample has been heard. */
    finished: () => void;
    /** The state is another one. */
    state: (state: State) => void;
    /** The sound was interrupted for the first time, because rendering was too slow. More sound is kept ready from then on. */
    slow: () => void;
    /** An edit was refused, or the engine failed. */
    error: (message: string) => void;
}

export class Listeners {
    readonly #sets: { [E in keyof PlayerEvents]: Set<PlayerEvents[E]> } = {
        progress: new Set(),
        step: new Set(),
        track: new Set(),
        finished: new Set(),
        state: new Set(),
        slow: new Set(),
        error: new Set(),
    };

    /** Returns a function that ends it. */
    add<E extends keyof PlayerEvents>(event: E, listener: PlayerEvents[E]): () => void {
        this.#sets[event].add(listener);
        return () => void this.#sets[event].delete(listener);
    }

    tell<E extends keyof PlayerEvents>(event: E, ...given: Parameters<PlayerEvents[E]>): void {
        for (const listener of [...this.#sets[event]]) {
            (listener as (...given: Parameters<PlayerEvents[E]>) => void)(...given);
        }
    }
}
