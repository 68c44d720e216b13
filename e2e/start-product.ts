import { launchProduct } from "./product";

/** Time enough to see and press what is offered while a command is asked to stop. */
const CANCEL_GRACE = "45";

/** Starts the product that all journeys share; returns what stops it and takes all away. */
// biome-ignore lint/style/noDefaultExport: Playwright wants one
export default async function startProduct(): Promise<() => Promise<void>> {
  const product = await launchProduct({ CANCEL_GRACE });
  // biome-ignore lint/style/noProcessEnv: the way of Playwright to tell its test processes
  process.env.E2E_BASE_URL = product.address;
  return product.stop;
}
