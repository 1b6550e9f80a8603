// The development server, asked as a browser does and as nobody should.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "../serve.mjs";

let server;
let port;
let folder;
before(async () => {
    folder = mkdtempSync(join(tmpdir(), "serve-"));
    writeFileSync(join(folder, "inside.json"), "[1]");
    writeFileSync(join(folder, ".secret"), "hidden");
    symlinkSync("/etc/passwd", join(folder, "out.json"));
    symlinkSync("inside.json", join(folder, "in.json"));
    server = await serve({ mounts: { "/mounted/": folder } });
    ({ port } = server.address());
});
after(() => {
    server.close();
    rmSync(folder, { recursive: true });
});

/** Send bytes as they are; the status and the whole answer. */
function raw(bytes) {
    return new Promise((resolve, reject) => {
        const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
        let text = "";
        socket.on("data", (data) => (text += data));
        socket.on("error", reject);
        socket.on("close", () => resolve({ status: Number(text.split(" ")[1]), text }));
    });
}

const get = (target, host = `localhost:${port}`, method = "GET") =>
    raw(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

test("the page, a mounted file and a link inside are served", async () => {
    for (const host of ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"]) {
        const page = await get("/studio/", `${host}:${port}`);
        assert.equal(page.status, 200, host);
        assert.match(page.text, /<!doctype html>/);
    }
    for (const name of ["inside.json", "in.json", "%69nside.json?x=../y"]) {
        assert.match((await get(`/mounted/${name}`)).text, /application\/json[^]*\[1\]/, name);
    }
    assert.equal((await get("/")).status, 302);
    const head = await get("/studio/", undefined, "HEAD");
    assert.deepEqual([head.status, head.text.split("\r\n\r\n")[1]], [200, ""]);
});

test("no malformed request stops the server", async () => {
    const targets = ["/%", "/%zz", "/%ff", "/%00", "/a%00b", "//", "/*", "http://localhost/studio/", "x", "/\\..\\x", `/${"a".repeat(3000)}`, `/${"a".repeat(300)}`, `/${"a/".repeat(900)}`, "/studio//index.html", "/studio"];
    for (const target of targets) {
        const { status } = await get(target);
        assert.ok(status >= 400 && status < 500, `${target.slice(0, 20)}: ${status}`);
    }
    for (const bytes of ["\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", `GET /${"a".repeat(100000)} HTTP/1.1\r\n\r\n`, "GET / HTTP/1.1\r\nHost : x\r\n\r\n", `CONNECT x:1 HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`, "GET / HTTP/1.1\r\n\r\n"]) {
        const { status } = await raw(bytes);
        assert.ok(!(status < 400), `${bytes.slice(0, 20)}: ${status}`);
    }
    assert.equal((await get("/studio/", undefined, "POST")).status, 405);
    assert.equal((await get("/studio/")).status, 200);
});

test("nothing outside of the folder is served", async () => {
    for (const target of ["/../Cargo.toml", "/Cargo.toml", "/examples/evening.json", "/studio/../../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2fCargo.toml", "/studio%2findex.html", "/studio/..%5c..%5cCargo.toml", "/mounted/out.json", "/mounted/.secret", "/mounted/%2esecret", "/mounted/../serve.mjs", "/.git/config", "/node_modules/.lock", "//etc/passwd"]) {
        const { status } = await get(target);
        assert.ok(status === 400 || status === 404, `${target}: ${status}`);
    }
});

test("a foreign host gets no answer", async () => {
    for (const host of ["evil.example", `evil.example:${port}`, "localhost", `localhost:${port + 1}`, `localhost.evil.example:${port}`, `127.0.0.1:${port}@evil.example`, `0.0.0.0:${port}`, ""]) {
        assert.equal((await get("/studio/", host)).status, 421, host);
    }
    const twice = await raw(`GET /studio/ HTTP/1.1\r\nHost: localhost:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
    assert.ok(twice.status >= 400, twice.text);
    assert.equal((await raw("GET /studio/ HTTP/1.0\r\n\r\n")).status, 421);
});

test("a reader that goes away in the middle stops nothing", async () => {
    for (let i = 0; i < 20; i++) {
        await new Promise((resolve) => {
            const socket = connect(port, "127.0.0.1", () => {
                socket.write(`GET /studio/ HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
                socket.destroy();
            });
            socket.on("close", resolve);
        });
    }
    assert.equal((await get("/studio/")).status, 200);
});
