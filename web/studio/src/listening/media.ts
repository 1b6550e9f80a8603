// The lock screen and the keys of keyboards and headphones.

import { effect } from "@preact/signals";
import { useMediaSession } from "realtime-backend";
import type { Engine } from "../engine";
import { t } from "../i18n";
import { artwork } from "./artwork";

/** Seconds of the silent file: browsers give no controls to sounds below five seconds. */
const SILENCE_S = 10;
const RATE = 8000;
/** Seconds that the controls skip, if they do not say how far. */
const SKIP_S = 10;

/** A moment in which the page rests; Safari does not tell. */
function idle(): Promise<unknown> {
    return new Promise((done) => ("requestIdleCallback" in window ? window.requestIdleCallback(done, { timeout: 2000 }) : setTimeout(done, 500)));
}

/** A WAV file of silence: systems know only elements that play, so one plays beside the engine. */
function silence(): string {
    const size = SILENCE_S * RATE;
    const bytes = new Uint8Array(44 + size).fill(128, 44);
    const view = new DataView(bytes.buffer);
    const word = (at: number, text: string) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
    word(0, "RIFF");
    view.setUint32(4, 36 + size, true);
    word(8, "WAVEfmt ");
    view.setUint32(16, 16, true);
    view.setUint16(20, 1, true);
    view.setUint16(22, 1, true);
    view.setUint32(24, RATE, true);
    view.setUint32(28, RATE, true);
    view.setUint16(32, 1, true);
    view.setUint16(34, 8, true);
    word(36, "data");
    view.setUint32(40, size, true);
    return URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
}

export function showOnLockScreen(engine: Engine): void {
    // on iPhones: sound in spite of the silent switch, and with the screen locked
    const { audioSession } = navigator as Navigator & { audioSession?: { type: string } };
    if (audioSession) audioSession.type = "playback";
    if (!("mediaSession" in navigator)) return;
    const audio = new Audio();
    audio.loop = true;
    let ours = false;
    audio.addEventListener("pause", () => {
        // headphones were pulled out, or another program took over
        if (!ours && engine.state.peek() === "playing") void engine.pause();
        ours = false;
    });
    const accompany = () => {
        if (engine.state.peek() !== "playing") return;
        if (!audio.src) audio.src = silence();
        // where the click that began to play is too long ago, the next one will do
        audio.play().catch(() => window.addEventListener("click", accompany, { once: true }));
    };
    effect(() => {
        if (engine.state.value === "playing") {
            accompany();
        } else if (!audio.paused) {
            ours = true;
            audio.pause();
        }
    });
    effect(() => {
        const player = engine.player.value;
        const title = engine.document.title.value || t("untitled");
        if (!player) return;
        const end = useMediaSession(player, { title, artist: t("studio") });
        // through the engine, so that the page shows what was done
        const by = (seconds: number) => void engine.seek(player.position + seconds);
        const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
            ["play", () => void engine.play()],
            ["pause", () => void engine.pause()],
            ["seekto", ({ seekTime }) => void engine.seek(seekTime ?? 0)],
            ["seekbackward", ({ seekOffset }) => by(-(seekOffset ?? SKIP_S))],
            ["seekforward", ({ seekOffset }) => by(seekOffset ?? SKIP_S)],
        ];
        for (const [action, handler] of handlers) {
            try {
                navigator.mediaSession.setActionHandler(action, handler);
            } catch {
                // browsers refuse actions that they do not know
            }
        }
        // drawn when nothing else is to be done: first the session sounds and is seen
        void idle()
            .then(() => artwork(engine.document.track.peek()))
            .then((src) => {
                const shown = navigator.mediaSession.metadata;
                if (src && shown?.title === title) shown.artwork = [{ src, sizes: "512x512", type: "image/png" }];
            });
        return end;
    });
}
