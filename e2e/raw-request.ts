import { request } from "node:http";

export type RawAnswer = {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
  /** Bytes of the body that were given to the connection before the answer came. */
  sent: number;
};

type RawRequest = {
  method?: string;
  /** As it is written on the wire: nothing of it is normalised. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** In place of a body: this many bytes without a length of their own. */
  endlessUpTo?: number;
};

/** Sends what no browser and no fetch would: any Host, any path, a body without end. */
export function sendRaw(baseUrl: string, raw: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const { method = "GET", path, headers = {}, body, endlessUpTo = 0 } = raw;
  let sent = 0;
  let isAnswered = false;
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false });
    outgoing.on("response", (response) => {
      isAnswered = true;
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      const done = () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, sent });
      response.on("end", done);
      // The server closes on a body that it will not read.
      response.on("error", done);
    });
    // What was still under way when the answer came fails when the server has closed.
    outgoing.on("error", (error) => isAnswered || reject(error));
    if (endlessUpTo === 0) {
      outgoing.end(body);
      return;
    }
    const block = Buffer.alloc(64 * 1024, "a");
    // Whoever writes on after the server has closed loses the answer; so it is looked for before each block.
    const pump = (): void => {
      if (isAnswered || outgoing.destroyed || outgoing.closed) return;
      if (sent >= endlessUpTo) return void outgoing.end();
      sent += block.length;
      outgoing.write(block, (error) => error ?? setTimeout(pump, 5));
    };
    pump();
  });
}
