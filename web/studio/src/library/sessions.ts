// The sessions that come with the studio.

import type { Track } from "../document";
import { type Key, ofSession } from "../i18n";

export interface Own {
    id: string;
    title: Key;
    about: Key;
}

export const SESSIONS: Own[] = [
    { id: "sleep", title: "sleepTitle", about: "sleepAbout" },
    { id: "nap", title: "napTitle", about: "napAbout" },
    { id: "meditation", title: "meditationTitle", about: "meditationAbout" },
    { id: "focus", title: "focusTitle", about: "focusAbout" },
    { id: "study40", title: "studyTitle", about: "studyAbout" },
    { id: "walk", title: "walkTitle", about: "walkAbout" },
];

const read = new Map<string, Promise<Track>>();

/** The track of a session; read once. */
export function ownTrack(id: string): Promise<Track> {
    let track = read.get(id);
    if (!track) {
        track = fetch(new URL(`sessions/${id}.json`, document.baseURI)).then((answer) => {
            if (!answer.ok) throw new Error(`sessions/${id}.json: ${answer.status} ${answer.statusText}`);
            return answer.json() as Promise<Track>;
        });
        track.catch(() => read.delete(id));
        read.set(id, track);
    }
    return track;
}

/** The same track with the names of its steps and voices in the language of the listener. */
export function spokenTrack(track: Track): Track {
    const named = <T extends { description?: string }>(one: T): T => (one.description ? { ...one, description: ofSession(one.description) } : one);
    const progression = track.progression.map((step) => ({ ...named(step), ...(step.voices && { voices: step.voices.map(named) }) }));
    return { ...track, progression };
}

/** Seconds of a track: its steps overlap by their crossfades. */
export function lengthOf(track: Track): number {
    const fade = track.global?.crossfade_duration ?? 1;
    const overlap = (track.global?.crossfade_overlap as number | undefined) ?? 1;
    const steps = track.progression;
    return steps.reduce((sum, step, index) => {
        const shared = index + 1 < steps.length ? (step.crossfade_duration ?? fade) * overlap : 0;
        return Math.max(0, sum + step.duration - shared);
    }, 0);
}
