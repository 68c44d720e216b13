import { type FieldNode, parse, type SelectionSetNode, valueFromASTUntyped } from "graphql";
import { InvalidQueryError, type StandInObject } from "./objects";
import { type ResolveContext, resolveField } from "./resolve";

/** Answers one GraphQL document of the SDK: the chains of fields it selects, each nested in the one before. */
export async function answerQuery(document: string, context: ResolveContext): Promise<unknown> {
  const [definition] = parse(document).definitions;
  if (definition?.kind !== "OperationDefinition")
    throw new InvalidQueryError("The document has no operation.");
  return select({ type: "Query", key: "" }, definition.selectionSet, context);
}

async function select(
  parent: StandInObject,
  selectionSet: SelectionSetNode,
  context: ResolveContext,
): Promise<Record<string, unknown>> {
  const answer: Record<string, unknown> = {};
  for (const field of listFields(parent, selectionSet)) {
    const args = (field.arguments ?? []).map(({ name, value }) => [
      name.value,
      valueFromASTUntyped(value),
    ]);
    const name = field.name.value;
    const value = await resolveField(parent, name, Object.fromEntries(args), context);
    answer[name] =
      typeof value === "object" && field.selectionSet
        ? await select(value, field.selectionSet, context)
        : value;
  }
  return answer;
}

function listFields(parent: StandInObject, selectionSet: SelectionSetNode): FieldNode[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === "Field") return [selection];
    if (selection.kind !== "InlineFragment") return [];
    const isOther = selection.typeCondition?.name.value !== parent.type;
    return isOther ? [] : listFields(parent, selection.selectionSet);
  });
}
