/** Beginning for a child: a name to use here, the age, languages, and who coordinates. No identity number, ever. */
import { today } from "../../dates";
import { t } from "../../i18n";
import { navigate } from "../../router";
import { Button, Card, ChoiceGroup, Chips, Field, Form, Notice, Page, fieldErrors, useApp, useForm } from "../../ui";
import { useColleagues, useDoing } from "./kit";

const LANGUAGES = () => [
  { value: "sv", label: t("Swedish") }, { value: "ar", label: t("Arabic") }, { value: "so", label: t("Somali") },
  { value: "uk", label: t("Ukrainian") }, { value: "fi", label: t("Finnish") }, { value: "en", label: t("English") },
];

/** "2011-05-09" becomes the day of the 18th birthday; 29 February is kept as 1 March. */
export function eighteenth(born: string): string {
  const [year = 0, month = 1, day = 1] = born.split("-").map(Number);
  return new Date(Date.UTC(year + 18, month - 1, day)).toISOString().slice(0, 10);
}

interface Values { display_name: string; born: string; languages: string[]; interpreter: string; person: string; deputy: string }

export function ChildOpen() {
  const app = useApp();
  const { run, said } = useDoing();
  const seat = app.me.value?.seat ?? "";
  const colleagues = useColleagues();
  const people = [{ value: seat, label: t("I do") }, ...colleagues.map((one) => ({ value: one.id, label: one.name, hint: one.title }))];
  const form = useForm<Values>(
    { display_name: "", born: "", languages: ["sv"], interpreter: "", person: seat, deputy: "" },
    (v) => ({
      display_name: !v.display_name.trim() && t("Write what the child is called here"),
      born: !(/^\d{4}-\d{2}-\d{2}$/.test(v.born) && v.born < today() && eighteenth(v.born) > today()) && t("Choose a birthday under 18 years ago"),
      languages: v.languages.length === 0 && t("Choose at least one language"),
    }),
    async (v) => {
      const done = await run("child.open", {
        display_name: v.display_name.trim(), turns_18_on: eighteenth(v.born), languages: v.languages.join() === "sv" ? undefined : v.languages, interpreter: v.interpreter.trim(), person: v.person, deputy: v.deputy,
      }, form);
      if (done.state === "done") navigate(`/children/${done.result.child}`, { replace: true });
      else if (done.state === "waiting") navigate("/children", { replace: true });
      else form.fail(fieldErrors({ ...done.fields, ...(done.fields.turns_18_on ? { born: done.fields.turns_18_on } : {}) }));
    },
  );
  return (
    <Page title={t("Begin for a child")} back={{ href: "/children", label: t("Children") }}>
      {!app.online.value && <Notice tone="warn" icon="offline" title={t("You are offline")}><span>{t("It is sent when you are online. The child then stands in your list.")}</span></Notice>}
      <Form form={form}>
        <Card>
          <Field label={t("What shall we call the child here?")} hint={t("The name the family uses. A first name is enough.")} {...form.of("display_name")} />
          <Field label={t("Birthday")} hint={t("Kept only as the day of 18. It decides when the child has a say of its own.")} type="date" max={today()} {...form.of("born")} />
          <Chips label={t("Languages at home")} several id={form.ids.languages} options={LANGUAGES()} values={form.values.languages} onChange={(x) => form.set("languages", x)} />
          <Field label={t("Interpreter")} optional hint={t("Which language, and anything to think of.")} {...form.of("interpreter")} />
        </Card>
        <Card>
          <ChoiceGroup legend={t("Who coordinates?")} {...form.of("person")} options={people} />
        </Card>
        <Card>
          <ChoiceGroup legend={t("Who stands in?")} id={form.ids.deputy} options={[{ value: "", label: t("Nobody yet") }, ...people.filter((one) => one.value !== form.values.person).map((one) => (one.value === seat ? { ...one, label: t("I stand in") } : one))]} value={form.values.deputy === form.values.person ? "" : form.values.deputy} onChange={(x) => form.set("deputy", x)} error={form.errors.deputy} />
        </Card>
        {said}
        <Button type="submit" kind="primary" block>{t("Begin")}</Button>
      </Form>
    </Page>
  );
}
