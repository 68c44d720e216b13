"use client";

import { useQuery } from "@tanstack/react-query";
import { systemQuery } from "@/lib/client/system";
import type { SystemState } from "@/lib/domain/views";

export type Slots = Pick<SystemState, "workersAlive" | "slots" | "slotsUsed" | "breakers">;

/** Workers, slots and breakers alone, so that what shows them is not rendered at every heartbeat. */
export function useSlots(): Slots | undefined {
  return useQuery({ ...systemQuery(), select: pickSlots }).data;
}

function pickSlots({ workersAlive, slots, slotsUsed, breakers }: SystemState): Slots {
  return { workersAlive, slots, slotsUsed, breakers };
}
