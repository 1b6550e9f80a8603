// Binaural beats, isochronic tones and other entrainment audio in the browser.

import type { Track } from "./files.js";
import { loadTrack, open } from "./opening.js";
import type { PlayerOptions } from "./options.js";
import { Player } from "./player.js";
import { Playlist, type PlaylistOptions } from "./playlist.js";

export type { EngineOptions, Problem } from "../engine/engine.js";
export type { Imported } from "../engine/full.js";
export type { PlayerEvents } from "./events.js";
export { type Export, type ExportOptions, exportTrack } from "./exporting.js";
export type { Files, Track } from "./files.js";
export { type ImportOptions, importTrack } from "./importing.js";
export { type MediaTitle, useMediaSession } from "./media_session.js";
export type { PlayerOptions } from "./options.js";
export { wakeOutput } from "./output.js";
export type { Places } from "./places.js";
export type { Player } from "./player.js";
export type { Playlist, PlaylistOptions } from "./playlist.js";
export type { State, Stats } from "./protocol.js";
export { TrackError } from "./worker_link.js";

/**
 * Get ready to play a track (an object, JSON text, or an address), paused at its start.
 *
 * Rejects with a `TrackError` that names the place (`progression[0].voices[0].params.beatFreq: expected a number, ...`)
 * if the track cannot be played as written.
 */
export async function createPlayer(track: Track, options: PlayerOptions = {}): Promise<Player> {
    return new Player(await open(options, (link) => loadTrack(link, track, options))).begin();
}

/**
 * Get ready to play several tracks in turn, paused at the start of the first one that can be played. The others are read
 * when it is their turn; the next one is prepared while one plays.
 *
 * Rejects if no track can be played, with the error of the last one.
 */
export async function createPlaylist(tracks: Iterable<Track>, options: PlaylistOptions = {}): Promise<Playlist> {
    return Playlist.create(tracks, options);
}
