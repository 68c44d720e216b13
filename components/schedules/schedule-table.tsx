"use client";

import {
  LatestRun,
  NextFire,
  ScheduleError,
  ScheduleWhen,
} from "@/components/shared/schedule/schedule-facts";
import { ScheduleMenu } from "@/components/shared/schedule/schedule-menu";
import { ScheduleSwitch } from "@/components/shared/schedule/schedule-switch";
import { RowLink } from "@/components/ui/row-link";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "@/components/ui/table";
import type { ScheduleView } from "@/lib/domain/schedule-views";

/** Schedules as rows; a row opens its graph with its schedules. */
export function ScheduleTable({ schedules }: { schedules: readonly ScheduleView[] }) {
  return (
    <Table label="Schedules" className="flex-1">
      <TableHead>
        <Th>On</Th>
        <Th truncate>Schedule</Th>
        <Th className="hidden md:table-cell">When</Th>
        <Th className="hidden sm:table-cell">Next fire time</Th>
        <Th className="hidden xl:table-cell">Latest run</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {schedules.map((schedule) => (
          <Row key={schedule.scheduleId} schedule={schedule} />
        ))}
      </TableBody>
    </Table>
  );
}

function Row({ schedule }: { schedule: ScheduleView }) {
  const { name, graphId, graphName, projectName } = schedule;
  return (
    <TableRow>
      <Td>
        <ScheduleSwitch schedule={schedule} />
      </Td>
      <Td truncate className="py-2">
        <span className="flex min-w-0 flex-col">
          <RowLink
            href={`/graphs/${graphId}?schedules=true`}
            data-row-id={schedule.scheduleId}
            title={name}
            className="truncate"
          >
            {name}
          </RowLink>
          <span className="text-muted truncate text-xs" title={`${projectName} / ${graphName}`}>
            {projectName} / {graphName}
          </span>
          <ScheduleError schedule={schedule} />
          <span className="mt-1.5 md:hidden">
            <ScheduleWhen schedule={schedule} />
          </span>
          <span className="mt-1.5 flex gap-1.5 sm:hidden">
            <span className="text-muted">next</span>
            <NextFire schedule={schedule} />
          </span>
          <span className="mt-1.5 xl:hidden">
            <LatestRun schedule={schedule} />
          </span>
        </span>
      </Td>
      <Td className="hidden max-w-64 py-2 md:table-cell">
        <ScheduleWhen schedule={schedule} />
      </Td>
      <Td className="hidden py-2 sm:table-cell">
        <NextFire schedule={schedule} />
      </Td>
      <Td className="hidden py-2 xl:table-cell [&>span]:flex-nowrap">
        <LatestRun schedule={schedule} />
      </Td>
      <Td>
        <ScheduleMenu schedule={schedule} />
      </Td>
    </TableRow>
  );
}
