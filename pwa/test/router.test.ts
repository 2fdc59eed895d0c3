/** Going on from a form: the page it was opened from is stepped back to, so that it never lies twice in the history. */
import assert from "node:assert/strict";
import { test } from "node:test";

interface Kept { state: unknown; path: string }

/** As much of a browser's history as the router uses. */
const kept: Kept[] = [{ state: null, path: "/" }];
let at = 0;
let popped = (): void => undefined;
const go = (step: number): void => {
  at += step;
  popped();
};
const history = {
  scrollRestoration: "auto",
  get state() { return kept[at]?.state; },
  pushState(state: unknown, _: string, path?: string) { kept.splice(at + 1); kept.push({ state, path: path ?? kept[at]?.path ?? "/" }); at += 1; },
  replaceState(state: unknown, _: string, path?: string) { kept[at] = { state, path: path ?? kept[at]?.path ?? "/" }; },
  back: () => go(-1),
};
Object.assign(globalThis, {
  history, location: { get pathname() { return kept[at]?.path.split("?")[0]; }, get search() { return ""; }, origin: "http://localhost" }, window: { scrollY: 0 },
  addEventListener: (name: string, heard: () => void) => { if (name === "popstate") popped = heard; },
});
const { back, cameFrom, navigate, place, startRouter } = await import("../src/router");
startRouter();

test("a form that leads back to where it was opened from leaves nothing to press back through twice", () => {
  for (const path of ["/terms", "/terms/1", "/terms/1/minutes"]) navigate(path);
  navigate("/terms/1", { replace: true });
  assert.equal(place.value.path, "/terms/1");
  assert.equal(cameFrom(), "/terms");
  back();
  assert.equal(place.value.path, "/terms");
});

test("a form that leads on takes the form's place, and back leads past it", () => {
  for (const path of ["/children/1", "/children/1/meeting"]) navigate(path);
  navigate("/meetings/2", { replace: true });
  assert.equal(cameFrom(), "/children/1");
  back();
  assert.equal(place.value.path, "/children/1");
});
