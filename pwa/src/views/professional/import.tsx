/** Reading in a list of units, people or functions: choose the file, look through what would be kept, then say yes. */
import { useId, useState } from "preact/hooks";
import { t, tn } from "../../i18n";
import { Button, Buttons, Card, ChoiceGroup, Columns, LinkButton, More, Notice, Page, Row, Rows, Section, refusalWords, useApp } from "../../ui";
import { NotFound } from "../not-found";
import { Missing, deliver, isFirst } from "../staff/kit";
import { UNIT_KINDS, unitKind } from "../staff/words";
import { save } from "./csv";
import { type Kind, type Preview, type Problem, countWords, leftOut, lineWords, problemWords, readList, readWords, template } from "./list-file";
import { compare } from "./search";
import { FUNCTIONS, functionName } from "./words";

const STEP = 30;
const KINDS = (): { value: Kind; label: string; hint: string }[] => [
  { value: "units", label: t("Units"), hint: t("Name, kind, town and area; phone and hours if you like") },
  { value: "people", label: t("People"), hint: t("Name, title and unit; functions and phone if you like") },
  { value: "functions", label: t("Functions"), hint: t("Unit and function; who holds it, phone, hours and deputy if you like") },
];

interface Done { kind: Kind; kept: number; left: number }

export function Import() {
  const app = useApp();
  const [kind, setKind] = useState<Kind>("units");
  const [preview, setPreview] = useState<Preview | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  if (app.me.value?.kind !== "admin") return <NotFound />;
  if (isFirst(app)) return <Missing home="/people" />;
  const again = (): void => { setPreview(null); setDone(null); };
  if (preview && done) return <After preview={preview} done={done} again={again} />;
  if (preview) return <Looking preview={preview} onDone={setDone} again={again} />;
  return (
    <Page title={t("Read in a list")} lead={t("You look through everything before anything is kept.")} back={{ href: "/people", label: t("Staff") }}>
      <Columns
        half
        left={<Card><ChoiceGroup legend={t("What is in the list?")} options={KINDS()} value={kind} onChange={setKind} /></Card>}
        right={<Choose kind={kind} onRead={setPreview} />}
      />
    </Page>
  );
}

function Choose({ kind, onRead }: { kind: Kind; onRead: (preview: Preview) => void }) {
  const app = useApp();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const online = app.online.value;
  const read = async (): Promise<void> => {
    if (!file) return;
    const found = await readList(kind, file);
    setWrong(found.ok ? null : readWords(found.code));
    if (found.ok) onRead(found.preview);
  };
  return (
    <>
      <Card>
        <div class="field">
          <label for={id}>{t("The file")}</label>
          <span class="hint" id={`${id}-hint`}>{t("CSV from Excel or another system, at most 5,000 rows. Never identity numbers.")}</span>
          <input class="input" type="file" id={id} accept=".csv,.tsv,.txt,text/csv" aria-describedby={`${id}-hint`} onChange={(event) => { setFile(event.currentTarget.files?.[0] ?? null); setWrong(null); }} />
        </div>
        <div><Button kind="quiet" icon="download" onPress={() => save(`${kind}.csv`, template(kind))}>{t("An empty list with the right headings")}</Button></div>
      </Card>
      {wrong && <Notice tone="bad" icon="warning" alert title={wrong} />}
      {!online && <Notice tone="grey" icon="offline" title={t("This needs a connection. Try again when you are online.")} />}
      <Button kind="primary" block disabled={(!online && t("This needs a connection. Try again when you are online.")) || (!file && t("Choose a file first"))} onPress={read}>{t("Look through the list")}</Button>
      <Keys kind={kind} />
    </>
  );
}

/** What may be written in a column that takes only some words. */
function Keys({ kind }: { kind: Kind }) {
  const words = kind === "units" ? Object.keys(UNIT_KINDS).map(unitKind) : Object.keys(FUNCTIONS).map(functionName);
  return <More summary={kind === "units" ? t("Kinds of unit that can be written") : t("Functions that can be written")}><p class="sm">{words.sort(compare).join(", ")}</p></More>;
}

/** A row as one reads it: the first cells as its name, the rest below with their headings. */
function RowWords({ preview, cells }: { preview: Preview; cells: readonly string[] }) {
  const used = preview.heading.flatMap((heading, place) => (preview.columns[place] && cells[place] ? [{ heading, column: preview.columns[place], cell: cells[place] }] : []));
  const named = used.filter((one) => ["name", "first_name", "last_name", "function"].includes(one.column ?? ""));
  const title = named.length > 0 ? named.map((one) => one.cell).join(" ") : used[0]?.cell ?? "–";
  const rest = used.filter((one) => named.length > 0 ? !named.includes(one) : one !== used[0]);
  return <Row icon="check" tone="good" title={<bdi>{title}</bdi>} text={rest.map((one) => `${one.heading}: ${one.cell}`).join(" · ")} />;
}

function Problems({ preview }: { preview: Preview }) {
  const [shown, setShown] = useState(STEP);
  const byLine = new Map<number, Problem[]>();
  for (const one of preview.problems) byLine.set(one.line, [...(byLine.get(one.line) ?? []), one]);
  const lines = [...byLine];
  return (
    <Section title={preview.refused ? t("Mend this first") : tn("{n} row is left out", "{n} rows are left out", preview.left_out.length)}>
      <Rows>
        {lines.slice(0, shown).map(([line, problems]) => (
          <Row key={line} icon="warning" tone={preview.refused ? "bad" : "mark"} title={lineWords(line)} text={problems.map((one, index) => <span key={index}>{index > 0 && <br />}{problemWords(preview, one)}</span>)} />
        ))}
      </Rows>
      {lines.length > shown && <Button block onPress={() => setShown(shown + STEP)}>{tn("Show {n} more", "Show {n} more", Math.min(STEP, lines.length - shown))}</Button>}
      {preview.left_out.length > 0 && <div><Button kind="second" icon="download" onPress={() => save("left-out.csv", leftOut(preview))}>{t("The rows that are left out, as a file")}</Button></div>}
    </Section>
  );
}

function Looking({ preview, onDone, again }: { preview: Preview; onDone: (done: Done) => void; again: () => void }) {
  const app = useApp();
  const [wrong, setWrong] = useState<string | null>(null);
  const online = app.online.value;
  const keep = async (): Promise<void> => {
    setWrong(null);
    const sent = await deliver(app, "import.keep", { preview: preview.id });
    if (sent.state === "refused") {
      setWrong(["too_late", "not_found"].includes(sent.code) ? t("It took longer than an hour. Choose the file again.") : refusalWords(sent.code));
      return;
    }
    // A long list takes its time: the answer comes when everything is kept.
    const outcome = sent.state === "done" ? { ok: true as const, result: sent.result } : await app.result(sent.id);
    if (outcome.ok) onDone(outcome.result as Done);
    else setWrong(refusalWords(outcome.code));
  };
  const count = countWords(preview.kind, preview.kept);
  return (
    <Page
      title={preview.refused ? t("The list cannot be read in") : preview.kept > 0 ? t("{what} can be read in", { what: count }) : t("Nothing new to read in")} back={{ href: "/people", label: t("Staff") }}
      lead={preview.refused || preview.kept === 0 ? t("Nothing has been kept.") : t("Nothing has been kept yet. Look through it, then say yes.")}
    >
      <Columns
        half
        left={<>
          {preview.rows.length > 0 && (
            <Section title={t("To be read in")} note={preview.kept > preview.rows.length ? tn("and {n} more", "and {n} more", preview.kept - preview.rows.length) : undefined}>
              <Rows>{preview.rows.map((one) => <RowWords key={one.line} preview={preview} cells={one.cells} />)}</Rows>
            </Section>
          )}
          {preview.unused.length > 0 && <Notice tone="grey" icon="info" title={t("Columns that are not used")}><bdi>{preview.unused.join(", ")}</bdi></Notice>}
        </>}
        right={<>
          {preview.problems.length > 0 && <Problems preview={preview} />}
          {preview.problems.some((one) => one.code === "unknown_function" || one.code === "unknown_kind") && <Keys kind={preview.kind} />}
          {preview.kind === "people" && preview.kept > 0 && <Notice tone="info" icon="info" title={t("Nobody is let in by this")}><span>{t("Each person stands under On their way, and comes in by an invitation of their own.")}</span></Notice>}
          {wrong && <Notice tone="bad" icon="warning" alert title={wrong} />}
          {!online && <Notice tone="grey" icon="offline" title={t("This needs a connection. Try again when you are online.")} />}
          <Buttons>
            {preview.id && <Button kind="primary" disabled={!online && t("This needs a connection. Try again when you are online.")} onPress={keep}>{t("Read in {what}", { what: count })}</Button>}
            <Button onPress={again}>{t("Choose another file")}</Button>
          </Buttons>
        </>}
      />
    </Page>
  );
}

/** What happened. */
function After({ preview, done, again }: { preview: Preview; done: Done; again: () => void }) {
  const left = preview.left_out.length + done.left;
  return (
    <Page title={t("{what} are read in", { what: countWords(done.kind, done.kept) })} back={{ href: "/people", label: t("Staff") }}>
      <Notice tone="good" icon="check" alert title={t("It is done")}>
        <span>{done.kind === "people" ? t("They stand under On their way. Invite each of them when it is time.") : done.kind === "units" ? t("They stand under Contacts. Read in or invite their people next.") : t("They stand under Contacts.")}</span>
      </Notice>
      {left > 0 && (
        <Section title={tn("{n} row was left out", "{n} rows were left out", left)} note={done.left > 0 ? tn("{n} had come in by another way meanwhile", "{n} had come in by another way meanwhile", done.left) : undefined}>
          {preview.left_out.length > 0 && <div><Button kind="second" icon="download" onPress={() => save("left-out.csv", leftOut(preview))}>{t("The rows that are left out, as a file")}</Button></div>}
        </Section>
      )}
      <Buttons><LinkButton kind="primary" href={done.kind === "people" ? "/people" : "/contacts"}>{t("Done")}</LinkButton><Button icon="plus" onPress={again}>{t("Read in one more")}</Button></Buttons>
    </Page>
  );
}
