// Keep the screen on while something plays, if the listener wants it and the browser may.

import { effect, type Signal, signal } from "@preact/signals";
import type { Engine } from "../engine";
import { remember, remembered } from "../keep/settings";

const KEPT = "screen";
export const keepScreen: Signal<boolean> = signal(remembered(KEPT) === "on");
export const canKeepScreen = "wakeLock" in navigator;

export function useWakeLock(engine: Engine): void {
    if (!canKeepScreen) return;
    let lock: WakeLockSentinel | undefined;
    let wanted = false;
    const ask = async () => {
        if (!wanted || lock || document.visibilityState !== "visible") return;
        try {
            lock = await navigator.wakeLock.request("screen");
            // the browser lets go of it when the page is hidden
            lock.addEventListener("release", () => (lock = undefined));
            if (!wanted) await lock.release();
        } catch {
            // low battery, or not allowed: the screen goes dark and the sound plays on
        }
    };
    effect(() => {
        remember(KEPT, keepScreen.value ? "on" : "off");
        wanted = keepScreen.value && engine.state.value === "playing";
        if (wanted) void ask();
        else void lock?.release();
    });
    document.addEventListener("visibilitychange", () => void ask());
}
