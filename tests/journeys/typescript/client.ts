// What a court's programmer would write: each call of the interface once, typed by what was generated from its description.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { argv: string[]; exit(code: number): never };

const [, , service = "", token = "", row = ""] = process.argv;
const client = createClient<paths>({
  baseUrl: service,
  headers: { Authorization: `Bearer ${token}`, "Accept-Language": "en" },
});
const sent: components["schemas"]["ProgressRow"] = JSON.parse(row);

async function waitForEnd(id: number): Promise<components["schemas"]["Import"]> {
  for (;;) {
    const { data, error } = await client.GET("/api/v1/imports/{run_id}", { params: { path: { run_id: id } } });
    if (error) throw new Error(error.detail);
    if (data.state === "done" || data.state === "broken_off") return data;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

const check = await client.GET("/api/v1/token");
const reference = await client.GET("/api/v1/reference");
const rows = [sent, { ...sent, entry_id: `${sent.entry_id}-2`, kind: "no such kind" }];
const tried = await client.POST("/api/v1/progress", { params: { query: { dry_run: true } }, body: rows });
const accepted = await client.POST("/api/v1/progress", {
  params: { query: { row_count: 2 }, header: { "Idempotency-Key": `generated-${Date.now()}` } },
  body: rows,
});
if (!accepted.data || !("id" in accepted.data)) throw new Error("the rows were not accepted");
const done = await waitForEnd(accepted.data.id);
const refused = await client.POST("/api/v1/progress", { params: { query: { row_count: 3 } }, body: rows });

console.log(
  JSON.stringify({
    court: check.data?.court,
    kinds: reference.data?.kinds.length,
    tried: tried.data && "counts" in tried.data ? tried.data.counts : null,
    counts: done.counts,
    rejected: done.rejected_rows.map(({ line, column, code }) => ({ line, column, code })),
    refused: refused.error?.type,
  }),
);
