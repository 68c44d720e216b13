import type { ActionError, ActionResult } from "@/lib/actions/action-result";
import { reportConnection } from "./connection";

/** A refused or failed action; the message is a sentence for people. */
export class ActionFailure extends Error {
  override readonly name = "ActionFailure";
  readonly code: ActionError["code"] | "offline";
  readonly details: ActionError["details"];

  constructor(error: {
    code: ActionFailure["code"];
    message: string;
    details: ActionError["details"];
  }) {
    super(error.message);
    this.code = error.code;
    this.details = error.details;
  }
}

/** Calls a server action and returns its data; throws an ActionFailure for a refusal or a server that does not answer. */
export async function callAction<I, T>(
  action: (input: I) => Promise<ActionResult<T>>,
  input: I,
): Promise<T> {
  const result = await reach(action, input);
  if (result.ok) return result.data;
  throw new ActionFailure(result.error);
}

async function reach<I, T>(action: (input: I) => Promise<ActionResult<T>>, input: I) {
  try {
    return await action(input);
  } catch (error) {
    // A fetch that fails throws a TypeError; anything else came from the server or from a page older than the server.
    const unreachable = error instanceof TypeError;
    if (unreachable) reportConnection("offline");
    throw new ActionFailure({
      code: unreachable ? "offline" : "internal",
      message: unreachable
        ? "The server could not be reached. See whether it was done before you try again."
        : "The server could not do it. Reload the page and try again; its log says more.",
      details: [],
    });
  }
}
