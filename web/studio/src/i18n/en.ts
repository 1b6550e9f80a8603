// English.

import { editor } from "./editor.en";
import { shell } from "./shell.en";

export const en = { ...shell, ...editor };
