// The page begins here.

import { render } from "preact";
import { App } from "./app";
import { TrackDocument } from "./document";
import { Engine } from "./engine";
import { Desk } from "./library/desk";
import { surviveInterruptions } from "./listening/interruptions";
import { showOnLockScreen } from "./listening/media";
import { keepDevice } from "./listening/output";
import { useWakeLock } from "./listening/wake_lock";
import { register } from "./pwa/register";
import { StudioContext } from "./studio";

const opened = new TrackDocument();
const engine = new Engine(opened);
const desk = new Desk(opened, engine);
surviveInterruptions(engine);
showOnLockScreen(engine);
keepDevice(engine);
useWakeLock(engine);

const root = document.getElementById("app");
if (root) {
    render(
        <StudioContext.Provider value={{ document: opened, engine, desk }}>
            <App />
        </StudioContext.Provider>,
        root,
    );
}
// counters for whoever looks at the page from outside
Object.assign(window, { studio: { stats: () => engine.player.peek()?.stats() } });
void desk.openLocation();
window.addEventListener("hashchange", () => void desk.openLocation());
void register();
