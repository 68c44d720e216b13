"use client";

import "reactflow/dist/style.css";
import { useQuery } from "@tanstack/react-query";
import { ChartNoAxesGantt, List, Workflow } from "lucide-react";
import dynamic from "next/dynamic";
import { EmptyState } from "@/components/shared/empty-state";
import { ErrorState } from "@/components/shared/error-state";
import { PageBody } from "@/components/shared/page-body";
import { ButtonLink } from "@/components/ui/button-link";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { RequestError } from "@/lib/client/fetch-json";
import { runQuery, runStructureQuery } from "@/lib/client/runs";
import { isRunFinal } from "@/lib/domain/status";
import type { RunState, RunStructure } from "@/lib/domain/views";
import { RunExecutions } from "./run-executions";
import { RunHeader } from "./run-header";
import { RunInspector } from "./run-inspector";
import { RunSkeleton } from "./run-skeleton";
import { RunStatesProvider, useRunStates } from "./run-states";
import { RunTimelineView } from "./run-timeline";
import { useRunAddress } from "./use-run-address";

/** The canvas measures the window, which the server does not have. */
const RunGraph = dynamic(() => import("./run-graph").then((module) => module.RunGraph), {
  ssr: false,
});

/** One run, live: as graph, timeline or list, with the selected execution beside it. */
export function RunView({
  runId,
  initial,
}: {
  runId: string;
  initial?: { state: RunState; structure: RunStructure } | undefined;
}) {
  const state = useQuery({ ...runQuery(runId), initialData: initial?.state });
  const structure = useQuery({
    ...runStructureQuery(runId),
    initialData: initial?.structure,
  });
  if (state.data && structure.data)
    return <LoadedRun key={runId} state={state.data} structure={structure.data} />;
  const error = state.error ?? structure.error;
  if (error instanceof RequestError && error.status === 404) return <NoRun />;
  if (error)
    return (
      <ErrorState
        onRetry={() => {
          void state.refetch();
          void structure.refetch();
        }}
        retrying={state.isFetching || structure.isFetching}
      >
        {error.message}
      </ErrorState>
    );
  return <RunSkeleton />;
}

function LoadedRun({ state, structure }: { state: RunState; structure: RunStructure }) {
  const { runId, status } = state.run;
  const states = useRunStates(runId);
  const address = useRunAddress();
  const selected = structure.executions.find((each) => each.executionId === address.selectedId);
  const selectedId = selected?.executionId ?? null;
  const known = new Set(structure.executions.map((each) => each.executionId));
  useHotkeys([
    {
      keys: "g",
      label: "Graph or list",
      group: "Run",
      run: () => address.setTab(address.tab === "list" ? "graph" : "list"),
    },
  ]);

  /** What blocks an execution may belong to another run. */
  function hrefOf(executionId: string): string {
    if (!known.has(executionId)) return `/executions/${executionId}`;
    const tab = address.tab === "graph" ? "" : `&tab=${address.tab}`;
    return `/runs/${runId}?execution=${executionId}${tab}`;
  }

  return (
    <RunStatesProvider value={states}>
      <RunHeader
        state={state}
        hasSelection={selectedId !== null}
        onShowStatus={address.showStatus}
      />
      <PageBody flush>
        <div className="flex min-h-0 flex-1">
          <Tabs value={address.tab} onValueChange={address.setTab} className="flex-1">
            <TabList label="Ways to see the run">
              <Tab value="graph" icon={<Workflow aria-hidden />}>
                Graph
              </Tab>
              <Tab value="timeline" icon={<ChartNoAxesGantt aria-hidden />}>
                Timeline
              </Tab>
              <Tab value="list" icon={<List aria-hidden />} count={structure.executions.length}>
                List
              </Tab>
            </TabList>
            <TabPanel value="graph" className="overflow-hidden">
              <RunGraph structure={structure} selectedId={selectedId} onSelect={address.select} />
            </TabPanel>
            <TabPanel value="timeline" className="overflow-hidden">
              <RunTimelineView
                runId={runId}
                structure={structure}
                final={isRunFinal(status)}
                selectedId={selectedId}
                onSelect={address.select}
              />
            </TabPanel>
            <TabPanel value="list" className="overflow-hidden">
              <RunExecutions
                state={state}
                structure={structure}
                status={address.status}
                onStatusChange={address.setStatus}
                hrefOf={hrefOf}
                selectedId={selectedId}
              />
            </TabPanel>
          </Tabs>
          {selected && (
            <RunInspector
              executionId={selected.executionId}
              name={selected.taskName}
              hrefOf={hrefOf}
              onClose={() => address.select(null)}
            />
          )}
        </div>
      </PageBody>
    </RunStatesProvider>
  );
}

function NoRun() {
  return (
    <EmptyState
      page
      icon={<Workflow />}
      title="There is no such run"
      action={<ButtonLink href="/runs">Go to all runs</ButtonLink>}
    >
      The address is wrong, or its project was deleted.
    </EmptyState>
  );
}
