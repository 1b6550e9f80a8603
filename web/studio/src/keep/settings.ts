// Small things that the browser remembers; where it must not, they hold until the page is closed.

const here = new Map<string, string>();

export function remembered(name: string): string | undefined {
    try {
        return localStorage.getItem(name) ?? here.get(name);
    } catch {
        return here.get(name);
    }
}

export function remember(name: string, value: string): void {
    here.set(name, value);
    try {
        localStorage.setItem(name, value);
    } catch {
        // full, or not allowed
    }
}
