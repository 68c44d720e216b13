import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openConnection } from "./open-connection";

const AUTHENTICATION_OK = [0x52, 0, 0, 0, 8, 0, 0, 0, 0];
const READY_FOR_QUERY = [0x5a, 0, 0, 0, 5, 0x49];

let server: Server;
let url: string;
let connections: number;
const unhandled: unknown[] = [];
const collect = (error: unknown) => unhandled.push(error);

/** A server that dies, with its port, at the first thing it is asked for. */
beforeEach(async () => {
  connections = 0;
  unhandled.length = 0;
  process.on("unhandledRejection", collect);
  server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(Buffer.from([...AUTHENTICATION_OK, ...READY_FOR_QUERY]));
      socket.once("data", () => {
        server.close();
        socket.destroy();
      });
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  url = `postgres://me:secret@127.0.0.1:${port}/dagline`;
});

afterEach(() => {
  process.off("unhandledRejection", collect);
  server.close();
});

it("fails for whoever asks, and for nobody else, when the server dies at its first question", async () => {
  const sql = openConnection(url);

  await expect(sql`select 1`).rejects.toThrow(/CONNECTION_CLOSED|ECONNREFUSED/);

  await sql.end({ timeout: 1 });
  await turn();
  expect(connections).toBe(1);
  expect(unhandled).toEqual([]);
});
