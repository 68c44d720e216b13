"use client";

import { List, SquareTerminal } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorText, Field } from "@/components/ui/field";
import { StringListEditor } from "@/components/ui/string-list-editor";
import { Textarea } from "@/components/ui/textarea";
import { FieldAnchor } from "./form-field";
import { joinCommand, splitCommand } from "./split-command";
import { type FieldProblem, itemProblems, problemAt } from "./task-problems";

type Props = {
  path: string;
  command: readonly string[];
  problems: readonly FieldProblem[];
  onChange: (command: readonly string[]) => void;
};

/** A command, typed as a line and shown as the list of arguments it becomes, or edited as that list. No shell is run. */
export function CommandField(props: Props) {
  const [asList, setAsList] = useState(false);
  return (
    <FieldAnchor path={props.path} className="relative">
      <div className="absolute -top-1 right-0 z-1">
        <Button
          variant="ghost"
          size="sm"
          icon={asList ? <SquareTerminal aria-hidden /> : <List aria-hidden />}
          onClick={() => setAsList(!asList)}
        >
          {asList ? "Edit as a line" : "Edit as a list"}
        </Button>
      </div>
      {asList ? <CommandList {...props} /> : <CommandLine {...props} />}
    </FieldAnchor>
  );
}

function CommandList({ path, command, problems, onChange }: Props) {
  return (
    <StringListEditor
      label="Command"
      description="The program, then each argument, exactly as they are."
      itemName="argument"
      value={command}
      onValueChange={onChange}
      error={problemAt(problems, path)}
      itemErrors={itemProblems(problems, path)}
    />
  );
}

function CommandLine({ path, command, problems, onChange }: Props) {
  const [typed, setTyped] = useState(() => joinCommand(command));
  // What was typed is shown as long as it means this command, which undo or the list may have changed.
  const split = splitCommand(typed);
  const text = isSameList(split.args, command) ? typed : joinCommand(command);
  const open = splitCommand(text).open;
  const items = Object.values(itemProblems(problems, path));
  return (
    <Field
      label="Command"
      error={problemAt(problems, path)}
      description={
        command.length > 0 && (
          <span className="flex flex-wrap items-baseline gap-1 pt-0.5">
            <span className="sr-only">Becomes the arguments</span>
            {command.map((argument, i) => (
              <code
                // biome-ignore lint/suspicious/noArrayIndexKey: arguments are told apart by their place alone.
                key={i}
                className="bg-sunken text-fg max-w-full truncate rounded-sm px-1"
              >
                {argument === "" ? " " : argument}
              </code>
            ))}
          </span>
        )
      }
    >
      <Textarea
        mono
        rows={1}
        className="max-h-44"
        placeholder={"node -e 'console.log(1)'"}
        value={text}
        onValueChange={(line) => {
          setTyped(line);
          onChange(splitCommand(line).args);
        }}
      />
      {open && <ErrorText>{`The quote ${open} is not closed.`}</ErrorText>}
      {items[0] && <ErrorText>{items[0]}</ErrorText>}
    </Field>
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
