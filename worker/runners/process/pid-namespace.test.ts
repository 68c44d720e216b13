import { expect, it } from "vitest";
import { findNamespaceLauncher } from "./pid-namespace";

const launcher = await findNamespaceLauncher();

it.skipIf(launcher === null)(
  "starts nothing when the stop comes while the namespace is being made",
  async () => {
    const stop = new AbortController();
    const launching = launcher?.launch({
      argv: ["sh", "-c", "exit 7"],
      env: {},
      cwd: "/",
      stdout: "ignore",
      stderr: "ignore",
      mark: "",
      signal: stop.signal,
    });
    stop.abort();

    expect(await launching).toBeNull();
  },
);
