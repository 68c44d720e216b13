import { AsyncLocalStorage } from "node:async_hooks";

// Next.js looks for it when its first module is loaded: a test that calls actions imports this file before all others.
Object.assign(globalThis, { AsyncLocalStorage });
