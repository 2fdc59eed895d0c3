/** Choices: native radios and checkboxes whose whole card is the target. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon, IconTile, type IconName } from "./icons";

export interface Option<V extends string = string> {
  value: V;
  label: ComponentChildren;
  hint?: ComponentChildren;
  icon?: IconName;
}

interface GroupProps<V extends string> {
  /** The question, as the legend. */
  legend: ComponentChildren;
  /** Read by screen readers only, when the h1 already asks. */
  hideLegend?: boolean;
  hint?: ComponentChildren;
  options: readonly Option<V>[];
  value: V | null;
  onChange: (value: V) => void;
  /** The words of the error, if this question has one. */
  error?: string | undefined;
  /** Id of the first control, for the error summary. */
  id?: string;
  /** Four short options beside each other. */
  tiles?: boolean;
}

/** One of several. */
export function ChoiceGroup<V extends string>({ legend, hideLegend, hint, options, value, onChange, error, id, tiles = false }: GroupProps<V>) {
  const own = useId();
  const name = id ?? own;
  return (
    <fieldset class="stack" aria-describedby={error ? `${name}-error` : undefined}>
      <legend class={hideLegend ? "vh" : "h2"}>{legend}</legend>
      {hint && <p class="sm muted">{hint}</p>}
      {error && <FieldError id={`${name}-error`}>{error}</FieldError>}
      <div class={tiles ? "tiles" : "stack-2"}>
        {options.map((option, index) => (
          <label key={option.value} class={`choice${tiles ? " tile" : ""}`}>
            <input
              type="radio" name={name} id={index === 0 ? name : undefined} value={option.value}
              checked={option.value === value} onChange={() => onChange(option.value)}
            />
            {tiles && option.icon && <IconTile name={option.icon} />}
            <Words option={option} />
            {!tiles && option.icon && <Icon name={option.icon} />}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Words({ option }: { option: Pick<Option, "label" | "hint"> }) {
  return <span class="txt"><b>{option.label}</b>{option.hint && <span class="sm muted">{option.hint}</span>}</span>;
}

/** Yes or no to one thing. */
export function Choice({ checked, onChange, id, ...option }: Pick<Option, "label" | "hint" | "icon"> & { checked: boolean; onChange: (checked: boolean) => void; id?: string | undefined }) {
  return (
    <label class="choice">
      <input type="checkbox" id={id} checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <Words option={option} />
      {option.icon && <Icon name={option.icon} />}
    </label>
  );
}

/** Several of several. */
export function ChoiceList<V extends string>({ legend, hint, options, values, onChange, error, id }: Omit<GroupProps<V>, "value" | "onChange" | "tiles" | "hideLegend"> & { values: readonly V[]; onChange: (values: V[]) => void }) {
  const own = useId();
  const name = id ?? own;
  const toggle = (value: V, on: boolean): void => onChange(on ? [...values, value] : values.filter((other) => other !== value));
  return (
    <fieldset class="stack" aria-describedby={error ? `${name}-error` : undefined}>
      <legend class="h2">{legend}</legend>
      {hint && <p class="sm muted">{hint}</p>}
      {error && <FieldError id={`${name}-error`}>{error}</FieldError>}
      <div class="stack-2">
        {options.map((option, index) => (
          <Choice
            key={option.value} label={option.label} hint={option.hint} icon={option.icon} id={index === 0 ? name : undefined}
            checked={values.includes(option.value)} onChange={(on) => toggle(option.value, on)}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** Short answers as pills. `several` allows more than one; pressing again takes it back. */
export function Chips<V extends string>({ label, options, values, onChange, several = false, id, error }: { label: ComponentChildren; options: readonly Option<V>[]; values: readonly V[]; onChange: (values: V[]) => void; several?: boolean; id?: string; error?: string | undefined }) {
  const own = useId();
  const name = id ?? own;
  const press = (value: V): void => {
    const on = values.includes(value);
    onChange(on ? values.filter((other) => other !== value) : several ? [...values, value] : [value]);
  };
  return (
    <div class="field">
      <span class="lab" id={`${name}-label`}>{label}</span>
      {error && <FieldError id={`${name}-error`}>{error}</FieldError>}
      <div class="chips" role="group" aria-labelledby={`${name}-label`} aria-describedby={error ? `${name}-error` : undefined}>
        {options.map(({ value, label: words, icon }, index) => {
          const on = values.includes(value);
          return (
            <button key={value} type="button" class="chip" id={index === 0 ? name : undefined} aria-pressed={on} onClick={() => press(value)}>
              {on ? <Icon name="check" /> : icon && <Icon name={icon} />} {words}
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** On or off, with effect at once. The row is the target. */
export function Switch({ label, hint, checked, onChange }: { label: ComponentChildren; hint?: ComponentChildren; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="row">
      <span class="txt"><b>{label}</b>{hint && <small>{hint}</small>}</span>
      <span class="switch"><input type="checkbox" role="switch" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} /></span>
    </label>
  );
}

/** How to mend it: icon and words, never colour alone. */
export function FieldError({ id, children }: { id: string; children: ComponentChildren }) {
  return <p class="error" id={id}><Icon name="warning" /> <span>{children}</span></p>;
}
