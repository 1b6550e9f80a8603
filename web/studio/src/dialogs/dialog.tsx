// A modal dialog of the browser: focus stays inside, Escape closes, focus goes back to what opened it.

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../icons";
import { t } from "../i18n";

interface Given {
    title: string;
    onClose: () => void;
    children: ComponentChildren;
    /** A sheet at the left side instead of a box in the middle. */
    drawer?: boolean;
}

export function Dialog({ title, onClose, children, drawer = false }: Given) {
    const dialog = useRef<HTMLDialogElement>(null);
    const heading = useId();
    const gone = useRef(false);
    useLayoutEffect(() => {
        const [element, before] = [dialog.current, document.activeElement];
        element?.showModal();
        return () => {
            gone.current = true;
            // while it is open, nothing else can have the focus
            element?.close();
            if (before instanceof HTMLElement && before.isConnected) before.focus();
        };
    }, []);
    return (
        <dialog
            ref={dialog}
            class={drawer ? "drawer" : "box"}
            aria-labelledby={heading}
            onClose={() => gone.current || onClose()}
            onClick={(event) => event.target === dialog.current && dialog.current?.close()}
        >
            <div class="dialog-body">
                <header>
                    <h2 id={heading}>{title}</h2>
                    <button type="button" class="quiet" aria-label={t("close")} onClick={() => dialog.current?.close()}>
                        <Icon name="close" />
                    </button>
                </header>
                {children}
            </div>
        </dialog>
    );
}
