// Formulas that tracks may have in place of a curve: read, never run as code.

type Node = (at: number) => number;

const FUNCTIONS: Record<string, (x: number) => number> = {
    abs: Math.abs,
    cos: Math.cos,
    cosh: Math.cosh,
    exp: Math.exp,
    log: Math.log,
    sin: Math.sin,
    sinh: Math.sinh,
    sqrt: Math.sqrt,
    tan: Math.tan,
    tanh: Math.tanh,
};
const CONSTANTS: Record<string, number> = { pi: Math.PI, e: Math.E };
const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|(\*\*|[-+*/%(),]))/y;

/** A function of the variable, or nothing if the text is none. */
export function compile(text: string, variable: string): Node | undefined {
    try {
        return new Reader(text, variable).whole();
    } catch {
        return undefined;
    }
}

class Reader {
    readonly #tokens: string[] = [];
    #at = 0;

    constructor(
        text: string,
        private readonly variable: string,
    ) {
        const trimmed = text.trimEnd();
        TOKEN.lastIndex = 0;
        while (TOKEN.lastIndex < trimmed.length) {
            const found = TOKEN.exec(trimmed);
            if (!found) throw new SyntaxError(text);
            this.#tokens.push(found[1] ?? found[2] ?? found[3]!);
        }
    }

    whole(): Node {
        const node = this.#sum();
        if (this.#at < this.#tokens.length) throw new SyntaxError("more than one formula");
        return node;
    }

    #take(...words: string[]): string | undefined {
        const word = this.#tokens[this.#at];
        if (word === undefined || !words.includes(word)) return undefined;
        this.#at++;
        return word;
    }

    #sum(): Node {
        let left = this.#product();
        for (let sign = this.#take("+", "-"); sign; sign = this.#take("+", "-")) {
            const [a, b] = [left, this.#product()];
            left = sign === "+" ? (x) => a(x) + b(x) : (x) => a(x) - b(x);
        }
        return left;
    }

    #product(): Node {
        let left = this.#signed();
        for (let sign = this.#take("*", "/", "%"); sign; sign = this.#take("*", "/", "%")) {
            const [a, b] = [left, this.#signed()];
            if (sign === "*") left = (x) => a(x) * b(x);
            else if (sign === "/") left = (x) => a(x) / b(x);
            else left = (x) => a(x) - b(x) * Math.floor(a(x) / b(x));
        }
        return left;
    }

    #signed(): Node {
        if (this.#take("-")) {
            const node = this.#signed();
            return (x) => -node(x);
        }
        if (this.#take("+")) return this.#signed();
        return this.#power();
    }

    #power(): Node {
        const base = this.#single();
        if (!this.#take("**")) return base;
        const exponent = this.#signed();
        return (x) => base(x) ** exponent(x);
    }

    #single(): Node {
        const word = this.#tokens[this.#at++];
        if (word === undefined) throw new SyntaxError("the formula ends early");
        if (word === "(") return this.#closed();
        if (/^[\d.]/.test(word)) {
            const value = Number(word);
            return () => value;
        }
        if (word === this.variable) return (x) => x;
        const name = word.replace(/^(?:np|math)\./, "");
        const value = CONSTANTS[name];
        if (value !== undefined) return () => value;
        const call = FUNCTIONS[name];
        if (!call || !this.#take("(")) throw new SyntaxError(`${word} is not known`);
        const inner = this.#closed();
        return (x) => call(inner(x));
    }

    #closed(): Node {
        const node = this.#sum();
        if (!this.#take(")")) throw new SyntaxError("a bracket stays open");
        return node;
    }
}
