/** Beyond this many a list of topics says no more than "anything may have changed". */
const MAX_TOPICS = 50;

/** What screens call the thing that a notification is about: "run:<id>" and "executions", "*", or a topic such as "graphs". */
export function topicsOf(payload: string): string[] {
  return RUN_ID.test(payload) ? [`run:${payload}`, "executions"] : [payload];
}

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Topics that have gathered, as they are sent. */
export function condense(topics: ReadonlySet<string>): string[] {
  return topics.has("*") || topics.size > MAX_TOPICS ? ["*"] : [...topics];
}
