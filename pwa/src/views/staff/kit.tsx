/** What staff pages share: doing something and hearing the answer, finding documents, and the first seconds of a page. */
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import type { App } from "../../state/api";
import { answered } from "../../state/reach";
import { ChildName, type FormState, Notice, Page, SkeletonPage, fieldErrors, refusalWords, useApp } from "../../ui";
import { Gone } from "../gone";
import type { Child, Coordinator, Meeting, Staff } from "./model";

export type Delivery =
  | { state: "done"; result: any }
  | { state: "waiting"; id: string }
  | { state: "refused"; code: string; fields: Record<string, string>; data: any };

/**
 * Sends a command and gives the server's answer, or `waiting` without a connection. What was refused is taken off
 * the list of unsent things and is the form's draft again.
 */
export async function deliver(app: App, name: string, args: Record<string, unknown>, draft?: string): Promise<Delivery> {
  return deliverExactly(app, name, Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined && value !== "" && value !== null)), draft);
}

/** The same with the arguments as they are: for changes where null has a meaning of its own, it clears. */
export async function deliverExactly(app: App, name: string, args: Record<string, unknown>, draft?: string): Promise<Delivery> {
  let id: string;
  let value: unknown;
  try {
    value = draft && await app.draft(draft);
    id = await app.send(name, args, draft ? { draft } : {});
  } catch (fault) {
    return { state: "refused", code: (fault as { code?: string }).code ?? "storage", fields: {}, data: null };
  }
  const outcome = await answered(app, id);
  if (outcome === null) return { state: "waiting", id };
  if (outcome.ok) return { state: "done", result: outcome.result };
  await app.discard(id, draft && value ? { key: draft, value } : undefined);
  return { state: "refused", code: outcome.code, fields: outcome.fields, data: outcome.data };
}

/** The form a command comes from: its draft becomes the command, and it shows what the server says of its fields. */
type From = Pick<FormState<object>, "draft" | "fail">;

/** Doing things on a page: `run` sends, `said` is the server's no (or nothing) to draw. */
export function useDoing(): { run: (name: string, args: Record<string, unknown>, form?: From) => Promise<Delivery>; said: ComponentChildren; clear: () => void } {
  const app = useApp();
  const [refused, setRefused] = useState<{ code: string; fields: Record<string, string> } | null>(null);
  const run = async (name: string, args: Record<string, unknown>, form?: From): Promise<Delivery> => {
    setRefused(null);
    const delivery = await deliver(app, name, args, form?.draft);
    if (delivery.state === "refused") {
      setRefused(delivery);
      form?.fail(fieldErrors(delivery.fields));
    }
    return delivery;
  };
  const words = refused ? Object.values(fieldErrors(refused.fields)) : [];
  const said = refused && (
    <Notice tone="bad" icon="warning" alert title={t("It was not done")}>
      <span>{refusalWords(refused.code)}</span>
      {words.map((line, index) => <span key={index}> {line}.</span>)}
    </Notice>
  );
  return { run, said, clear: () => setRefused(null) };
}

/** Opens in its form what could not be sent: `?from=` names the unsent command (see Role). */
export function useFrom<V extends object>(query: URLSearchParams, form: FormState<V>, values: (args: any) => V): void {
  const app = useApp();
  useEffect(() => {
    const item = app.outbox.peek().find((one) => one.id === query.get("from"));
    // After the draft that lies there, which would otherwise take its place.
    if (item) void app.draft(form.draft ?? "").then(() => form.takeBack(item, values(item.args)));
  }, []);
}

/** Whether something about this document, or this one thing, is still to be sent: it is not asked for once more. */
export function useUnsent(id: string, name?: string): boolean {
  return useApp().about(id).value.some((item) => (!name || item.name === name) && item.state !== "refused");
}

/** True until everything has been here once. */
export function isFirst(app: App): boolean {
  return app.syncedAt.value === null;
}

/** In place of a page whose document is not here: its shape while it may still come, else that it is not shared. */
export function Missing({ home = "/children" }: { home?: string }) {
  return isFirst(useApp()) ? <Page busy><SkeletonPage hero={false} /></Page> : <Gone home={home} />;
}

/** A child of the coordinating unit's own room, not one that was shared by consent. */
export function isHeld(child: Child | undefined): boolean {
  return child?.turns_18_on !== undefined;
}

export interface Around { child: Child; coordinator: Coordinator | undefined; held: boolean }

/** The child with its coordinator; undefined when the child is not here. */
export function useChild(id: string): Around | undefined {
  const app = useApp();
  const child = app.one<Child>("child", id).value;
  const coordinator = app.all<Coordinator>("coordinator").value.find((one) => one.child === id);
  return child && { child, coordinator, held: isHeld(child) };
}

/** Invited professionals who may no longer see the meeting: the yes that let them in has ended. */
export function shutOut(meeting: Meeting, coordinator: Coordinator | undefined): string[] {
  const here = new Set((meeting.answers ?? []).map((one) => one.who));
  const gone = meeting.state === "held" || meeting.state === "cancelled" ? [] : (meeting.staff ?? []).filter((seat) => !here.has(seat));
  return (coordinator?.people ?? []).filter((one) => gone.includes(one.person)).map((one) => one.name);
}

/** My part around a child. */
export function partOf(app: App, coordinator: Coordinator | undefined): "coordinator" | "deputy" | "other" {
  const seat = app.me.value?.seat;
  return coordinator?.person === seat ? "coordinator" : coordinator?.deputy_person === seat ? "deputy" : "other";
}

/** For a list one adds to: the first field of the new one gets the focus, and whoever took one away goes on from the button that adds. */
export function useAdding(count: number): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef(count);
  useEffect(() => {
    const [was, at, here] = [before.current, document.activeElement, list.current];
    before.current = count;
    // A draft that comes back adds to the list too, while one is somewhere else.
    if (count > was && here?.contains(at)) [...here.querySelectorAll<HTMLElement>(".card")].at(-1)?.querySelector("input")?.focus();
    if (count < was && at === document.body) [...(here?.querySelectorAll("button") ?? [])].at(-1)?.focus();
  }, [count]);
  return list;
}

/** My own card in my unit; absent for process leaders and admins. */
export function useSelf(): Staff | undefined {
  const app = useApp();
  return app.one<Staff>("staff", app.me.value?.seat ?? "").value;
}

/** Everybody else in my unit. */
export function useColleagues(): readonly Staff[] {
  const app = useApp();
  const seat = app.me.value?.seat;
  return app.all<Staff>("staff").value.filter((one) => one.id !== seat).sort((a, b) => a.name.localeCompare(b.name, "sv"));
}

/** The child's name as the small line above a title. */
export function ChildKicker({ child }: { child: Child }) {
  return <ChildName name={child.display_name} />;
}

/** "10–12 år". */
export function ageWords(child: Child): string {
  return t("{ages} years", { ages: child.age_band.replace("-", "–") });
}

/** Whether this seat may end somebody's work in the unit: its lead, or the organisation's admin. */
export function leads(kind: string | undefined, self: Staff | undefined, unit: string): boolean {
  return kind === "admin" || (self?.unit === unit && self.leads === true);
}

/** Whether this seat may take back times for advice in its unit: a consultant of it, or its lead where there is one. */
export function takesBackTimes(app: App): boolean {
  const self = app.one<Staff>("staff", app.me.value?.seat ?? "").value;
  if (self?.functions.includes("consultant")) return true;
  return self?.leads === true && app.all<Staff>("staff").value.some((one) => one.unit === self.unit && one.functions.includes("consultant"));
}
