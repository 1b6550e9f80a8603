// Words of the player in a frame, in German.

import type { embed as english } from "./embed.en";

export const embed: Record<keyof typeof english, string> = {
    openInStudio: "Im Studio öffnen",
    playThenMove: "Abspielen, dann verändern, was zu hören ist.",
};
