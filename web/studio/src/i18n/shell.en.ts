// English: everything but timeline, inspector and views.

export const shell = {
    studio: "Studio",
    undo: "Undo",
    redo: "Redo",
    save: "Save",
    share: "Share",
    export: "Export…",
    library: "Library",
    play: "Play",
    pause: "Pause",
    volume: "Volume",
    position: "Position",
};
