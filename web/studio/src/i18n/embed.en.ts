// Words of the player in a frame, in English.

export const embed = {
    openInStudio: "Open in the studio",
    playThenMove: "Play, then change what you hear.",
};
