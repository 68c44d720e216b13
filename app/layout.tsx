import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { LiveBanner } from "@/components/shell/live-banner";
import { PreferencesScript } from "@/components/shell/preferences-script";
import "./globals.css";
import { Providers } from "./providers";

export const metadata: Metadata = {
  title: { default: "Dagline", template: "%s · Dagline" },
  description: "Draw task graphs, run them as containers, and operate them.",
};

export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    // The script below sets attributes of this element before React sees it.
    <html lang="en" suppressHydrationWarning>
      <head>
        <PreferencesScript nonce={nonce} />
      </head>
      <body>
        <Providers nonce={nonce}>
          <AppShell banner={<LiveBanner />}>{children}</AppShell>
        </Providers>
      </body>
    </html>
  );
}
