// The sound goes on after a phone call, a night of the machine, another device or another sample rate.

import { effect } from "@preact/signals";
import type { Engine } from "../engine";

/** Milliseconds between two looks, and looks without progress until the output counts as dead. */
const [LOOK_MS, PATIENCE] = [1000, 5];

export function surviveInterruptions(engine: Engine): void {
    const resume = () => {
        const context = engine.player.peek()?.context;
        if (!context || engine.state.peek() !== "playing") return;
        if (context.state !== "running" && context.state !== "closed") context.resume().catch(() => undefined);
    };
    for (const event of ["visibilitychange", "focus", "pageshow", "pointerdown", "keydown"]) {
        window.addEventListener(event, resume, true);
    }
    navigator.mediaDevices?.addEventListener?.("devicechange", resume);
    effect(() => {
        const player = engine.player.value;
        if (!player) return;
        const { context } = player;
        context.onstatechange = () => {
            if (player !== engine.player.peek()) return;
            if (context.state === "closed") void engine.restart();
            else resume();
        };
    });
    let [seen, still] = [-1, 0];
    setInterval(() => {
        const context = engine.player.peek()?.context;
        if (!context || engine.state.peek() !== "playing") return void (still = 0);
        // a context that says it runs and does not: its device is gone
        still = context.state === "running" && context.currentTime === seen ? still + 1 : 0;
        seen = context.currentTime;
        if (context.state !== "running") resume();
        if (still < PATIENCE) return;
        still = 0;
        void engine.restart();
    }, LOOK_MS);
}
