// The player in the browser's media controls: keys of the keyboard, of headphones and of the lock screen.

import type { Player } from "./player.js";
import { Playlist } from "./playlist.js";

/** What the controls show. */
export interface MediaTitle {
    title: string;
    artist?: string;
    album?: string;
}

/** Seconds that the controls skip, if they do not say how far. */
const SKIP_S = 10;

/**
 * Let the browser's media controls show and control `player`. One player of a page has them at a time.
 *
 * @returns A function that gives the controls back. Call it before `player.stop()`.
 */
export function useMediaSession(player: Player, shown: MediaTitle): () => void {
    const session = globalThis.navigator?.mediaSession;
    if (!session) return () => undefined;
    const go = (seconds: number) => void player.seek(Math.min(Math.max(seconds, 0), player.duration));
    const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
        ["play", () => void player.play()],
        ["pause", () => void player.pause()],
        ["stop", () => void player.pause()],
        ["seekto", ({ seekTime }) => go(seekTime ?? 0)],
        ["seekbackward", ({ seekOffset }) => go(player.position - (seekOffset ?? SKIP_S))],
        ["seekforward", ({ seekOffset }) => go(player.position + (seekOffset ?? SKIP_S))],
    ];
    if (player instanceof Playlist) {
        handlers.push(["nexttrack", () => void player.next()], ["previoustrack", () => void player.previous()]);
    }
    const show = () => {
        session.playbackState = player.state === "playing" ? "playing" : player.state === "paused" ? "paused" : "none";
        const position = Math.min(player.position, player.duration);
        session.setPositionState?.({ duration: player.duration, playbackRate: 1, position });
    };
    session.metadata = new MediaMetadata(shown);
    for (const [action, handler] of handlers) listen(session, action, handler);
    const ends = [player.on("state", show), player.on("step", show), player.on("track", show)];
    show();
    return () => {
        for (const end of ends) end();
        for (const [action] of handlers) listen(session, action, null);
        session.metadata = null;
        session.playbackState = "none";
    };
}

/** Browsers refuse actions that they do not know. */
function listen(session: MediaSession, action: MediaSessionAction, handler: MediaSessionActionHandler | null): void {
    try {
        session.setActionHandler(action, handler);
    } catch {
        // the other actions work
    }
}
