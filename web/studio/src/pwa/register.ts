// The page works offline after the first visit, and tells when a newer one is there.

import { type Signal, signal } from "@preact/signals";

/** A newer version waits. */
export const newer: Signal<ServiceWorker | undefined> = signal(undefined);
/** Whether everything is here. */
export const offline: Signal<boolean> = signal(false);

/** Look for a newer version every hour: the page may be open for days. */
const LOOK_MS = 3_600_000;

export async function register(): Promise<void> {
    if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
    const workers = navigator.serviceWorker;
    let asked = false;
    workers.addEventListener("controllerchange", () => asked && location.reload());
    try {
        const registration = await workers.register(new URL("service_worker.js", document.baseURI));
        const look = () => {
            const { waiting } = registration;
            if (waiting && workers.controller) newer.value = waiting;
        };
        registration.addEventListener("updatefound", () => {
            registration.installing?.addEventListener("statechange", look);
        });
        look();
        void workers.ready.then(() => (offline.value = true));
        setInterval(() => registration.update().catch(() => undefined), LOOK_MS);
    } catch {
        // without it the page needs the network; it says so by not saying that it works offline
    }
    update = () => {
        asked = true;
        newer.peek()?.postMessage("take over");
    };
}

/** Load the newer version. */
export let update = () => undefined as void;
