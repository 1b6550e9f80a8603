// What the pages of the bundlers' tests do: play a second of a tone, and render it to a file.
import { createPlayer, exportTrack, TrackError } from "realtime-backend";

const track = {
    progression: [{ duration: 1, voices: [{ synth_function_name: "binaural_beat", params: { baseFreq: 441, beatFreq: 0 } }] }],
};

/** `urls` are those of the option; resolves to what was heard and made. */
window.run = async (urls) => {
    const player = await createPlayer(track, { urls, startupFade: 0 });
    const analyser = new AnalyserNode(player.context, { fftSize: 2048 });
    player.output.connect(analyser);
    await player.play();
    const samples = new Float32Array(analyser.fftSize);
    while (!samples.some((sample) => Math.abs(sample) > 0.01)) {
        await new Promise((done) => setTimeout(done, 10));
        analyser.getFloatTimeDomainData(samples);
    }
    const { mode } = player;
    await player.stop();
    const file = await exportTrack(track, { urls, format: "wav" }).blob();
    const refused = await createPlayer({ progression: 5 }, { urls }).catch((error) => error instanceof TrackError);
    return { mode, size: file.size, refused };
};
window.ready = true;
