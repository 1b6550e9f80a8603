// Files, pasted text and links, read as tracks.

import { importTrack } from "realtime-backend";
import type { Files, Track } from "../document";
import type { Item } from "../engine";
import { t } from "../i18n";
import { Refused } from "../refused";

const AUDIO = /\.(wav|wave|aiff?|aifc|au|snd|flac|mp3|ogg|oga|opus|m4a|aac|webm|sofa)$/i;
const FOREIGN = /\.(sbg|sbagen|gnaural|xml|spsq)$/i;
/** Files that exports keep the track in, up to a size that is read for it. */
const KEEPS_TRACK = /\.(wav|flac|opus|ogg)$/i;
const MOST_BYTES = 2 ** 28;
/** Size of a session: those of forty thousand steps have 25 MB. */
const MOST_TEXT = 2 ** 26;
/** Size of the audio files of a session: while they are handed over, page and engine need more than three times that. */
const MOST_AUDIO = 2 ** 30;
/** Minutes of a bed that is opened by itself. */
const BED_MIN = 30;
const OLD_NAMES: [string, string][] = [
    ["global_settings", "global"],
    ["steps", "progression"],
    ["clips", "overlay_clips"],
];

const stem = (name: string) => name.replace(/\.[^.]+$/, "");

/** The spellings of older files that the page itself reads; the engine knows more. */
function modern(value: Record<string, unknown>): Track {
    const track = { ...value };
    for (const [old, name] of OLD_NAMES) {
        if (name in track || !(old in track)) continue;
        track[name] = track[old];
        delete track[old];
    }
    return track as unknown as Track;
}

/** JSON text as a track. */
function fromJson(text: string, name: string): Item {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch (error) {
        throw new Refused(t("notJson", { name, reason: (error as Error).message }));
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refused(t("notTrack", { name }));
    const track = modern(value as Record<string, unknown>);
    if (!Array.isArray(track.progression)) throw new Refused(t("notTrack", { name }));
    const named = (track.metadata as { title?: unknown } | undefined)?.title;
    return { title: typeof named === "string" && named !== "" ? named : stem(name), track };
}

/** A `.noise` file as a track: half an hour of it. */
function fromNoise(text: string, name: string): Item {
    const { track } = fromJson(`{"progression": [], "params": ${text}}`, name);
    const params = track["params"] as Record<string, unknown>;
    const step = { duration: 60 * BED_MIN, description: stem(name), voices: [] };
    const bed = { amp: 0.3, fade_in: 5, fade_out: 10, params };
    return {
        title: stem(name),
        track: { global: { sample_rate: 44100, compat: "intended" }, progression: [step], background_noise: bed },
    };
}

/** What the engine reads from a file: sessions of other programs, and other spellings of its own. */
async function translated(content: string | Blob, name: string): Promise<Item> {
    const { track } = await importTrack(content, { name });
    return { title: stem(name), track: modern(track as Record<string, unknown>) };
}

/** A session of SBaGen, Gnaural or SynapSeq. */
async function fromForeign(content: string | Blob, name: string): Promise<Item> {
    try {
        return await translated(content, name);
    } catch (error) {
        throw new Refused(t("notSession", { name, reason: (error as Error).message }));
    }
}

const inMega = (bytes: number) => Math.ceil(bytes / 2 ** 20);

/** Refuse what is too large to be a session, before it is read. */
export function bounded<Text extends { name: string; size: number }>(text: Text): Text {
    if (text.size <= MOST_TEXT) return text;
    throw new Refused(t("fileTooLarge", { name: text.name, size: inMega(text.size), limit: inMega(MOST_TEXT) }));
}

/** Refuse audio files that are too large for the memory, one or all of them, before they are read. */
export function boundedAudio(files: Files): void {
    const sizes = Object.entries(files).map(([name, { size }]) => ({ name, size }));
    const one = sizes.find(({ size }) => size > MOST_AUDIO);
    const limit = inMega(MOST_AUDIO);
    if (one) throw new Refused(t("audioTooLarge", { name: one.name, size: inMega(one.size), limit }));
    const all = sizes.reduce((sum, { size }) => sum + size, 0);
    if (all > MOST_AUDIO) throw new Refused(t("allTooLarge", { count: sizes.length, size: inMega(all), limit }));
}

/** Seconds of an audio file, as far as the browser can tell. */
function secondsOf(file: Blob): Promise<number | undefined> {
    return new Promise((resolve) => {
        const audio = new Audio();
        const address = URL.createObjectURL(file);
        const done = (seconds: number | undefined) => {
            URL.revokeObjectURL(address);
            resolve(seconds);
        };
        audio.onloadedmetadata = () => done(Number.isFinite(audio.duration) ? audio.duration : undefined);
        audio.onerror = () => done(undefined);
        audio.preload = "metadata";
        audio.src = address;
    });
}

/** The track that an audio file was rendered from, if the file keeps it; else a track that plays the file. */
async function fromAudio(file: File): Promise<Item> {
    if (KEEPS_TRACK.test(file.name) && file.size < MOST_BYTES) {
        const kept = await translated(file, file.name).catch(() => undefined);
        if (kept) return kept;
    }
    const seconds = (await secondsOf(file)) ?? 600;
    const step = { duration: Math.max(1, Math.round(1000 * seconds) / 1000), description: stem(file.name), voices: [] };
    const clip = { file_path: file.name, start: 0, amp: 1, description: stem(file.name) };
    const track = { global: { sample_rate: 44100, compat: "intended" }, progression: [step], overlay_clips: [clip] };
    return { title: stem(file.name), track, files: { [file.name]: file } };
}

export const isAudio = (file: File) => AUDIO.test(file.name) || file.type.startsWith("audio/");

/** Text that was pasted or fetched. */
export async function fromText(text: string, name: string): Promise<Item> {
    if (/\.noise$/i.test(name)) return fromNoise(text, name);
    if (/^\s*[[{]/.test(text) || /\.json$/i.test(name)) {
        const isBed = /"noise_parameters"|"lfo_waveform"/.test(text) && !/"(progression|steps)"/.test(text);
        return isBed ? fromNoise(text, name) : fromJson(text, name);
    }
    return fromForeign(text, name);
}

/**
 * Tracks in turn, and the audio files that belong to them; audio alone becomes a track. Tracks go before beds: a `.noise`
 * file beside a track is a file of it.
 */
export async function fromFiles(list: Iterable<File>): Promise<Item[]> {
    const all = [...list];
    const isTrack = (file: File) => /\.json$/i.test(file.name) || FOREIGN.test(file.name);
    let tracks = all.filter(isTrack);
    if (tracks.length === 0) tracks = all.filter((file) => /\.noise$/i.test(file.name));
    const files: Files = Object.fromEntries(all.filter((file) => !tracks.includes(file)).map((file) => [file.name, file]));
    boundedAudio(files);
    if (tracks.length > 0) {
        return Promise.all(
            tracks.map(async (file) => {
                const foreign = FOREIGN.test(file.name);
                const item = foreign
                    ? await fromForeign(bounded(file), file.name)
                    : await fromText(await bounded(file).text(), file.name);
                return { ...item, files };
            }),
        );
    }
    const audio = all.filter(isAudio);
    if (audio.length === 0) throw new Refused(t("unknownFile", { name: all[0]?.name ?? "" }));
    return Promise.all(audio.map(fromAudio));
}
