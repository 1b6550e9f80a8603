// How long a piece of work will take, by how long it took before.

/** How much of a longer time is forgotten each time, and what is added to the longest one. */
const [KEPT, SPARE] = [0.8, 1.25];

/** The longest of the last times and a little more. */
export class Forecast {
    #milliseconds: number;

    /** Milliseconds that are expected at least and at most. */
    constructor(
        private readonly least: number,
        private readonly most: number,
    ) {
        this.#milliseconds = least;
    }

    get seconds(): number {
        return this.#milliseconds / 1000;
    }

    took(milliseconds: number): void {
        const longest = Math.max(SPARE * milliseconds, KEPT * this.#milliseconds);
        this.#milliseconds = Math.min(Math.max(longest, this.least), this.most);
    }
}
