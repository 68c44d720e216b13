/** Called by Next.js once, when the web server starts. */
export async function register(): Promise<void> {
  // Next.js replaces the variable while it builds, which drops what follows from the bundle without Node.js.
  // biome-ignore lint/style/noProcessEnv: read while building
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { watchForShutdown } = await import("@/lib/shutdown");
    watchForShutdown();
    const { traceWebServer } = await import("@/lib/tracing/web-tracing");
    await traceWebServer();
  }
}
