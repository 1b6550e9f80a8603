// Tracks and the files they name, fetched on the page.

import { decodedByBrowser } from "./decode.js";
import type { FileVerbs } from "./protocol.js";
import type { WorkerLink } from "./worker_link.js";

/** A track: an object, JSON text, or an address. */
export type Track = object | string | URL;

/** Content of files by the names that tracks give them. */
export type Files = Record<string, ArrayBuffer | ArrayBufferView | Blob>;

/** A track's JSON text, and what relative names in it count from. */
export interface Source {
    text: string;
    base: string | undefined;
}

/** The JSON text of a track that is not given by its address. */
export function textOf(track: Track): string | undefined {
    if (typeof track === "string") return /^\s*[[{]/.test(track) ? track : undefined;
    return track instanceof URL ? undefined : JSON.stringify(track);
}

/** The JSON text of a track given as an object, as text, or by its address. */
export async function readTrack(track: Track): Promise<Source> {
    const text = textOf(track);
    if (text === undefined) {
        const address = new URL(track as string | URL, globalThis.location?.href);
        const answer = await fetch(address);
        if (!answer.ok) throw new Error(`${address.href}: ${answer.status} ${answer.statusText}`);
        return { text: await answer.text(), base: address.href };
    }
    return { text, base: globalThis.location?.href };
}

/** The content of the file that a track calls `name`; `undefined` if there is none. */
async function readFile(name: string, files: Files, base: string | undefined): Promise<ArrayBuffer | undefined> {
    const given = files[name] ?? files[name.split(/[\\/]/).pop() ?? name];
    if (given !== undefined) return new Response(given as BodyInit).arrayBuffer();
    try {
        const answer = await fetch(new URL(name, base));
        return answer.ok ? await answer.arrayBuffer() : undefined;
    } catch {
        return undefined; // the engine says which file is missing, and what for
    }
}

/** Hand the engine the files that a track names, and those that they name in turn. */
export async function insertFiles<V extends FileVerbs, S extends object>(
    worker: WorkerLink<V, S>,
    text: string,
    files: Files,
    base: string | undefined,
): Promise<void> {
    const link = worker as unknown as WorkerLink<FileVerbs>; // of its verbs, these are used
    const tried = new Set<string>();
    for (;;) {
        const wanted = (await link.call("wantedFiles", [text])).filter((name) => !tried.has(name));
        if (wanted.length === 0) return;
        for (const name of wanted) {
            tried.add(name);
            await insertFile(link, name, () => readFile(name, files, base));
        }
    }
}

async function insertFile(link: WorkerLink<FileVerbs>, name: string, read: () => Promise<ArrayBuffer | undefined>): Promise<void> {
    const bytes = await read();
    // handed over: files can be large, and a copy would stay here for a while
    if (!bytes || (await link.call("insertFile", [name, bytes], [bytes]))) return;
    const again = await read();
    const wav = again && (await decodedByBrowser(again));
    // if nobody can read the file, the engine says what is wrong with it
    if (wav) await link.call("insertFile", [name, wav], [wav]);
}
