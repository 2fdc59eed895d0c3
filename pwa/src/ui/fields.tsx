/** Text fields and forms. Nothing is judged while one writes: errors come when one sends, all at once, with how to mend them. */
import type { ComponentChildren, TargetedEvent } from "preact";
import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "./actions";
import { AppContext } from "./app-context";
import { FieldError } from "./choice";
import { useFormDraft } from "./draft";
import { Icon, type IconName } from "./icons";
import { Notice } from "./status";

/** Field name → words that say how to mend it. */
export type Errors = { readonly [field: string]: string | undefined };
/** The same as one writes a check: `{ title: !v.title.trim() && t("Write what it is") }`. What is empty or false is not wrong. */
export type Wrong = { readonly [field: string]: string | false | undefined };

interface FieldBase {
  label: ComponentChildren;
  hideLabel?: boolean;
  hint?: ComponentChildren;
  value: string;
  onInput: (value: string) => void;
  error?: string | undefined;
  /** Give the same id to the error summary. */
  id?: string;
  /** Shown under the field: `Saved`, "Bara du ser det här". */
  status?: ComponentChildren;
  optional?: boolean;
}

function Frame({ label, hideLabel, hint, error, status, optional, id, children }: Omit<FieldBase, "value" | "onInput" | "id"> & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id} class={hideLabel ? "vh" : undefined}>{label}{optional && <span class="muted light"> {t("If you like")}</span>}</label>
      {hint && <span class="hint" id={`${id}-hint`}>{hint}</span>}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {children}
      {status}
    </div>
  );
}

function described(id: string, hint: unknown, error: unknown): string | undefined {
  return [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
}

export interface FieldProps extends FieldBase {
  type?: "text" | "tel" | "search" | "date" | "time" | "email" | "url" | "number";
  icon?: IconName;
  autocomplete?: string;
  inputMode?: "text" | "numeric" | "tel" | "search";
  /** Large spaced letters, for a code. */
  code?: boolean;
  min?: string;
  max?: string;
}

/** One line of text. */
export function Field({ type = "text", icon, autocomplete, inputMode, code = false, min, max, ...base }: FieldProps) {
  const own = useId();
  const id = base.id ?? own;
  const input = (
    <input
      class={`input${base.error ? " err" : ""}${code ? " code" : ""}`} id={id} type={type as "text"} value={base.value} min={min} max={max}
      autocomplete={autocomplete ?? "off"} inputMode={inputMode} autocapitalize={code ? "characters" : undefined} spellcheck={code ? false : undefined}
      dir={type === "tel" || code ? "ltr" : "auto"} aria-invalid={base.error ? "true" : undefined} aria-describedby={described(id, base.hint, base.error)}
      onInput={(event) => base.onInput(event.currentTarget.value)}
    />
  );
  return <Frame {...base} id={id}>{icon ? <div class="inwrap"><Icon name={icon} />{input}</div> : input}</Frame>;
}

/** Several lines. With `max` the letters left are shown when few remain. `guard` adds that nobody reads it right away. */
export function TextArea({ rows = 4, max, guard = false, ...base }: FieldBase & { rows?: number; max?: number; guard?: boolean }) {
  const own = useId();
  const id = base.id ?? own;
  const left = max === undefined ? null : max - base.value.length;
  return (
    <Frame {...base} id={id} hint={guard ? <>{base.hint}{base.hint ? " " : ""}{t("This app is not for emergencies. Nobody reads what you write here right away.")}</> : base.hint}>
      <textarea
        class={`area${base.error ? " err" : ""}`} id={id} rows={rows} dir="auto" value={base.value} autocomplete="off"
        aria-invalid={base.error ? "true" : undefined} aria-describedby={described(id, base.hint || guard, base.error)}
        onInput={(event) => base.onInput(event.currentTarget.value)}
      />
      {left !== null && left < 100 && <span class="count" role="status">{left >= 0 ? t("{n} characters left", { n: left }) : t("{n} characters too many", { n: -left })}</span>}
    </Frame>
  );
}

/** All errors on top of the form, with links to their fields; takes the focus and marks the title. */
export function ErrorSummary({ errors, ids }: { errors: Errors; ids: Readonly<Record<string, string>> }) {
  const box = useRef<HTMLDivElement>(null);
  const entries = Object.entries(errors);
  const count = entries.length;
  useEffect(() => {
    if (count === 0) return undefined;
    document.title = t("Error: {title}", { title: "Samled" });
    box.current?.focus();
    return () => { document.title = "Samled"; };
  }, [errors, count]);
  if (count === 0) return null;
  const jump = (event: MouseEvent, id: string): void => {
    event.preventDefault();
    document.getElementById(id)?.focus();
  };
  return (
    <div class="summary" role="alert" tabIndex={-1} ref={box}>
      <h2>{t("Something is missing or wrong")}</h2>
      <ul>
        {entries.map(([name, words]) => {
          const id = ids[name] ?? name;
          return <li key={name}><a href={`#${id}`} onClick={(event) => jump(event, id)}>{words}</a></li>;
        })}
      </ul>
    </div>
  );
}

export interface FormState<V extends object> {
  values: V;
  set: <K extends keyof V>(name: K, value: V[K]) => void;
  errors: Errors;
  /** Shows errors from elsewhere: a refused command's `fields`. */
  fail: (wrong: Wrong) => void;
  /** Looks at the values without sending them, and shows what is wrong. */
  isRight: () => boolean;
  /** Ids to give the fields: `form.ids.phone`. */
  ids: Record<Extract<keyof V, string>, string>;
  /** All that a field or a choice needs to ask for one value: `<Field label={…} {...form.of("phone")} />`. */
  of: <K extends Extract<keyof V, string>>(name: K) => { id: string; value: V[K]; error: string | undefined; onInput: (value: V[K]) => void; onChange: (value: V[K]) => void };
  submit: () => void;
  busy: boolean;
  /** Fills in what is known beforehand, unless something stands there. Nobody has written it: it makes no draft. */
  fill: <K extends keyof V>(name: K, value: V[K]) => void;
  /** What was written in an earlier visit stands here. */
  found: boolean;
  /** Back to how the form began. */
  forget: () => void;
  /** These values are sent: the fields are as they began, but for what was written meanwhile. */
  sent: (values: V) => void;
  /** These values, out of an unsent command that leaves its list in the same step. */
  takeBack: (item: { id: string }, values: V) => void;
  /** Where what is written is kept. Named by the command the form becomes, it leaves in the same step. */
  draft: string | undefined;
}

/**
 * Values, errors and sending of one form. `check` returns what is wrong, by field; `send` runs only when nothing is.
 * A form that is being sent cannot be sent again. What is written is kept on this device under `draft` (see
 * `App.saveDraft`), by itself under the page's address with the names of the fields; `null` where nothing is to be kept.
 */
export function useForm<V extends object>(initial: V, check: (values: V) => Wrong, send: (values: V) => void | Promise<unknown>, key?: string | null): FormState<V> {
  const app = useContext(AppContext);
  const prefix = useId();
  const [values, setValues] = useState(initial);
  const first = useRef(initial);
  const [draft] = useState(key === null ? undefined : key ?? `form:${location.pathname}:${Object.keys(initial).join()}`);
  const [found, setFound] = useFormDraft(app, draft, first.current, values, setValues);
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const ids = Object.fromEntries(Object.keys(initial).map((name) => [name, `${prefix}-${name}`])) as Record<Extract<keyof V, string>, string>;
  const fail = (wrong: Wrong): void => setErrors(Object.fromEntries(Object.entries(wrong).filter((one): one is [string, string] => Boolean(one[1]))));
  const isRight = (): boolean => {
    const wrong = check(values);
    fail(wrong);
    return !Object.values(wrong).some(Boolean);
  };
  const submit = (): void => {
    if (busy || !isRight()) return;
    setFound(false);
    const done = send(values);
    if (done instanceof Promise) {
      setBusy(true);
      void done.finally(() => setBusy(false));
    }
  };
  const set = <K extends keyof V>(name: K, value: V[K]): void => setValues((before) => ({ ...before, [name]: value }));
  const of: FormState<V>["of"] = (name) => {
    const change = (value: V[typeof name]): void => set(name, value);
    return { id: ids[name], value: values[name], error: errors[name], onInput: change, onChange: change };
  };
  const fill: FormState<V>["fill"] = (name, value) => {
    first.current = { ...first.current, [name]: value };
    setValues((now) => (now[name] ? now : { ...now, [name]: value }));
  };
  const replace = (value: V): void => {
    setFound(false);
    setValues(value);
  };
  const sent = (gone: V): void => setValues((now) => ({ ...now, ...Object.fromEntries(Object.entries(first.current).filter(([name]) => now[name as keyof V] === gone[name as keyof V])) }));
  const takeBack: FormState<V>["takeBack"] = ({ id }, value) => {
    replace(value);
    void app?.discard(id, draft ? { key: draft, value } : undefined);
  };
  return { values, set, errors, fail, isRight, ids, of, submit, busy, fill, found, forget: () => replace(first.current), sent, takeBack, draft };
}

/** Said where a draft of an earlier visit stands in the fields. */
export function DraftFound({ onForget }: { onForget: () => void }) {
  return (
    <Notice tone="grey" icon="edit" title={t("Your draft is still here")}>
      <Button slim kind="quiet" icon="trash" onPress={onForget}>{t("Throw the draft away")}</Button>
    </Notice>
  );
}

/** The form around the fields: summary first, then the card, then the button. */
export function Form<V extends object>({ form, children, label }: { form: FormState<V>; children: ComponentChildren; label?: string }) {
  const submit = (event: TargetedEvent<HTMLFormElement, SubmitEvent>): void => {
    event.preventDefault();
    form.submit();
  };
  return (
    <form class="stack-4" noValidate onSubmit={submit} aria-label={label} aria-busy={form.busy ? "true" : undefined}>
      {form.found && <DraftFound onForget={form.forget} />}
      <ErrorSummary errors={form.errors} ids={form.ids} />
      {children}
    </form>
  );
}
