const EXIT_LIMIT_MS = 10_000;

/** Called by Next.js once, when the web server starts. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next.js replaces it while it builds, which drops the rest from the edge bundle
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { announceShutdown, onLauncherDeath } = await import("@/lib/shutdown");
  // Next.js waits for all responses to end; an open event stream never would.
  process.on("SIGTERM", announceShutdown);
  process.on("SIGINT", announceShutdown);
  onLauncherDeath(() => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), EXIT_LIMIT_MS).unref();
  });
}
