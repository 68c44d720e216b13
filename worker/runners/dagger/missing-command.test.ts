import { describe, expect, it } from "vitest";
import { findMissingCommand } from "./missing-command";

describe("a command that could not be started", () => {
  it.each([
    [["nope"], 'exec: "nope": executable file not found in $PATH\n', /no program "nope"/],
    [["/nope"], "fork/exec /nope: no such file or directory\n", /"\/nope" .*no such file/],
    [["./a"], "fork/exec ./a: permission denied\n", /permission denied/],
    [["./a"], "fork/exec ./a: exec format error", /exec format error/],
    [["sh"], "fork/exec /bin/sh: exec format error\n", /"sh" .*exec format error/],
  ])("%j is known by the engine's words", (command, stderr, sentence) => {
    expect(findMissingCommand(command, 1, stderr)).toMatch(sentence);
  });

  it.each([
    ["another exit code", ["nope"], 127, 'exec: "nope": executable file not found in $PATH\n'],
    ["another program", ["sh"], 1, 'exec: "nope": executable file not found in $PATH\n'],
    ["more than those words", ["nope"], 1, 'x\nexec: "nope": executable file not found in $PATH\n'],
    ["another program of the PATH", ["sh"], 1, "fork/exec /bin/bash: exec format error\n"],
    ["a program whose name ends alike", ["sh"], 1, "fork/exec /bin/zsh: exec format error\n"],
    ["another reason", ["/a"], 1, "fork/exec /a: the moon is full\n"],
    ["silence", ["a"], 1, ""],
  ])("is not taken from %s", (_name, command, exitCode, stderr) => {
    expect(findMissingCommand(command, exitCode, stderr)).toBeNull();
  });
});
