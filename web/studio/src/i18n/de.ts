// German.

import { editor } from "./editor.de";
import { embed } from "./embed.de";
import { shell } from "./shell.de";

export const de = { ...shell, ...editor, ...embed };
