import { request } from "node:http";

/** An answer larger than this is refused: results are small, and output is streamed, not fetched. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** The engine's answer was larger than we are willing to hold in memory. */
class AnswerTooLargeError extends Error {
  override name = "AnswerTooLargeError";
}

/**
 * A `fetch` over node:http for calls that last as long as a task does: the built-in one gives up when no header arrived for
 * 300 seconds. Aborting the signal closes the connection, and that is what makes an engine kill the work behind it. Each call
 * has a connection of its own: one that had been kept could be closed by the other side just when it is used again.
 */
export function createHttpFetch(signal: AbortSignal): typeof fetch {
  return (input, init) =>
    new Promise((resolve, reject) => {
      const headers = Object.fromEntries(new Headers(init?.headers));
      const options = { method: "POST", headers, signal, agent: false };
      const call = request(String(input), options, (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) answer.destroy(new AnswerTooLargeError());
          else chunks.push(chunk);
        });
        answer.on("error", reject);
        answer.on("end", () => {
          const type = answer.headers["content-type"] ?? "text/plain";
          const body = Buffer.concat(chunks);
          resolve(
            new Response(body, { status: answer.statusCode, headers: { "content-type": type } }),
          );
        });
      });
      call.on("error", reject);
      call.end(init?.body);
    });
}

/** Whether a call of the SDK failed because its answer was refused for its size. */
export function isAnswerTooLarge(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof AnswerTooLargeError;
}
