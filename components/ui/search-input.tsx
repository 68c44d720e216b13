"use client";

import { Search, X } from "lucide-react";
import type { RefObject } from "react";
import type { ControlSize } from "./control-style";
import { Input } from "./input";

export type SearchInputProps = {
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  placeholder?: string;
  size?: ControlSize;
  ref?: RefObject<HTMLInputElement | null>;
};

/** Text to look for; Escape or the cross empties it. */
export function SearchInput({
  label,
  value,
  onValueChange,
  size,
  ref,
  ...props
}: SearchInputProps) {
  return (
    <div className="relative w-full">
      <Input
        {...props}
        ref={ref}
        size={size}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={props.placeholder ?? label}
        icon={<Search aria-hidden />}
        value={value}
        onValueChange={onValueChange}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.stopPropagation();
          onValueChange("");
        }}
        className="pr-7"
      />
      {value !== "" && (
        <button
          type="button"
          aria-label="Clear"
          onClick={() => onValueChange("")}
          className="text-muted hover:text-fg absolute inset-y-0 right-0 grid w-7 place-items-center rounded-md"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </div>
  );
}
