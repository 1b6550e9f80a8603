// A modal dialog of the browser: focus stays inside, Escape closes, focus goes back to what opened it.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
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
    useEffect(() => {
        const before = document.activeElement;
        dialog.current?.showModal();
        return () => {
            if (before instanceof HTMLElement && before.isConnected) before.focus();
        };
    }, []);
    return (
        <dialog
            ref={dialog}
            class={drawer ? "drawer" : "box"}
            aria-labelledby={heading}
            onClose={onClose}
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
