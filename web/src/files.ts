// Tracks and the files they name, fetched on the page.

/** Content of files by the names that tracks give them. */
export type Files = Record<string, ArrayBuffer | ArrayBufferView | Blob>;

/** A track's JSON text, and what relative names in it count from. */
export interface Source {
    text: string;
    base: string | undefined;
}

/** The JSON text of a track given as an object, as text, or by its address. */
export async function readTrack(track: object | string | URL): Promise<Source> {
    if (track instanceof URL || (typeof track === "string" && !/^\s*[[{]/.test(track))) {
        const address = new URL(track, globalThis.location?.href);
        const answer = await fetch(address);
        if (!answer.ok) throw new Error(`${address.href}: ${answer.status} ${answer.statusText}`);
        return { text: await answer.text(), base: address.href };
    }
    return { text: typeof track === "string" ? track : JSON.stringify(track), base: globalThis.location?.href };
}

/** The content of the file that a track calls `name`; `undefined` if there is none. */
export async function readFile(name: string, files: Files, base: string | undefined): Promise<ArrayBuffer | undefined> {
    const given = files[name] ?? files[name.split(/[\\/]/).pop() ?? name];
    if (given !== undefined) return new Response(given as BodyInit).arrayBuffer();
    try {
        const answer = await fetch(new URL(name, base));
        return answer.ok ? await answer.arrayBuffer() : undefined;
    } catch {
        return undefined; // the engine says which file is missing, and what for
    }
}
