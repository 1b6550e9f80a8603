// The demo page: a track, a player, and what one can do with them.

import { createPlaylist, type Files, type Playlist } from "../../dist/index.js";
import { type Document, Editor, nameOf, stepsOf } from "./editor.js";
import { Meters } from "./meters.js";
import { clock, element } from "./page.js";
import { Timeline } from "./timeline.js";

/** Milliseconds from the last movement of a slider to the edit. */
const EDIT_AFTER = 60;

const playButton = element("play");
const previousButton = element<HTMLButtonElement>("previous");
const nextButton = element<HTMLButtonElement>("next");
const volume = element<HTMLInputElement>("volume");
const message = element("message");
const findings = element("findings");

/** A file that was opened. */
interface Opened {
    name: string;
    text: string;
}

let player: Playlist | undefined;
let meters: Meters | undefined;
let track: Document = {};
let editing: ReturnType<typeof setTimeout> | undefined;

const timeline = new Timeline((position) => void player?.seek(position));
const editor = new Editor(() => {
    clearTimeout(editing);
    editing = setTimeout(() => void player?.update(track).then(tell, complain), EDIT_AFTER);
});

function complain(error: Error | undefined): void {
    message.hidden = error === undefined;
    message.textContent = error?.message ?? "";
}

/** Nothing is wrong; list what is odd. */
function tell(): void {
    complain(undefined);
    const warnings = player?.warnings ?? [];
    findings.hidden = warnings.length === 0;
    findings.querySelector("summary")!.textContent = `${warnings.length} remarks about the track`;
    const items = warnings.map(({ path, message: text }) => {
        const item = document.createElement("li");
        item.textContent = path ? `${path}: ${text}` : text;
        return item;
    });
    findings.querySelector("ul")!.replaceChildren(...items);
}

/** Play one track, or several in turn. */
async function open(opened: Opened[], files: Files = {}): Promise<void> {
    try {
        const texts = opened.map(({ text }) => text);
        const next = await createPlaylist(texts, { files, volume: volume.valueAsNumber, onError: "warn" });
        await player?.stop();
        player = next;
        meters = new Meters(player.output);
        player.onTrack((index) => show(opened, index));
        player.onStep((index) => editor.follow(index));
        player.onError((reason) => complain(new Error(reason)));
        previousButton.hidden = nextButton.hidden = opened.length < 2;
        show(opened, player.current);
    } catch (error) {
        complain(error as Error);
    }
}

/** Another track is heard. */
function show(opened: Opened[], index: number): void {
    const { name, text } = opened[index]!;
    clearTimeout(editing);
    track = JSON.parse(text) as Document;
    element("title").textContent = opened.length < 2 ? name : `${name} (${index + 1} of ${opened.length})`;
    element("duration").textContent = clock(player!.duration);
    editor.open(track);
    tell();
}

/** The `.json` files are tracks in turn, the others belong to them. */
async function openFiles(list: Iterable<File>): Promise<void> {
    const all = [...list];
    const tracks = all.filter((file) => file.name.toLowerCase().endsWith(".json"));
    if (tracks.length === 0) return complain(new Error("None of these files is a track (.json)."));
    const opened = await Promise.all(tracks.map(async (file) => ({ name: file.name, text: await file.text() })));
    await open(opened, Object.fromEntries(all.map((file) => [file.name, file])));
}

function toggle(): void {
    const done = player?.state === "playing" ? player.pause() : player?.play();
    done?.catch(complain);
}

function draw(): void {
    requestAnimationFrame(draw);
    if (!player) return;
    const { position, duration, stepTimes, state } = player;
    const names = stepsOf(track).map(nameOf);
    timeline.show({ position, duration, stepTimes, names });
    element("position").textContent = clock(position);
    element("state").textContent = state;
    const playing = state === "playing";
    playButton.classList.toggle("playing", playing);
    playButton.setAttribute("aria-label", playing ? "Pause" : "Play");
    meters?.draw();
}

function showStats(): void {
    if (!player) return;
    const { renderLoadAverage, underrunEvents, buffered } = player.stats();
    const way = player.mode === "shared" ? "shared memory" : "messages";
    element("stats").textContent =
        `${player.device.sampleRate} Hz over ${way} · ${(100 * renderLoadAverage).toFixed(1)} % of one core · ` +
        `${(1000 * buffered).toFixed(0)} ms ready · ${underrunEvents} underruns`;
}

playButton.addEventListener("click", toggle);
previousButton.addEventListener("click", () => player?.previous().catch(complain));
nextButton.addEventListener("click", () => player?.next().catch(complain));
volume.addEventListener("input", () => player && (player.volume = volume.valueAsNumber));
element<HTMLInputElement>("file").addEventListener("change", (event) => {
    void openFiles((event.target as HTMLInputElement).files ?? []);
});
document.addEventListener("keydown", (event) => {
    const busy = (event.target as Element).closest("button, select, summary, input:not([type=range])");
    if (event.key !== " " || busy) return;
    event.preventDefault();
    toggle();
});
const drop = element("drop");
document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.hidden = false;
});
document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.hidden = true;
});
document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.hidden = true;
    void openFiles(event.dataTransfer?.files ?? []);
});

draw();
setInterval(showStats, 500);
const example = new URL("build/evening.json", document.baseURI);
const answer = await fetch(example);
await open([{ name: "evening.json", text: await answer.text() }]);
