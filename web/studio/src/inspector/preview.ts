// A few seconds of a voice, to hear what it is.

import { signal } from "@preact/signals";
import { createPlayer, type Player } from "realtime-backend";
import type { Voice } from "../document";
import type { Engine } from "../engine";
import { sample } from "../timeline/voice_edits";

const SECONDS = 6;

export class Preview {
    /** What is heard, by the name it was given. */
    readonly playing = signal<string | undefined>(undefined);
    /** Why nothing is heard. */
    readonly failure = signal<string | undefined>(undefined);
    #player: Player | undefined;
    #turn = 0;
    #resumes = false;

    constructor(private readonly engine: Engine) {}

    /** Play a voice instead of the track; once more: end it. */
    async toggle(name: string, voice: Voice): Promise<void> {
        const again = this.playing.peek() === name;
        const turn = ++this.#turn;
        this.#stop();
        if (again) return;
        this.playing.value = name;
        this.failure.value = undefined;
        if (this.engine.state.peek() === "playing") {
            this.#resumes = true;
            void this.engine.pause();
        }
        try {
            const { context, output } = this.engine;
            const volume = this.engine.volume.peek();
            const player = await createPlayer(sample(voice, SECONDS), { context, destination: output, volume, startupFade: 0, onError: "warn" });
            if (turn !== this.#turn) return void player.stop();
            this.#player = player;
            player.onFinished(() => {
                if (turn === this.#turn) this.#stop();
            });
            await player.play();
        } catch (error) {
            if (turn !== this.#turn) return;
            this.playing.value = undefined;
            this.failure.value = (error as Error).message;
        }
    }

    #stop(): void {
        this.playing.value = undefined;
        void this.#player?.stop();
        this.#player = undefined;
    }

    /** Silence, and the track goes on if it was interrupted. */
    leave(): void {
        this.#turn++;
        this.#stop();
        if (this.#resumes) void this.engine.play();
        this.#resumes = false;
    }
}
