// The picture of a track as a PNG, for the lock screen.

import { render } from "preact";
import type { Track } from "../document";
import { Picture } from "../library/picture";

const SIZE = 512;
let last: string | undefined;

/** A `blob:` address, valid until the next call; nothing if the browser cannot draw it. */
export async function artwork(track: Track): Promise<string | undefined> {
    const holder = document.createElement("div");
    render(<Picture track={track} />, holder);
    const svg = holder.querySelector("svg");
    if (!svg) return undefined;
    svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    svg.setAttribute("width", String(SIZE));
    svg.setAttribute("height", String(SIZE));
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg.outerHTML)}`;
    render(null, holder);
    try {
        await image.decode();
        const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
        canvas.getContext("2d")?.drawImage(image, 0, 0, SIZE, SIZE);
        const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
        if (!blob) return undefined;
        if (last) URL.revokeObjectURL(last);
        return (last = URL.createObjectURL(blob));
    } catch {
        return undefined;
    }
}
