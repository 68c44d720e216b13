"use client";

import { Keyboard, PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { Logo } from "./logo";
import { NavList } from "./nav-list";
import { usePreference } from "./preferences";
import { ThemeToggle } from "./theme-toggle";

/** The navigation on the left of wide screens; it folds to its icons. */
export function Sidebar({ onShowKeys }: { onShowKeys: () => void }) {
  const [nav, setNav] = usePreference("nav");
  const folded = nav === "folded";
  const toggle = () => setNav(folded ? "open" : "folded");
  useHotkeys([
    { keys: "[", label: "Fold or unfold the navigation", group: "Everywhere", run: toggle },
  ]);

  return (
    <aside className="border-line bg-subtle nav-folded:md:w-12.25 hidden w-52 shrink-0 flex-col border-r p-2 md:flex">
      <Logo />
      <div className="mt-3 min-h-0 flex-1 overflow-y-auto">
        <NavList folded={folded} />
      </div>
      <div className="nav-folded:flex-col flex items-center gap-0.5">
        <ThemeToggle />
        <IconButton label="Keyboard shortcuts" shortcut="?" side="right" onClick={onShowKeys}>
          <Keyboard aria-hidden />
        </IconButton>
        <IconButton
          label={folded ? "Unfold the navigation" : "Fold the navigation"}
          shortcut="["
          side="right"
          onClick={toggle}
          className="nav-folded:ml-0 ml-auto"
        >
          {folded ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
        </IconButton>
      </div>
    </aside>
  );
}
