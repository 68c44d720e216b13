/** @type {import("next").NextConfig} */
const nextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // The driver and the logger stay plain node_modules: bundling them breaks their worker threads and sockets.
  serverExternalPackages: ["postgres", "pino", "prom-client"],
  // `npm test` checks the types; a start does not have to wait for it.
  typescript: { ignoreBuildErrors: true },
  experimental: { serverActions: { bodySizeLimit: "8mb" } },
};

export default nextConfig;
