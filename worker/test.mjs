// `npm test`: plain Node.js until the packages are there, TypeScript from then on.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
await install();
const { register } = await import("tsx/esm/api");
register();
const { runAllChecks } = await import("./checks/run-all-checks.ts");
process.exit((await runAllChecks()) ? 0 : 1);
