"use client";

import { type ReactNode, useState } from "react";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { KeyboardHelp } from "./keyboard-help";
import { Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";

/** Navigation beside the page. `banner` lies above the page and is for what concerns everything. */
export function AppShell({ banner, children }: { banner?: ReactNode; children: ReactNode }) {
  const [keysShown, setKeysShown] = useState(false);
  useHotkeys([
    {
      keys: "?",
      label: "Show these shortcuts",
      group: "Everywhere",
      run: () => setKeysShown(true),
    },
  ]);

  return (
    <div className="flex h-dvh flex-col overflow-hidden md:flex-row">
      <a
        href="#main"
        className="focus:bg-raised focus:shadow-raised sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:px-3 focus:py-1.5"
      >
        Skip to the content
      </a>
      <Sidebar onShowKeys={() => setKeysShown(true)} />
      <TopBar />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        {banner}
        <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
          {children}
        </main>
      </div>
      <KeyboardHelp open={keysShown} onOpenChange={setKeysShown} />
    </div>
  );
}
