// What a frame was asked to play.

import type { Track } from "../document";
import { families, spoken } from "../inspector/table";
import { newVoice } from "../timeline/voice_edits";

export interface Asked {
    title: string;
    track: Track;
    /** Whether it is one voice, to be played again and again. */
    voice: boolean;
}

/** Seconds of a voice until it begins again; its phases run on. */
const TURN_S = 600;

export async function read(asked: URLSearchParams): Promise<Asked> {
    const name = asked.get("voice");
    if (name !== null) {
        const family = families.find((one) => one.name === name);
        if (!family) throw new Error(`there is no voice "${name}"`);
        const step = { duration: TURN_S, voices: [newVoice(family, false)] };
        return { title: spoken(name), track: { global: { sample_rate: 44100, compat: "intended" }, progression: [step] }, voice: true };
    }
    const address = new URL(asked.get("track") ?? "", location.href);
    if (address.origin !== location.origin) throw new Error(`${address.href}: not of this site`);
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address.href}: ${answer.status} ${answer.statusText}`);
    const track = (await answer.json()) as Track;
    return { title: String(track.global?.title ?? address.pathname.split("/").pop()), track, voice: false };
}
