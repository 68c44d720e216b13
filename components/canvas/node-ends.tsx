import clsx from "clsx";
import { Handle, Position } from "reactflow";

/** The ends of edges on canvases where nothing can be connected: there, but neither seen nor pressed. */
export function FixedNodeEnds() {
  return (
    <>
      <Handle
        type="target"
        position={Position.Left}
        isConnectable={false}
        className={clsx(END, "left-0!")}
      />
      <Handle
        type="source"
        position={Position.Right}
        isConnectable={false}
        className={clsx(END, "right-0!")}
      />
    </>
  );
}

const END =
  "pointer-events-none! top-0! h-full! w-px! min-w-0! transform-none! border-0! bg-transparent!";
