// How long frames take from the audio thread to the ear.

/** What Firefox on Linux says over PulseAudio, in seconds. */
const X11_S = 0.045;
const AGENT = globalThis.navigator?.userAgent ?? "";

/**
 * Seconds from the audio thread to the ear, as far as the browser `agent` says them.
 *
 * Firefox on Linux is not asked. There, reading `outputLatency` holds a lock that the audio thread needs and waits for a lock of
 * the sound server that is held until the audio thread is done: the page stands still for good, once in some 20 starts under load
 * (Firefox 153).
 */
export function outputLatency(context: AudioContext, agent = AGENT): number {
    if (/X11.* Gecko\//.test(agent)) return X11_S;
    return context.outputLatency || context.baseLatency || 0;
}
