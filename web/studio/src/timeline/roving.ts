// One stop of the Tab key for a group; the arrow keys move within it.

/** Focus the neighbour of `from` among the elements of its group; false at the ends. */
export function focusNeighbour(from: Element, by: number): boolean {
    const group = from.closest("[data-roving]");
    const all = [...(group?.querySelectorAll<HTMLElement>("[data-stop]") ?? [])];
    const to = all[all.indexOf(from as HTMLElement) + by];
    if (!to) return false;
    to.focus();
    return true;
}

/** The first or the last of the group. */
export function focusEnd(from: Element, last: boolean): void {
    const all = from.closest("[data-roving]")?.querySelectorAll<HTMLElement>("[data-stop]") ?? [];
    all[last ? all.length - 1 : 0]?.focus();
}
