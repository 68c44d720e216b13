"use client";

import { Toast as BaseToast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import type { ReactNode } from "react";
import { buttonStyle } from "./button-style";

type ToastType = "info" | "success" | "error";

const ICON = {
  info: <Info aria-label="Note" className="text-info-fg" />,
  success: <CircleCheck aria-label="Done" className="text-success-fg" />,
  error: <CircleAlert aria-label="Failed" className="text-danger-fg" />,
} as const satisfies Record<ToastType, ReactNode>;

export type ToastOptions = {
  description?: string;
  /** Such as undo; the toast goes when it is pressed. */
  action?: { label: string; onClick: () => void };
};

/** `const toast = useToast(); toast.success("Saved"); toast.error("Not saved", { description })`. Errors stay until closed. */
export function useToast() {
  const { add, close } = BaseToast.useToastManager();
  function show(type: ToastType, title: string, { description, action }: ToastOptions = {}) {
    const id = add({
      title,
      description,
      type,
      timeout: type === "error" ? 0 : 5000,
      priority: type === "error" ? "high" : "low",
      actionProps: action && {
        children: action.label,
        onClick: () => {
          action.onClick();
          close(id);
        },
      },
    });
    return id;
  }
  return {
    info: (title: string, options?: ToastOptions) => show("info", title, options),
    success: (title: string, options?: ToastOptions) => show("success", title, options),
    error: (title: string, options?: ToastOptions) => show("error", title, options),
    close,
  };
}

/** Once at the root. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <BaseToast.Provider limit={4}>
      {children}
      <BaseToast.Portal>
        <BaseToast.Viewport className="fixed right-4 bottom-4 z-60 flex w-88 max-w-[calc(100vw-2rem)] flex-col gap-2">
          <ToastList />
        </BaseToast.Viewport>
      </BaseToast.Portal>
    </BaseToast.Provider>
  );
}

function ToastList() {
  const { toasts } = BaseToast.useToastManager();
  return toasts.map((toast) => (
    <BaseToast.Root
      key={toast.id}
      toast={toast}
      swipeDirection="right"
      className="bg-raised shadow-raised translate-x-(--toast-swipe-movement-x) rounded-lg text-sm transition-[translate,opacity] duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <BaseToast.Content className="flex items-start gap-2 p-3">
        <span className="mt-0.5 shrink-0 [&_svg]:size-4">{ICON[iconOf(toast.type)]}</span>
        <div className="min-w-0 flex-1 break-words">
          <BaseToast.Title className="font-medium" />
          <BaseToast.Description className="text-muted text-pretty" />
          {toast.actionProps && (
            <BaseToast.Action className={`mt-2 ${buttonStyle({ size: "sm" })}`} />
          )}
        </div>
        <BaseToast.Close
          aria-label="Close"
          className="text-muted hover:bg-hover hover:text-fg -m-1 shrink-0 rounded-md p-1"
        >
          <X aria-hidden className="size-4" />
        </BaseToast.Close>
      </BaseToast.Content>
    </BaseToast.Root>
  ));
}

function iconOf(type: string | undefined): ToastType {
  return type === "success" || type === "error" ? type : "info";
}
