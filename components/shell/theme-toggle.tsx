"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { Menu } from "@/components/ui/menu";
import { MenuRadioGroup, MenuRadioItem } from "@/components/ui/menu-item";
import { type Theme, usePreference } from "./preferences";

const ICON = { system: Monitor, light: Sun, dark: Moon } as const satisfies Record<Theme, unknown>;

export function ThemeToggle() {
  const [theme, setTheme] = usePreference("theme");
  const Icon = ICON[theme];
  return (
    <Menu
      trigger={
        <IconButton label="Theme" side="right">
          <Icon aria-hidden />
        </IconButton>
      }
    >
      <MenuRadioGroup value={theme} onValueChange={setTheme}>
        <MenuRadioItem value="system" icon={<Monitor aria-hidden />}>
          System
        </MenuRadioItem>
        <MenuRadioItem value="light" icon={<Sun aria-hidden />}>
          Light
        </MenuRadioItem>
        <MenuRadioItem value="dark" icon={<Moon aria-hidden />}>
          Dark
        </MenuRadioItem>
      </MenuRadioGroup>
    </Menu>
  );
}
