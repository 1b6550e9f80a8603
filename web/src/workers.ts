// Starts the package's worker files. Each is one file without imports, so that a bundler can copy it as it is.

/** A worker that runs the file at `address`. A file of another origin has to allow that (CORS). */
export function startWorker(address: string | URL, name: string): Worker {
    const options: WorkerOptions = { type: "module", name };
    const { href, origin } = new URL(address, globalThis.location?.href);
    if (origin === globalThis.location?.origin) return new Worker(href, options);
    // browsers start workers of the page's origin only, but those may import
    const loader = URL.createObjectURL(new Blob([`import ${JSON.stringify(href)};`], { type: "text/javascript" }));
    const worker = new Worker(loader, options);
    setTimeout(() => URL.revokeObjectURL(loader), 60_000);
    return worker;
}
