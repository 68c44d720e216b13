import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DAGGER_VERSION, findVersionProblem } from "./version";

describe("the version of Dagger", () => {
  it("is that of the installed SDK", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const installed = JSON.parse(
      readFileSync("node_modules/@dagger.io/dagger/package.json", "utf8"),
    );

    expect(dependencies["@dagger.io/dagger"]).toBe(DAGGER_VERSION);
    expect(installed.version).toBe(DAGGER_VERSION);
  });

  it.each(["v0.21.9", "0.21.9", "v0.21.1", "v0.21.12", "v0.21.9-dev-0123abc"])(
    "%s of an engine fits",
    (version) => expect(findVersionProblem(version)).toBeNull(),
  );

  it.each(["v0.21.0", "v0.20.9", "v0.22.0", "v1.0.0", "devel", ""])(
    "%s of an engine does not fit, and the sentence says what to install",
    (version) => expect(findVersionProblem(version)).toContain(`install Dagger ${DAGGER_VERSION}`),
  );
});
