// The session as an audio file, written while it is rendered.

import { exportTrack } from "realtime-backend";
import type { Files, Track } from "../document";

export type Format = "wav" | "flac" | "opus";

export interface Wish {
    format: Format;
    bits: 16 | 24 | 32;
    /** kbit/s of Opus. */
    quality: number;
}

/** What files can be written to as they grow (File System Access). */
interface Picked {
    createWritable(): Promise<WritableStream<Uint8Array> & { abort(): Promise<void> }>;
}
type Picker = (options: { suggestedName: string }) => Promise<Picked>;

/** Ask for the place; `undefined` where browsers only download. Rejects with an `AbortError` if the listener declines. */
export async function place(name: string): Promise<Picked | undefined> {
    const picker = (window as unknown as { showSaveFilePicker?: Picker }).showSaveFilePicker;
    return picker?.call(window, { suggestedName: name });
}

/** Render the track to `picked`, or to a blob. */
export async function exportTo(
    picked: Picked | undefined,
    track: Track,
    files: Files,
    { format, bits, quality }: Wish,
    signal: AbortSignal,
    onProgress: (share: number) => void,
): Promise<Blob | undefined> {
    const options = format === "opus" ? { format, quality } : { format, bits };
    const exported = exportTrack(track, { ...options, files, signal, onProgress });
    if (!picked) return exported.blob();
    // closes the file at the end, and throws it away when it is cancelled
    await exported.stream.pipeTo(await picked.createWritable(), { signal });
    return undefined;
}
