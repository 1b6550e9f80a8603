// Pictures on buttons; the words beside or behind them name the buttons.

const SHAPES = {
    play: "M7 4v16l13-8z",
    pause: "M6 4h4v16H6zm8 0h4v16h-4z",
    previous: "M6 5h3v14H6zm13 0v14l-10-7z",
    next: "M15 5h3v14h-3zM5 5l10 7-10 7z",
    undo: "M9 5 3 11l6 6v-4h6a4 4 0 0 1 0 8h-3v2h3a6 6 0 0 0 0-12H9z",
    redo: "M15 5l6 6-6 6v-4H9a4 4 0 0 0 0 8h3v2H9A6 6 0 0 1 9 11h6z",
    loop: "M7 7h9V4l5 4.5-5 4.5V10H7v4H5V9a2 2 0 0 1 2-2zm10 10H8v3l-5-4.5L8 11v3h9v-4h2v5a2 2 0 0 1-2 2z",
    timer: "M9 1h6v2H9zm2 7h2v6h-2zm8.03-.61 1.42-1.42 1.41 1.41-1.42 1.42A9 9 0 1 1 19.03 7.39zM12 20a7 7 0 1 0 0-14 7 7 0 0 0 0 14z",
    volume: "M4 9v6h4l5 5V4L8 9zm12 3a4 4 0 0 0-2-3.5v7a4 4 0 0 0 2-3.5zm-2-8.2v2.1a6.3 6.3 0 0 1 0 12.2v2.1a8.3 8.3 0 0 0 0-16.4z",
    library: "M4 4h3v16H4zm5 0h3v16H9zm5.5.5 2.9-.8 4.1 15.5-2.9.8z",
    save: "M11 3h2v9l3.5-3.5 1.4 1.4L12 15.8l-5.9-5.9 1.4-1.4L11 12zM4 17h2v2h12v-2h2v4H4z",
    share: "M18 16a3 3 0 0 0-2.2 1L9 13a3 3 0 0 0 0-2l6.8-4A3 3 0 1 0 15 5l.1.7L8.3 9.6a3 3 0 1 0 0 4.8l6.8 4A3 3 0 1 0 18 16z",
    export: "M12 3l5 5h-3v6h-4V8H7zM4 16h2v3h12v-3h2v5H4z",
    settings: "M4 6h9a3 3 0 0 1 5.8 0H20v2h-1.2A3 3 0 0 1 13 8H4zm0 10h1.2a3 3 0 0 1 5.8 0h9v2h-9a3 3 0 0 1-5.8 0H4z",
    close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
    open: "M3 5h7l2 2h9v12H3zm2 4v8h14V9z",
    headphones: "M12 4a8 8 0 0 0-8 8v6a2 2 0 0 0 2 2h2v-8H6a6 6 0 0 1 12 0h-2v8h2a2 2 0 0 0 2-2v-6a8 8 0 0 0-8-8z",
    remove: "M9 3h6l1 2h4v2H4V5h4zM6 9h12l-1 12H7z",
} as const;

export function Icon({ name }: { name: keyof typeof SHAPES }) {
    return (
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d={SHAPES[name]} />
        </svg>
    );
}
