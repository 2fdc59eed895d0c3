/** Ticking off tasks: for some seconds what was ticked stays where it was, with the way back. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { useApp } from "../../ui";
import { type Delivery, useDoing } from "../staff/kit";
import type { Task } from "./model";
import { taskWords } from "./words";

const STAYS_MS = 20_000;

export interface Ticking {
  run: (name: string, args: Record<string, unknown>) => Promise<Delivery>;
  /** Whether this one was ticked here a moment ago. */
  fresh: (one: Task) => boolean;
  /** Those that are open, and those that were until a moment ago. */
  listed: (one: Task) => boolean;
  /** The server's no, to draw. */
  said: ComponentChildren;
  /** What was done, for those who listen. */
  heard: string;
}

export function useTicking(): Ticking {
  const app = useApp();
  const { run: send, said } = useDoing();
  const [heard, setHeard] = useState("");
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  useEffect(() => () => timers.current.forEach(clearTimeout), []);
  const without = (id: string) => (all: readonly string[]): readonly string[] => all.filter((one) => one !== id);
  const run: Ticking["run"] = async (name, args) => {
    const id = String(args["task"]);
    if (name === "task.done") setTicked((all) => [...without(id)(all), id]);
    const done = await send(name, args);
    const what = done.state === "done" && app.one<Task>("task", id).peek();
    if (what) setHeard(name === "task.done" ? t("Done: {what}", { what: taskWords(what) }) : t("Open again: {what}", { what: taskWords(what) }));
    if (name === "task.done" && done.state === "done") timers.current.push(setTimeout(() => setTicked(without(id)), STAYS_MS));
    else if (name === "task.done" || name === "task.reopen") setTicked(without(id));
    return done;
  };
  const fresh = (one: Task): boolean => one.state === "done" && ticked.includes(one.id);
  return { run, fresh, listed: (one) => one.state === "open" || fresh(one), said, heard };
}
