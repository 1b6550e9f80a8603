// A track in a link: its JSON, deflated, in the fragment, which browsers do not send to the server.

import type { Track } from "../document";
import type { Item } from "../engine";
import { t } from "../i18n";
import { Refused } from "../refused";

const MARK = "#shared=";
/** The same without compression, from browsers that have none. */
const PLAIN = "#plain=";
/** Bytes of JSON that a link may unfold to. */
const MOST = 32 * 2 ** 20;

async function through(bytes: Uint8Array, stream: GenericTransformStream, most = Infinity): Promise<Uint8Array> {
    const reader = new Blob([bytes as BlobPart]).stream().pipeThrough(stream).getReader() as ReadableStreamDefaultReader<Uint8Array>;
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        size += value.length;
        if (size > most) throw new Error("the link holds too much");
        parts.push(value);
    }
    return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** The link that opens this track in the studio at `page`. Audio files are not in it. */
export async function linkTo(title: string, track: Track, page: string = location.origin + location.pathname): Promise<string> {
    const text = new TextEncoder().encode(JSON.stringify({ title, track }));
    const canPack = "CompressionStream" in globalThis;
    const packed = canPack ? await through(text, new CompressionStream("deflate-raw")) : text;
    let binary = "";
    for (const byte of packed) binary += String.fromCharCode(byte);
    const code = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    return page + (canPack ? MARK : PLAIN) + code;
}

/** The track of a link, if `address` is one; rejects if it is broken. */
export function shared(address: string): Promise<Item> | undefined {
    const link = address.trim();
    const mark = [MARK, PLAIN].find((one) => link.includes(one));
    if (mark === undefined || !/^\S+$/.test(link)) return undefined;
    const code = link.slice(link.indexOf(mark) + mark.length).replaceAll("-", "+").replaceAll("_", "/");
    return unpack(code, mark === MARK).catch((error: Error) => {
        throw new Refused(t("brokenLink", { reason: error.message }));
    });
}

async function unpack(code: string, isPacked: boolean): Promise<Item> {
    const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
    if (isPacked && !("DecompressionStream" in globalThis)) throw new Error("this browser cannot unpack links");
    const text = new TextDecoder().decode(isPacked ? await through(bytes, new DecompressionStream("deflate-raw"), MOST) : bytes);
    const { title, track } = JSON.parse(text) as { title?: unknown; track?: Track };
    if (!Array.isArray(track?.progression)) throw new Error("the link holds no track");
    return { title: typeof title === "string" ? title : "", track };
}
