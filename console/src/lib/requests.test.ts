import { expect, test } from "vitest";
import { curlOf, noteRequest, requestLog, withoutSecrets } from "./requests";

const note = { id: 1, at: 0, method: "GET", path: "/api/v1/calls?limit=5", body: null, status: 200, ms: 4 };

test("a request for a shell carries a placeholder for the key and survives quotes", () => {
  expect(curlOf(note, "http://here")).toBe(
    `curl 'http://here/api/v1/calls?limit=5' -H "X-API-Key: $SWITCHBOARD_API_KEY"`,
  );
  const order = { ...note, method: "POST", path: "/api/v1/agents", body: `{"name":"Ann's $(rm)"}` };
  expect(curlOf(order, "http://here")).toBe(
    `curl -X POST 'http://here/api/v1/agents' -H "X-API-Key: $SWITCHBOARD_API_KEY" ` +
      `-H 'Content-Type: application/json' -d '{"name":"Ann'\\''s $(rm)"}'`,
  );
});

test("passwords and tokens are not kept", () => {
  const kept = withoutSecrets(`{"username":"ann","new_password":"hunter2","deep":{"token":"sbl_1"}}`);
  expect(JSON.parse(kept)).toEqual({ username: "ann", new_password: "…", deep: { token: "…" } });
  expect(withoutSecrets("password=hunter2")).toBe("…");
  const tools = [{ name: "find", headers: [{ name: "Authorization", value: "Bearer 1" }] }];
  expect(JSON.parse(withoutSecrets(JSON.stringify({ tools }))).tools[0].headers).toEqual([
    { name: "Authorization", value: "…" },
  ]);
});

test("only requests to the API are noted, the newest first", async () => {
  noteRequest(new Request("http://here/health/detailed"));
  noteRequest(new Request("http://here/api/v1/calls"))(200);
  const headers = { "Content-Type": "application/json" };
  const refused = noteRequest(
    new Request("http://here/api/v1/session", { method: "POST", headers, body: `{"password":"x"}` }),
  );
  refused(401);
  await expect.poll(() => requestLog.get()[0]?.body).toBe(`{"password":"…"}`);
  expect(requestLog.get().map(({ method, status }) => [method, status])).toEqual([
    ["POST", 401],
    ["GET", 200],
  ]);
});
