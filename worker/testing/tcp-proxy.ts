import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Committed, PgConversation } from "./pg-conversation";

/** What a worker sends when it records a completion, whatever the statement around it. */
export const RESULT = /"durationMs\\?":/;

/** Whether a transaction has recorded a completion. */
export const hasRecorded = ({ sent }: Committed) => RESULT.test(sent);

/** Whether a transaction has claimed an execution: nothing else names an engine and is answered with params. */
export const hasClaimed = ({ sent, answered }: Committed) =>
  sent.includes("process@") && answered.includes('"image"');

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
   * Resets a connection instead of passing on that a transaction is committed for which `matches` holds. Happens to one
   * connection; `onLost` is called before. Returns what calls it off while it has not happened.
   */
  loseNextCommit: (matches: Matches, onLost?: (committed: Committed) => void) => () => void;
  /** Resets a connection instead of passing on a request with this text. Happens to one; `onLost` is called before. */
  loseNextRequest: (text: RegExp, onLost: () => void) => void;
  /** Swallows all answers on a connection from the moment a request with this text comes, which it passes on. Happens to one. */
  silenceFrom: (text: RegExp) => void;
  close: () => Promise<void>;
};

type Matches = (committed: Committed) => boolean;
type MayPass = (chunk: Buffer) => boolean | Promise<never>;

const NEVER = new Promise<never>(() => {});

/** A text that is looked for may have been cut in two by the network. */
const LONGEST_TEXT = 200;

/** Starts a proxy in front of the server that a URL names. */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let gate = Promise.resolve();
  let open = () => {};
  let delayMs = 0;
  const lostCommits: { matches: Matches; onLost: (committed: Committed) => void }[] = [];
  const lostRequests: { text: RegExp; onLost: () => void }[] = [];
  const silenced: RegExp[] = [];

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
    let tail = "";
    let isSilent = false;
    const onRequest = (chunk: Buffer) => {
      const text = tail + chunk.toString("latin1");
      tail = text.slice(-LONGEST_TEXT);
      const loss = takeFirst(lostRequests, (each) => each.text.test(text));
      if (loss) {
        loss.onLost();
        cut();
        return false;
      }
      if (takeFirst(silenced, (each) => each.test(text))) isSilent = true;
      conversation.request(chunk);
      return true;
    };
    const onAnswer = (chunk: Buffer) => {
      if (isSilent) return NEVER;
      for (const committed of conversation.answer(chunk)) {
        const loss = takeFirst(lostCommits, ({ matches }) => matches(committed));
        if (!loss) continue;
        loss.onLost(committed);
        cut();
        return false;
      }
      return true;
    };
    void forward(client, upstream, onRequest);
    void forward(upstream, client, onAnswer);
  });

  async function forward(from: Socket, to: Socket, mayPass: MayPass) {
    try {
      for await (const chunk of from) {
        if (delayMs > 0) await sleep(delayMs);
        await gate;
        if (!(await mayPass(chunk))) return;
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
    loseNextCommit: (matches, onLost = () => {}) => {
      const loss = { matches, onLost };
      lostCommits.push(loss);
      return () => {
        takeFirst(lostCommits, (each) => each === loss);
      };
    },
    loseNextRequest: (text, onLost) => {
      lostRequests.push({ text, onLost });
    },
    silenceFrom: (text) => {
      silenced.push(text);
    },
    close: async () => {
      open();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function takeFirst<T>(list: T[], matches: (each: T) => boolean): T | undefined {
  const at = list.findIndex(matches);
  return at < 0 ? undefined : list.splice(at, 1)[0];
}
