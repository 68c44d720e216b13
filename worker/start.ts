import { ConfigError, getConfig } from "@/lib/config";
import { Product } from "./launcher/product";
import { say } from "./launcher/say";
import { StartError } from "./launcher/start-error";
import { onStopRequest } from "./launcher/stop-requests";
import { EmbeddedPostgresError } from "./postgres/error";

/** Starts the whole product and stays until it is told to stop. Ends the process with a sentence when it cannot start. */
export async function start(options: { dev: boolean }): Promise<void> {
  let product: Product | null = null;
  try {
    product = new Product(getConfig(), options);
    watchForStop(product);
    await product.start();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    await product?.stop();
    process.exit(1);
  }
}

function watchForStop(product: Product): void {
  const stop = async () => {
    say("Stopping the web server, the worker and the database …");
    await product.stop();
    process.exit(0);
  };
  onStopRequest(
    () => void stop(),
    () => product.stopNow(),
  );
}

function explain(error: unknown): string {
  const forPeople = [ConfigError, StartError, EmbeddedPostgresError];
  if (error instanceof Error && forPeople.some((kind) => error instanceof kind))
    return error.message;
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EACCES") {
    return `${error.message}: it belongs to another user; start as that user, or set DATA_DIR to another folder.`;
  }
  return error.stack ?? error.message;
}
