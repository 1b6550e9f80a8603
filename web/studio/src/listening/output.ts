// Which device plays.

import { effect, type Signal, signal } from "@preact/signals";
import type { Engine } from "../engine";
import { t } from "../i18n";
import { Refused } from "../refused";

export interface Device {
    id: string;
    name: string;
}
type Sink = AudioContext & { setSinkId?(id: string): Promise<void> };
type Devices = MediaDevices & { selectAudioOutput?(): Promise<MediaDeviceInfo> };

export const devices: Signal<Device[]> = signal([]);
export const chosen: Signal<string> = signal("");
export const canChoose = "setSinkId" in AudioContext.prototype;

/** The devices whose names the browser tells; without leave it tells none. */
export async function listDevices(): Promise<void> {
    const found = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    devices.value = found
        .filter(({ kind, label, deviceId }) => kind === "audiooutput" && label !== "" && deviceId !== "default")
        .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** Ask the browser for leave to see the devices; the microphone that some ask about is let go at once. */
export async function askForDevices(engine: Engine): Promise<void> {
    const media = navigator.mediaDevices as Devices | undefined;
    try {
        if (media?.selectAudioOutput) {
            const { deviceId, label } = await media.selectAudioOutput();
            devices.value = [{ id: deviceId, name: label }];
            return await choose(engine, deviceId);
        }
        const stream = await media?.getUserMedia({ audio: true });
        stream?.getTracks().forEach((track) => track.stop());
        await listDevices();
    } catch {
        throw new Refused(t("noDevices"));
    }
}

/** Play through this device; "" is the one of the system. */
export async function choose(engine: Engine, id: string): Promise<void> {
    await (engine.context as Sink).setSinkId?.(id);
    chosen.value = id;
}

/** An output that was made anew plays where the last one did. */
export function keepDevice(engine: Engine): void {
    effect(() => {
        if (engine.player.value && chosen.peek() !== "") choose(engine, chosen.peek()).catch(() => (chosen.value = ""));
    });
}
