/** The SDK's version. CLI and engine must be of the same minor version; a test holds this to what is installed. */
export const DAGGER_VERSION = "0.21.9";

/** The SDK asks for objects by `node(id:)`, which came with this patch of its minor version. */
const OLDEST_PATCH = 1;

/** The engine's version does not fit. The message says what to install. */
export class DaggerVersionError extends Error {
  override name = "DaggerVersionError";
}

/** What to do about an engine whose version does not fit the SDK, as a sentence; null when it fits. */
export function findVersionProblem(engineVersion: string): string | null {
  const [, engineMinor, enginePatch] = /^v?(\d+\.\d+)\.(\d+)/.exec(engineVersion) ?? [];
  const [minor] = /^\d+\.\d+/.exec(DAGGER_VERSION) ?? [];
  if (engineMinor === minor && Number(enginePatch) >= OLDEST_PATCH) return null;
  return `The Dagger engine is version ${engineVersion}, but Dagline speaks ${DAGGER_VERSION}: install Dagger ${DAGGER_VERSION}, CLI and engine.`;
}
