/**
 * The whole work of an engine in one call and one commit: ends what is held and takes the next batch, in either order. Ids
 * are of this type; null ends nothing.
 */
export function createStep(idType: "int" | "uuid"): string {
  return `
create function bench_step(ended ${idType}[], tokens ${idType}[], batch int, claims_first boolean, out ids text, out held text, out n int)
language plpgsql as $$
begin
  if ended is not null and not claims_first then perform bench_end(ended, tokens); end if;
  select c.ids, c.held, c.n into ids, held, n from bench_claim(batch) c;
  if ended is not null and claims_first then perform bench_end(ended, tokens); end if;
end $$`;
}
