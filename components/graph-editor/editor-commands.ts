import { GRID, NODE_HEIGHT, NODE_WIDTH } from "@/components/canvas/canvas-size";
import type { Point } from "@/components/canvas/layered-layout";
import type { TaskDetail } from "@/lib/domain/views";
import { type Copied, copyTasks, pasteTasks } from "./clipboard";
import { connectionProblem } from "./connection-problem";
import { addNodes, connect, disconnect, freePlace, remove } from "./draft-edits";
import type { ProjectTask } from "./draft-problems";
import type { DraftStore } from "./draft-store";
import { selectTasks, type ViewStore } from "./editor-view";
import type { DraftDependency } from "./graph-draft";
import { newTaskDraft, toTaskDraft } from "./task-draft";
import { dependencyOf } from "./to-flow";
import { freshName } from "./unique-key";

export type EditorCommands = ReturnType<typeof createEditorCommands>;

/** Where a new task goes and what it hangs on. */
export type Placement = {
  at: Point;
  /** The task that the new one waits for, or that waits for the new one. */
  after?: string;
  before?: string;
};

const DUPLICATE_OFFSET = 4 * GRID;

/** What buttons, keys and menus do to the drawing; the same whoever asks. */
export function createEditorCommands({
  draft: store,
  view,
  projectTasks,
  newId,
}: {
  draft: DraftStore;
  view: ViewStore;
  projectTasks: () => readonly ProjectTask[];
  newId: () => string;
}) {
  function takenKeys(): Set<string> {
    const drawn = store.getState().draft.nodes.map(({ task }) => task.key);
    return new Set([...drawn, ...projectTasks().map(({ key }) => key)]);
  }

  function insert(copied: Copied): void {
    store.edit(addNodes(copied.nodes, copied.dependencies));
    selectTasks(
      view,
      copied.nodes.map(({ taskId }) => taskId),
    );
  }

  function addTask({ at, after, before }: Placement): string {
    const { nodes } = store.getState().draft;
    const names = new Set(nodes.map(({ task }) => task.name));
    const task = newTaskDraft(freshName("New task", { names, keys: takenKeys() }));
    const taskId = newId();
    const place = freePlace(nodes, snapped(at));
    const dependencies = [
      ...(after ? [{ taskId, dependsOnTaskId: after }] : []),
      ...(before ? [{ taskId: before, dependsOnTaskId: taskId }] : []),
    ];
    insert({ nodes: [{ taskId, ...place, task }], dependencies });
    view.setState({ focus: { taskId, path: "name" } });
    return taskId;
  }

  /** Puts a stored task of the project into the graph. */
  function addStored({ taskId, version, task }: TaskDetail, at: Point): void {
    const { draft, versions, saved } = store.getState();
    if (draft.nodes.some((node) => node.taskId === taskId)) {
      selectTasks(view, [taskId]);
      return;
    }
    store.setSaved({
      saved,
      versions: { ...versions, tasks: { ...versions.tasks, [taskId]: version } },
    });
    const place = freePlace(draft.nodes, snapped(at));
    insert({ nodes: [{ taskId, ...place, task: toTaskDraft(task) }], dependencies: [] });
  }

  /** Connects two tasks, or says why that cannot be. */
  function addDependency(dependency: DraftDependency): string | null {
    const problem = connectionProblem(store.getState().draft, dependency);
    if (problem === null) store.edit(connect(dependency));
    return problem;
  }

  /** Takes out what is selected; returns how many of each kind that were. */
  function removeSelected(): { tasks: number; dependencies: number } {
    const { selectedTasks, selectedEdges } = view.getState();
    const { nodes, dependencies } = store.getState().draft;
    const gone = [...selectedEdges].map(dependencyOf);
    store.edit(remove(selectedTasks, gone));
    selectTasks(view, []);
    const left = store.getState().draft;
    return {
      tasks: nodes.length - left.nodes.length,
      dependencies: dependencies.length - left.dependencies.length,
    };
  }

  function paste(copied: Copied, at: Point): void {
    insert(pasteTasks(copied, { takenKeys: takenKeys(), at: snapped(at), newId }));
  }

  function duplicate(): void {
    const copied = selection();
    if (copied.nodes.length === 0) return;
    const left = Math.min(...copied.nodes.map(({ x }) => x));
    const top = Math.min(...copied.nodes.map(({ y }) => y));
    paste(copied, { x: left + DUPLICATE_OFFSET, y: top + NODE_HEIGHT + DUPLICATE_OFFSET });
  }

  function selection(): Copied {
    return copyTasks(store.getState().draft, view.getState().selectedTasks);
  }

  function selectAll(): void {
    selectTasks(
      view,
      store.getState().draft.nodes.map(({ taskId }) => taskId),
    );
  }

  return {
    takenKeys,
    addTask,
    addStored,
    addDependency,
    removeDependency: (dependency: DraftDependency) => store.edit(disconnect(dependency)),
    removeSelected,
    paste,
    duplicate,
    selection,
    selectAll,
  };
}

/** The place whose middle is nearest to the point, on the grid. */
export function centredOn({ x, y }: Point): Point {
  return { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 };
}

function snapped({ x, y }: Point): Point {
  return { x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID };
}
