import { ActionFailure } from "@/lib/client/call-action";

/** Does it; returns null, or in words what was refused, as `ConfirmDialog` shows it. */
export async function attempt(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof ActionFailure ? error.message : "Something went wrong. Try again.";
  }
}
