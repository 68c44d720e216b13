"use client";

import { Menu } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Sheet } from "@/components/ui/sheet";
import { Logo } from "./logo";
import { NavList } from "./nav-list";
import { ThemeToggle } from "./theme-toggle";

/** The navigation on phones: a bar, and a sheet behind its button. */
export function TopBar() {
  const [open, setOpen] = useState(false);
  return (
    <div className="border-line bg-subtle flex h-12 shrink-0 items-center justify-between border-b px-2 md:hidden">
      <Logo />
      <div className="flex items-center gap-1">
        <ThemeToggle />
        <IconButton label="Navigation" onClick={() => setOpen(true)}>
          <Menu aria-hidden />
        </IconButton>
      </div>
      <Sheet title="Navigation" side="left" size="sm" open={open} onOpenChange={setOpen}>
        <div className="p-2">
          <NavList onNavigate={() => setOpen(false)} />
        </div>
      </Sheet>
    </div>
  );
}
