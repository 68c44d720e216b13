import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinCommand, splitCommand } from "./split-command";

describe("splitCommand", () => {
  it.each([
    ["", []],
    ["   ", []],
    ["node -e 1", ["node", "-e", "1"]],
    ["  node \t -e\n1 ", ["node", "-e", "1"]],
    [`node -e 'console.log("a b")'`, ["node", "-e", 'console.log("a b")']],
    [`sh -c "echo \\"hi\\" && sleep 1"`, ["sh", "-c", 'echo "hi" && sleep 1']],
    [`echo a\\ b`, ["echo", "a b"]],
    [`echo ''`, ["echo", ""]],
    [`echo "a"'b'c`, ["echo", "abc"]],
    [`echo "a\\nb"`, ["echo", "a\\nb"]],
    [`echo 'a\\'`, ["echo", "a\\"]],
    ["echo $HOME *.txt | wc > out; ls", ["echo", "$HOME", "*.txt", "|", "wc", ">", "out;", "ls"]],
    [`echo \${tasks.fetch.outputs.url}`, ["echo", `\${tasks.fetch.outputs.url}`]],
    ["echo \\", ["echo", "\\"]],
  ])("splits %j", (line, args) => {
    expect(splitCommand(line)).toEqual({ args, open: null });
  });

  it("tells which quote is still open, and takes the rest as quoted", () => {
    expect(splitCommand("sh -c 'echo hi")).toEqual({ args: ["sh", "-c", "echo hi"], open: "'" });
  });
});

describe("joinCommand", () => {
  it("writes plain arguments plainly", () => {
    expect(joinCommand(["node", "-e", "console.log(1)"])).toBe("node -e console.log(1)");
  });

  it("writes a line that splits into the same arguments, whatever they hold", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (args) => {
        expect(splitCommand(joinCommand(args))).toEqual({ args, open: null });
      }),
    );
  });
});
