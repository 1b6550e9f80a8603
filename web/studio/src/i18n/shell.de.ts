// German: everything but timeline, inspector and views.

import type { shell as english } from "./shell.en";

export const shell: Record<keyof typeof english, string> = {
    studio: "Studio",
    undo: "Rückgängig",
    redo: "Wiederholen",
    save: "Sichern",
    share: "Teilen",
    export: "Ausgeben…",
    library: "Sammlung",
    play: "Abspielen",
    pause: "Anhalten",
    volume: "Lautstärke",
    position: "Stelle",
};
