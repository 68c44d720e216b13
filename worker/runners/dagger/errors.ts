import { DaggerSessionError } from "./session";

export type DaggerFailure = {
  errorClass: "image" | "command_not_found" | "invalid" | "infrastructure";
  message: string;
};

type Rule = {
  when: (error: EngineAnswer) => boolean;
  errorClass: DaggerFailure["errorClass"];
  advice: string;
};

/** What is known of an error: the answer's HTTP status (null when none came) and the engine's words. */
type EngineAnswer = { status: number | null; text: string };

const MAX_TEXT_LENGTH = 2_000;

const TRANSIENT =
  /timeout|timed out|deadline|connection (refused|reset)|no such host|temporary failure|too many requests|\b429\b|\b5\d\d\b|unexpected EOF|TLS handshake|i\/o|network is unreachable|server misbehaving/i;

const IMAGE_TROUBLE = /failed to (resolve image|parse image address)/;

/** From top to bottom; the first that fits decides. What nothing here knows is taken to be the engine's fault, not the task's. */
const rules: Rule[] = [
  {
    when: ({ status }) => status === null,
    errorClass: "infrastructure",
    advice: "The connection to the Dagger engine was lost",
  },
  {
    when: ({ status }) => status === 401,
    errorClass: "invalid",
    advice: "The Dagger session refused our token; is another Dagger CLI on its port?",
  },
  {
    when: ({ status }) => status === 400 || status === 422,
    errorClass: "invalid",
    advice:
      "The Dagger engine does not understand this request; its version must match that of Dagline's Dagger SDK",
  },
  {
    when: ({ status }) => status !== 200,
    errorClass: "infrastructure",
    advice: "The Dagger engine could not answer",
  },
  {
    when: ({ text }) => IMAGE_TROUBLE.test(text) && TRANSIENT.test(withoutReference(text)),
    errorClass: "infrastructure",
    advice: "The registry could not be reached",
  },
  {
    when: ({ text }) => /failed to parse image address/.test(text) || isRefusedImage(text),
    errorClass: "image",
    advice: "The image cannot be had: check its name, and that the engine may pull it",
  },
  {
    when: () => true,
    errorClass: "infrastructure",
    advice: "The Dagger engine failed",
  },
];

/** Class and sentence for an error of the Dagger SDK or of a session; null for anything else, which is a bug of ours. */
export function toDaggerFailure(error: unknown): DaggerFailure | null {
  if (error instanceof DaggerSessionError)
    return { errorClass: "infrastructure", message: error.message };
  const answer = toEngineAnswer(error);
  if (answer === null) return null;
  const rule = rules.find(({ when }) => when(answer));
  if (rule === undefined) return null;
  return { errorClass: rule.errorClass, message: `${rule.advice}: ${shorten(answer.text)}` };
}

/**
 * Only the engine's own words are taken. The SDK's messages and causes hold the whole request, and with it secrets.
 */
function toEngineAnswer(error: unknown): EngineAnswer | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  if (error.name === "GraphQLRequestError") return fromResponse(error);
  if (error.name === "ExecError") return { status: 200, text: error.message };
  if (error.name === "UnknownDaggerError" || error.name === "NotAwaitedRequestError")
    return { status: null, text: describeCause(error.cause) };
  return null;
}

type Response = { status?: number; body?: string; errors?: { message?: string }[] };

function fromResponse(error: Error): EngineAnswer {
  // The SDK types neither field, but sets both: the answer as graphql-request saw it.
  const { response } = error as Error & { response?: Response };
  const said = response?.errors?.map(({ message }) => message ?? "").filter(Boolean) ?? [];
  return {
    status: response?.status ?? 200,
    text: said.join("; ") || response?.body || "no reason given",
  };
}

function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return "no answer came";
  if (cause instanceof SyntaxError) return "its answer was unreadable";
  if (cause.name === "AnswerTooLargeError") return "its answer was too large";
  return "code" in cause ? `${cause.message} (${cause.code})` : cause.message;
}

function isRefusedImage(text: string): boolean {
  return (
    IMAGE_TROUBLE.test(text) &&
    /not found|denied|unauthori[sz]ed|forbidden|authorization|manifest unknown|name unknown|no match for platform|invalid reference|\b40[134]\b/i.test(
      text,
    )
  );
}

/** Without the image's own name, in which "timeout" or "500" would mean nothing. */
function withoutReference(text: string): string {
  const name = /failed to resolve image "([^"@:]*)/.exec(text)?.[1];
  return name ? text.replaceAll(name, "") : text;
}

function shorten(text: string): string {
  const plain = text.replace(/\s*\[traceparent:[^\]]*\]/g, "").trim();
  return plain.length > MAX_TEXT_LENGTH ? `${plain.slice(0, MAX_TEXT_LENGTH)} …` : plain;
}
