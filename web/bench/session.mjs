// A session of fifteen voices, with or without a bed of noise: what the numbers in docs/browser.md are measured with.

/** Fifteen voices of the tone families, for `duration` seconds. */
export function session(duration, { noise = false } = {}) {
    const voices = Array.from({ length: 15 }, (_, i) => ({
        synth_function_name: ["binaural_beat", "isochronic_tone", "stereo_am_independent"][i % 3],
        voice_id: `v${i}`,
        params:
            i % 3 === 2
                ? { carrierFreq: 90 + 20 * i, modFreqL: 0.1 + 0.01 * i, modFreqR: 0.13, modDepthL: 0.7, modDepthR: 0.7, amp: 0.05 }
                : { baseFreq: 100 + 17 * i, beatFreq: 4 + 0.3 * i, ampL: 0.05, ampR: 0.05 },
    }));
    const bed = { params: { noise_parameters: { exponent: 1 }, noise_type: "pink", duration_seconds: duration }, amp: 0.2 };
    return {
        global: { sample_rate: 44100 },
        progression: [{ duration, voices }],
        ...(noise ? { background_noise: bed } : {}),
    };
}
