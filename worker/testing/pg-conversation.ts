/** How much of a transaction is remembered. */
const MAX_SENT = 2_000_000;
const LENGTH_BYTES = 4;

/** What was said within a transaction that has been committed; a statement of its own is one too. */
export type Committed = {
  /** All that the client has sent. */
  sent: string;
  /** The rows that the server has answered. */
  answered: string;
};

/**
 * Follows what a client and a PostgreSQL server say to each other, and tells which transactions have been committed. A client
 * may send more before it is answered; each of its requests is answered by one message that the server is ready again.
 */
export class PgConversation {
  readonly #requests = new FrameReader({ opens: true });
  readonly #answers = new FrameReader({ opens: false });
  /** What the client has sent and not yet been answered, the oldest first; the last one may not be complete. */
  #asked: string[] = [""];
  /** What was sent within the transaction that is going on. */
  #transaction = "";
  /** The rows that came within it. */
  #rows = "";
  #isRefused = false;

  /** Takes a piece of what the client sends. */
  request(chunk: Buffer): void {
    for (const { type, body } of this.#requests.read(chunk)) {
      const text = (this.#asked.pop() ?? "") + body.toString("latin1");
      this.#asked.push(text.slice(-MAX_SENT));
      // The opening, a plain query and the end of a prepared one are what the server gets ready after.
      if (type === "" || type === "Q" || type === "S") this.#asked.push("");
    }
  }

  /** Takes a piece of what the server sends; returns each transaction that it says is committed. */
  answer(chunk: Buffer): Committed[] {
    return this.#answers.read(chunk).flatMap(({ type, body }) => {
      const text = body.toString("latin1");
      if (type === "E" || (type === "C" && text === "ROLLBACK\0")) this.#isRefused = true;
      if (type === "D") this.#rows = (this.#rows + text).slice(-MAX_SENT);
      if (type !== "Z") return [];
      this.#transaction = (this.#transaction + (this.#asked.shift() ?? "")).slice(-MAX_SENT);
      if (text !== "I") return [];
      const said = { sent: this.#transaction, answered: this.#rows };
      const committed = this.#isRefused ? [] : [said];
      this.#transaction = "";
      this.#rows = "";
      this.#isRefused = false;
      return committed;
    });
  }
}

/** One message of the protocol: a letter and what follows; the client's first has no letter. */
type Frame = { type: string; body: Buffer };

/** Cuts a stream into messages, however the network has cut it. */
class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  #opens: boolean;

  constructor({ opens }: { opens: boolean }) {
    this.#opens = opens;
  }

  read(chunk: Buffer): Frame[] {
    const data = Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const start = at + (this.#opens ? 0 : 1);
      if (start + LENGTH_BYTES > data.length) break;
      // The length counts itself but not the letter before it.
      const end = start + data.readInt32BE(start);
      if (end > data.length) break;
      const type = this.#opens ? "" : String.fromCharCode(data[at] ?? 0);
      frames.push({ type, body: data.subarray(start + LENGTH_BYTES, end) });
      this.#opens = false;
      at = end;
    }
    this.#rest = data.subarray(at);
    return frames;
  }
}
