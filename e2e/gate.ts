import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a task waits until the journey lets it go on, so that no journey depends on how long anything takes. */
export type Gate = {
  /** For the shell: waits until the gate is open. */
  wait: string;
  /** For the shell: whether it is open. */
  isOpen: string;
  open: () => void;
};

export class Gates {
  private readonly folder = mkdtempSync(join(tmpdir(), "dagline-gates-"));
  private count = 0;

  add(): Gate {
    const file = join(this.folder, String(this.count++));
    const isOpen = `[ -e ${file} ]`;
    return {
      isOpen,
      wait: `until ${isOpen}; do sleep 0.2; done`,
      open: () => writeFileSync(file, ""),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
