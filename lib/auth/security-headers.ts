/**
 * The content security policy of a page: scripts only with this response's nonce, and what they load. Styles may be inline,
 * because React Flow places its nodes by style attributes.
 */
export function contentSecurityPolicy(nonce: string, options: { development: boolean }): string {
  // React rebuilds server stacks by eval, and the page reloads itself over a socket, both in development only.
  const evaluation = options.development ? " 'unsafe-eval'" : "";
  const socket = options.development ? " ws:" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${socket}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** What every page says besides; nothing of it depends on the request. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "cache-control": "private, no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};
