import { describe, expect, it } from "vitest";
import { isImageReference } from "./image-reference";

const digest = `sha256:${"a1".repeat(32)}`;

describe("a reference to an image", () => {
  it.each([
    "alpine",
    "alpine:3.20",
    "library/alpine",
    "a",
    "a.b",
    "team/app_one/part-two:v1.0-rc_1",
    "double__underscore",
    "many---dashes",
    "localhost:5000/app",
    "registry.example/team/app",
    "Registry.Example/team/app",
    "registry.example:443/team/app:tag",
    "192.0.2.1:5000/app",
    `alpine@${digest}`,
    `alpine:3.20@${digest}`,
    `registry.example:5000/team/app:tag@${digest}`,
    `alpine:${"t".repeat(128)}`,
    `${"a".repeat(255)}`,
  ])("is %s", (text) => expect(isImageReference(text)).toBe(true));

  it.each([
    "",
    " ",
    "--privileged",
    "-v",
    "-v /:/host",
    "a b",
    " alpine",
    "alpine ",
    "alpine\n",
    "alpine\0",
    "UPPER/Case",
    "Alpine",
    "image:tag@sha256:zz",
    `alpine@sha256:${"A1".repeat(32)}`,
    `alpine@sha256:${"a".repeat(63)}`,
    `alpine@${digest}0`,
    "alpine@md5:d41d8cd98f00b204e9800998ecf8427e",
    "../x",
    "./x",
    "/x",
    "x/",
    "x//y",
    "http://registry.example/app",
    "https://registry.example/app",
    "docker://alpine",
    "alpine:",
    "alpine:-tag",
    "alpine:.tag",
    `alpine:${"t".repeat(129)}`,
    "alpine@",
    "registry.example:port/app",
    "registry..example/app/",
    "under_-mixed",
    "a___b",
    ".a",
    "a.",
    "ünïcode",
    "$(id)",
    "`id`",
    "a;b",
    "a:b:c",
    "a".repeat(300),
  ])("is not %j", (text) => expect(isImageReference(text)).toBe(false));

  it("is told at once, however a text is made", () => {
    const before = performance.now();
    for (const part of ["a-", "a.", "a_", "a/", "aa", "-"]) isImageReference(part.repeat(100_000));

    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
