import { once } from "node:events";
import { createServer } from "node:net";
import { StartError } from "./start-error";

/** Throws a StartError when the web server could not listen here. */
export async function assertPortIsFree(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw new StartError(explain(codeOf(error), host, port), { cause: error });
  } finally {
    server.close();
  }
}

function explain(code: unknown, host: string, port: number): string {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} is in use by another program: stop that one, or set PORT to another port, as in PORT=${port + 1} npm start.`;
    case "EACCES":
      return `Port ${port} needs rights that this user does not have: set PORT to one above 1023.`;
    default:
      return `HOST is "${host}", which is not an address of this machine (${code}): set HOST to 127.0.0.1, or to 0.0.0.0 for all its addresses.`;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : error;
}
