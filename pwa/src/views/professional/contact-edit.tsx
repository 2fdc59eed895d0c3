/** Writing a function: what it helps with, who holds it, who stands in. Saving also confirms it. */
import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, ChoiceGroup, Columns, Field, Form, Notice, OutboxFor, Page, Switch, TextArea, fieldErrors, refusalWords, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { deliverExactly, Missing } from "../staff/kit";
import type { Staff, Unit } from "../staff/model";
import { keeps } from "./keeping";
import type { FunctionContact } from "./model";
import { compare, indexed, search } from "./search";
import { FUNCTIONS, functionName } from "./words";

interface Values {
  function: string; name_shown: string; holder: string; phone: string; hours: string; deputy_name: string; deputy_phone: string; deputy_seat: string;
  offers: string; how_to: string; municipality: string; badge: boolean;
}
const OTHER = "-";
const SHOWN = 8;

export function ContactEdit({ params }: ViewProps) {
  const app = useApp();
  const one = app.one<FunctionContact>("function_contact", params.id ?? "").value;
  const unit = app.one<Unit>("unit", one?.unit ?? "").value;
  return one && keeps(app, one.unit) ? <Edit key={one.id} one={one} unit={unit} unitId={one.unit} /> : <Missing home="/contacts" />;
}

export function ContactNew({ params }: ViewProps) {
  const app = useApp();
  const unit = app.one<Unit>("unit", params.id ?? "").value;
  return unit && keeps(app, unit.id) ? <Edit key={unit.id} unit={unit} unitId={unit.id} /> : <Missing home="/contacts" />;
}

function initial(one: FunctionContact | undefined, unit: Unit | undefined): Values {
  const deputySeat = one?.deputy_seat ?? "";
  return {
    function: one?.function ?? "", name_shown: one?.holder ? "" : one?.name ?? "", holder: one?.holder ?? "", phone: one?.phone ?? "", hours: one?.hours ?? "",
    deputy_name: deputySeat ? "" : one?.deputy?.name ?? "", deputy_phone: deputySeat ? "" : one?.deputy?.phone ?? "", deputy_seat: deputySeat, offers: one?.offers ?? "", how_to: one?.how_to ?? "",
    municipality: one?.municipality ?? unit?.town ?? "", badge: one?.badge === "buse",
  };
}

/** What differs from before, as the command takes it: null clears, what is not named stays. */
export function changes(before: Values, after: Values): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of ["function", "name_shown", "holder", "phone", "hours", "deputy_seat", "offers", "how_to", "municipality"] as const)
    if (after[name].trim() !== before[name]) given[name] = after[name].trim() || null;
  if (after.badge !== before.badge) given.badge = after.badge ? "buse" : null;
  if (after.deputy_name.trim() !== before.deputy_name || after.deputy_phone.trim() !== before.deputy_phone)
    given.deputy = after.deputy_name.trim() ? { name: after.deputy_name.trim(), ...(after.deputy_phone.trim() ? { phone: after.deputy_phone.trim() } : {}) } : null;
  return given;
}

function Edit({ one, unit, unitId }: { one?: FunctionContact; unit: Unit | undefined; unitId: string }) {
  const app = useApp();
  const [before] = useState(() => initial(one, unit));
  const [refused, setRefused] = useState<string | null>(null);
  const people = app.all<Staff>("staff").value.filter((person) => person.unit === unitId).sort((a, b) => compare(a.name, b.name));
  const form = useForm<Values>(
    { ...before, ...(one || unit?.phone === undefined ? {} : { phone: unit.phone, hours: unit.hours ?? "" }) },
    (v) => ({
      function: !v.function && t("Choose a function"), deputy_name: v.deputy_phone.trim() && !v.deputy_name.trim() && t("Write who stands in"),
      offers: v.offers.length > 500 && t("Write a shorter text"), how_to: v.how_to.length > 500 && t("Write a shorter text"),
      deputy_seat: v.holder && v.holder === v.deputy_seat && t("Choose somebody else as deputy"),
    }),
    async (v): Promise<void> => {
      setRefused(null);
      const done = await deliverExactly(app, "directory.edit", { ...(one ? { function_contact: one.id } : { unit: unitId }), ...changes(one ? before : { ...initial(undefined, undefined), municipality: "" }, v) }, form.draft);
      if (done.state === "refused") {
        setRefused(refusalWords(done.code));
        return form.fail(fieldErrors(done.fields));
      }
      const made = done.state === "done" ? (done.result?.function_contact as string | undefined) : undefined;
      navigate(one || made ? `/functions/${one?.id ?? made}` : `/contacts/${unitId}`, { replace: true });
    },
  );
  const v = form.values;
  const seats = people.map((person) => ({ value: person.id, label: person.name, hint: person.title }));
  const home = one ? `/functions/${one.id}` : `/contacts/${unitId}`;
  return (
    <Page title={one ? t("What shall others see?") : t("Add a function")} kicker={unit?.name ?? one?.unit_name} back={{ href: home, label: t("Contacts") }}>
      <Form form={form}>
        <Columns
          half
          left={<>
            {!one && <Card><FunctionChoice {...form.of("function")} /></Card>}
            <Card>
              <TextArea label={t("What do you help with?")} hint={t("Words that others search for: sleep, worry, mornings.")} max={500} rows={3} {...form.of("offers")} />
              <TextArea label={t("How do families get there?")} max={500} rows={3} {...form.of("how_to")} />
              <Field label={t("Phone")} type="tel" {...form.of("phone")} />
              <Field label={t("When one reaches you")} hint={t("For example: Mondays to Fridays 8–9.30")} {...form.of("hours")} />
              <Field label={t("Municipality")} optional {...form.of("municipality")} />
            </Card>
          </>}
          right={<>
            <Card>
              {seats.length > 0 && <ChoiceGroup legend={t("Who holds it?")} options={[...seats, { value: OTHER, label: t("Somebody else, or nobody") }]} value={v.holder || OTHER} onChange={(x) => form.set("holder", x === OTHER ? "" : x)} id={form.ids.holder} error={form.errors.holder} />}
              {!v.holder && <Field label={t("Name to show")} optional {...form.of("name_shown")} />}
            </Card>
            <Card>
              {seats.length > 0 && <ChoiceGroup legend={t("Who stands in?")} options={[...seats.filter((seat) => seat.value !== v.holder), { value: OTHER, label: t("Somebody else, or nobody") }]} value={v.deputy_seat || OTHER} onChange={(x) => form.set("deputy_seat", x === OTHER ? "" : x)} id={form.ids.deputy_seat} error={form.errors.deputy_seat} />}
              {!v.deputy_seat && <>
                <Field label={t("Deputy's name")} optional {...form.of("deputy_name")} />
                <Field label={t("Deputy's phone")} optional type="tel" {...form.of("deputy_phone")} />
              </>}
            </Card>
            <Card flush><Switch label={t("BUSE")} hint={t("The one that others ask about children who need more. Contacts can be counted.")} checked={v.badge} onChange={(on) => form.set("badge", on)} /></Card>
            {refused && <Notice tone="bad" icon="warning" alert title={t("It was not done")}><span>{refused}</span></Notice>}
            <OutboxFor id={one?.id ?? unitId} names={["directory.edit"]} />
            <Button type="submit" kind="primary" block>{t("Save and confirm")}</Button>
          </>}
        />
      </Form>
    </Page>
  );
}

function FunctionChoice({ value, onChange, error, id }: { value: string; onChange: (key: string) => void; error?: string | undefined; id: string }) {
  const [words, setWords] = useState("");
  const index = indexed(Object.keys(FUNCTIONS), functionName, (key) => [key]);
  const found = search(index, words);
  const shown = [...(value && !found.slice(0, SHOWN).includes(value) ? [value] : []), ...found.slice(0, SHOWN)];
  return (
    <div class="stack">
      <Field label={t("Search function")} hideLabel type="search" icon="search" value={words} onInput={setWords} />
      <ChoiceGroup legend={t("Which function?")} options={shown.map((key) => ({ value: key, label: functionName(key) }))} value={value || null} onChange={onChange} error={error} id={id} />
      {found.length > SHOWN && <p class="sm muted">{t("Search to see the rest.")}</p>}
    </div>
  );
}
