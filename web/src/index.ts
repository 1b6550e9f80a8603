// Binaural beats, isochronic tones and other entrainment audio in the browser.

import { Player, type Track } from "./player.js";
import type { PlayerOptions } from "./options.js";

export type { EngineOptions, Problem } from "../engine/engine.js";
export type { PlayerEvents } from "./events.js";
export type { Files } from "./files.js";
export { type MediaTitle, useMediaSession } from "./media_session.js";
export type { PlayerOptions } from "./options.js";
export type { Player, Track } from "./player.js";
export type { State, Stats } from "./protocol.js";
export { TrackError } from "./worker_link.js";

/**
 * Get ready to play a track (an object, JSON text, or an address), paused at its start.
 *
 * Rejects with a `TrackError` that names the place (`progression[0].voices[0].params.beatFreq: expected a number, ...`)
 * if the track cannot be played as written.
 */
export function createPlayer(track: Track, options?: PlayerOptions): Promise<Player> {
    return Player.create(track, options);
}
