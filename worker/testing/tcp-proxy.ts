import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { PgConversation } from "./pg-conversation";

/** What a worker sends when it records a completion, whatever the statement around it. */
export const RESULT = /"durationMs":/;

/** A link between a worker and its database that tests can make as bad as they need. */
export type TcpProxy = {
  /** The given URL, by way of the proxy. */
  through: (url: string) => string;
  /** Swallows everything without a sign to either side: no data, no end, no reset. */
  blackHole: () => void;
  /** Lets through again what was held back. */
  heal: () => void;
  /** Holds every piece of data back for so long. */
  delay: (ms: number) => void;
  /** Resets every connection. */
  reset: () => void;
  /**
   * Resets a connection instead of passing on that a transaction is committed within which its client has sent this text.
   * Happens to one connection; `onLost` is told all that was sent within the transaction.
   */
  loseNextCommit: (text: RegExp, onLost?: (sent: string) => void) => void;
  close: () => Promise<void>;
};

/** Starts a proxy in front of the server that a URL names. */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let gate = Promise.resolve();
  let open = () => {};
  let delayMs = 0;
  const losses: { text: RegExp; onLost: (sent: string) => void }[] = [];

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({
      host: target.hostname,
      port: Number(target.port),
      allowHalfOpen: true,
    });
    const conversation = new PgConversation();
    const cut = () => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", cut);
      socket.on("close", () => sockets.delete(socket));
    }
    const onRequest = (chunk: Buffer) => {
      conversation.request(chunk);
      return true;
    };
    const onAnswer = (chunk: Buffer) => {
      for (const committed of conversation.answer(chunk)) {
        const loss = losses.findIndex(({ text }) => text.test(committed));
        if (loss < 0) continue;
        losses.splice(loss, 1)[0]?.onLost(committed);
        cut();
        return false;
      }
      return true;
    };
    void forward(client, upstream, onRequest);
    void forward(upstream, client, onAnswer);
  });

  async function forward(from: Socket, to: Socket, mayPass: (chunk: Buffer) => boolean) {
    try {
      for await (const chunk of from) {
        if (delayMs > 0) await sleep(delayMs);
        await gate;
        if (!mayPass(chunk)) return;
        if (!to.write(chunk)) await once(to, "drain");
      }
      await gate;
      to.end();
    } catch {
      to.destroy(); // either side was cut
    }
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string

  return {
    through: (direct) => Object.assign(new URL(direct), { host: `127.0.0.1:${port}` }).href,
    blackHole: () => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    heal: () => open(),
    delay: (ms) => {
      delayMs = ms;
    },
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    loseNextCommit: (text, onLost = () => {}) => {
      losses.push({ text, onLost });
    },
    close: async () => {
      open();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
