/**
 * The whole work of an engine in one call and one commit: ends what is held and takes the next batch, in either order. Of
 * what it releases it keeps up to `keep`. Ids are of this type; null ends nothing.
 */
export function createStep(idType: "int" | "uuid"): string {
  return `
create function bench_step(ended ${idType}[], tokens ${idType}[], batch int, keep int, claims_first boolean,
  out ids text, out held text, out n int)
language plpgsql as $$
declare
  released record;
  claimed record;
begin
  select null::${idType}[] as ids, null::${idType}[] as held, 0 as n into released;
  select null::${idType}[] as ids, null::${idType}[] as held, 0 as n into claimed;
  if claims_first then select * into claimed from bench_claim(batch); end if;
  if ended is not null then select * into released from bench_end(ended, tokens, least(keep, batch - claimed.n)); end if;
  if not claims_first then select * into claimed from bench_claim(batch - released.n); end if;
  ids := (released.ids || claimed.ids)::text;
  held := (released.held || claimed.held)::text;
  n := released.n + claimed.n;
end $$`;
}
