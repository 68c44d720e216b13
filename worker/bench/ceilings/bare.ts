import type { DbClient } from "@/lib/db/client";
import { BENCH_CHANNEL } from "./claim-by-hand";
import { createStep } from "./step";

// Bare work: a narrow table and nothing of an engine. No history, attempts, tokens, runs, results.
const TABLES = `
create table bench_jobs (
  id int generated always as identity primary key,
  status smallint not null default 0,
  waits int not null default 0
) with (fillfactor = 50);
create index on bench_jobs (id) where status = 0 and waits = 0;
create table bench_edges (parent int not null, child int not null, primary key (parent, child))`;

/** What waits is 0, what is held 1, what is completed 2. There are no tokens. As the full one it keeps what it releases. */
const END = `
create function bench_end(ended int[], tokens int[], take int, out ids int[], out held int[], out n int)
language plpgsql as $$
#variable_conflict use_column
begin
  update bench_jobs set status = 2 where id = any(ended);
  with waiting as materialized (
    select child, n, row_number() over (order by child) <= take as may_be_kept from (
      select child, count(*)::int as n from bench_edges where parent = any(ended) group by child) d
    order by child),
  lowered as (
    update bench_jobs j set waits = waits - w.n, status = case when waits = w.n and w.may_be_kept then 1 else status end
    from waiting w where j.id = w.child returning j.id, j.status)
  select array_agg(id), count(*)::int into ids, n from lowered where status = 1;
end $$`;

const CLAIM = `
create function bench_claim(batch int, out ids int[], out held int[], out n int) language plpgsql as $$
#variable_conflict use_column
declare
  chosen tid[];
begin
  chosen := array(select ctid from bench_jobs where status = 0 and waits = 0 order by id limit batch for update skip locked);
  with claimed as (update bench_jobs set status = 1 where ctid = any(chosen) returning id)
  select array_agg(id), count(*)::int into ids, n from claimed;
end $$`;

/** Creates the narrow tables in a database. */
export async function installBare(database: DbClient): Promise<void> {
  await database.sql.unsafe(TABLES);
  await database.sql.unsafe(END);
  await database.sql.unsafe(CLAIM);
  await database.sql.unsafe(createStep("int"));
}

/** Fills them with so many copies of a shape: for each job the places, within the shape, of those it waits for. */
export async function fillBare(
  database: DbClient,
  { shape, copies }: { shape: readonly (readonly number[])[]; copies: number },
): Promise<void> {
  const waits = shape.map((dependsOn) => dependsOn.length);
  const edges = shape.flatMap((dependsOn, child) => dependsOn.map((parent) => [parent, child]));
  const [last] = await database.sql<
    { id: number }[]
  >`select coalesce(max(id), 0)::int as id from bench_jobs`;
  const first = (last?.id ?? 0) + 1;
  await database.sql`
    insert into bench_jobs (waits) select w from generate_series(1, ${copies}::int) c,
      unnest(${toArray(waits)}::int[]) with ordinality as s (w, place) order by c, place`;
  await database.sql`
    insert into bench_edges (parent, child) select ${first}::int + c * ${shape.length}::int + p, ${first}::int + c * ${shape.length}::int + k
    from generate_series(0, ${copies}::int - 1) c,
      unnest(${toArray(edges.map(([parent]) => parent))}::int[], ${toArray(edges.map(([, child]) => child))}::int[]) e (p, k)`;
}

/** Adds one job by hand; returns its id as the step does. */
export async function enqueueBare({ sql }: DbClient): Promise<string> {
  const [row] = await sql<{ id: number }[]>`
    with job as (insert into bench_jobs default values returning id)
    select id, pg_notify(${BENCH_CHANNEL}, '') from job`;
  return `{${row?.id}}`;
}

function toArray(values: readonly (number | undefined)[]): string {
  return `{${values.join(",")}}`;
}
