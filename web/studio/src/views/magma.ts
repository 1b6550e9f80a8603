// Colours for levels, dark to light, evenly spaced to the eye.

const STOPS = ["#000004", "#140e36", "#3b0f70", "#641a80", "#8c2981", "#b73779", "#de4968", "#f7705c", "#fe9f6d", "#fecf92", "#fcfdbf"];

/** 256 colours as 0xAABBGGRR, for an `ImageData` seen as words. */
export function magma(): Uint32Array {
    const rows = STOPS.map((stop) => [1, 3, 5].map((at) => Number.parseInt(stop.slice(at, at + 2), 16)));
    return Uint32Array.from({ length: 256 }, (_, i) => {
        const place = (i / 255) * (rows.length - 1);
        const k = Math.min(Math.floor(place), rows.length - 2);
        const [r, g, b] = [0, 1, 2].map((axis) => Math.round(rows[k]![axis]! + (place - k) * (rows[k + 1]![axis]! - rows[k]![axis]!)));
        return ((255 << 24) | (b! << 16) | (g! << 8) | r!) >>> 0;
    });
}
