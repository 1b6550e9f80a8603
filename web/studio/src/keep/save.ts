// Out of the page: to the clipboard, to a file.

/** False if the browser refuses. */
export async function copy(text: string): Promise<boolean> {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return false;
    }
}

/** A name that every file system takes. */
export function fileName(title: string, extension: string): string {
    const kept = title
        .normalize("NFC")
        .replace(/[\\/:*?"<>|\p{Cc}]/gu, " ")
        .trim()
        .slice(0, 100);
    return `${kept || "session"}.${extension}`;
}

/** Let the browser keep `blob` as a file. */
export function download(blob: Blob, name: string): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function saveTrack(track: object, title: string): void {
    download(new Blob([`${JSON.stringify(track, null, 4)}\n`], { type: "application/json" }), fileName(title, "json"));
}
