/** @type {import("next").NextConfig} */
const nextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // The driver and the logger stay plain node_modules: bundling them breaks their worker threads and sockets. The others look
  // at the process they run in.
  serverExternalPackages: [
    "postgres",
    "pino",
    "prom-client",
    "@opentelemetry/api",
    "@opentelemetry/exporter-trace-otlp-http",
    "@opentelemetry/resources",
    "@opentelemetry/sdk-trace-base",
  ],
  // `npm test` checks the types; a start does not have to wait for it.
  typescript: { ignoreBuildErrors: true },
  experimental: { serverActions: { bodySizeLimit: "8mb" } },
};

export default nextConfig;
