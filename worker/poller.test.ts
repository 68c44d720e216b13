import { afterEach, expect, it, vi } from "vitest";
import { log } from "@/lib/log";
import { Poller } from "./poller";

let poller: Poller;
afterEach(() => poller.stop());

it.each(Array.from({ length: 12 }, (_, i) => i))(
  "polls within the time asked for, %i steps after a poll has answered",
  async (steps) => {
    let polls = 0;
    const askSoon = async () => {
      for (let i = 0; i < steps; i++) await Promise.resolve();
      poller.wakeWithin(1);
    };
    const poll = async () => {
      polls++;
      if (polls === 1) queueMicrotask(() => void askSoon());
      return 3_600_000;
    };
    poller = new Poller({ name: "test", poll, log });
    poller.start();
    await vi.waitFor(() => expect(polls).toBe(2));
  },
);
