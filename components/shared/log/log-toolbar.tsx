"use client";

import clsx from "clsx";
import {
  ArrowDown,
  ArrowUp,
  CircleAlert,
  Clock,
  Download,
  SlidersHorizontal,
  WrapText,
} from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { IconButton } from "@/components/ui/icon-button";
import { Menu } from "@/components/ui/menu";
import {
  MenuCheckboxItem,
  MenuGroup,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
} from "@/components/ui/menu-item";
import { SearchInput } from "@/components/ui/search-input";
import type { StreamFilter } from "./log-search";

export type LogToolbarProps = {
  text: string;
  onTextChange: (text: string) => void;
  searchRef: RefObject<HTMLInputElement | null>;
  /** Of how many matches the search stands at which, from 1; 0 before the first. */
  matches: { count: number; at: number };
  onStepMatch: (step: 1 | -1) => void;
  errorCount: number;
  onStepError: () => void;
  stream: StreamFilter;
  onStreamChange: (stream: StreamFilter) => void;
  wrap: boolean;
  onWrapChange: (wrap: boolean) => void;
  timestamps: boolean;
  onTimestampsChange: (timestamps: boolean) => void;
  downloadHref: string;
  /** Before the search: which attempt. */
  children?: ReactNode;
};

export function LogToolbar(props: LogToolbarProps) {
  return (
    <div className="border-line flex shrink-0 flex-wrap items-center gap-1.5 border-b px-2 py-1.5">
      {props.children}
      <search
        className={clsx(
          "flex flex-1 items-center gap-1",
          props.text === "" ? "min-w-28" : "min-w-56",
        )}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          props.onStepMatch(event.shiftKey ? -1 : 1);
        }}
      >
        <SearchInput
          size="sm"
          label="Search in the log"
          value={props.text}
          onValueChange={props.onTextChange}
          ref={props.searchRef}
        />
        {props.text !== "" && <MatchSteps {...props} />}
      </search>
      <IconButton
        size="sm"
        label={
          props.errorCount === 0
            ? "No line speaks of an error"
            : `Next of ${props.errorCount} errors`
        }
        shortcut="n"
        disabled={props.errorCount === 0}
        onClick={props.onStepError}
      >
        <CircleAlert aria-hidden className={props.errorCount > 0 ? "text-danger-fg" : ""} />
      </IconButton>
      <ViewMenu {...props} />
      <ButtonLink
        href={props.downloadHref}
        prefetch={false}
        download
        size="sm"
        variant="ghost"
        title="Download the whole log"
        aria-label="Download the whole log"
        className="px-1.5"
        icon={<Download aria-hidden />}
      />
    </div>
  );
}

function MatchSteps({ matches, onStepMatch }: LogToolbarProps) {
  return (
    <>
      <span className="text-muted shrink-0 text-xs tabular-nums" aria-live="polite">
        {matches.count === 0 ? "none" : `${matches.at}/${matches.count}`}
      </span>
      <IconButton
        size="sm"
        label="Previous match"
        disabled={matches.count === 0}
        onClick={() => onStepMatch(-1)}
      >
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label="Next match"
        disabled={matches.count === 0}
        onClick={() => onStepMatch(1)}
      >
        <ArrowDown aria-hidden />
      </IconButton>
    </>
  );
}

function ViewMenu(props: LogToolbarProps) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton size="sm" label="What is shown of the log">
          <SlidersHorizontal
            aria-hidden
            className={props.stream === "all" ? "" : "text-accent-fg"}
          />
        </IconButton>
      }
    >
      <MenuGroup label="Streams">
        <MenuRadioGroup value={props.stream} onValueChange={props.onStreamChange}>
          <MenuRadioItem value="all">Both</MenuRadioItem>
          <MenuRadioItem value="stdout">Standard output</MenuRadioItem>
          <MenuRadioItem value="stderr">Standard error</MenuRadioItem>
        </MenuRadioGroup>
      </MenuGroup>
      <MenuSeparator />
      <MenuCheckboxItem
        checked={props.wrap}
        onCheckedChange={props.onWrapChange}
        icon={<WrapText aria-hidden />}
      >
        Wrap long lines
      </MenuCheckboxItem>
      <MenuCheckboxItem
        checked={props.timestamps}
        onCheckedChange={props.onTimestampsChange}
        icon={<Clock aria-hidden />}
      >
        Times (UTC)
      </MenuCheckboxItem>
    </Menu>
  );
}
