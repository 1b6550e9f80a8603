// What a browser has to have.

/** A module with one instruction on vectors. */
const VECTORS = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

/** Throws, in words, where the engine cannot run. */
export function requireEngine(): void {
    if (globalThis.WebAssembly?.validate(Uint8Array.from(VECTORS))) return;
    throw new Error(
        "this browser cannot run the engine, which needs WebAssembly with vectors (Chrome 91, Firefox 89, Safari 16.4); " +
            "modes that lock a browser down switch it off",
    );
}

/** Throws, in words, where nothing can be played. */
export function requireOutput(): void {
    if (globalThis.isSecureContext === false) throw new Error("browsers play only on secure pages: https, or localhost");
    if ("AudioWorkletNode" in globalThis) return;
    throw new Error("this browser cannot play, which needs AudioWorklet (Chrome 66, Firefox 76, Safari 14.1)");
}
