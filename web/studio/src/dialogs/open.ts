// Which dialog is open.

import { type Signal, signal } from "@preact/signals";

export type Name = "library" | "timer" | "settings" | "share" | "export" | "headphones";

export const dialog: Signal<Name | undefined> = signal(undefined);
export const close = () => void (dialog.value = undefined);
