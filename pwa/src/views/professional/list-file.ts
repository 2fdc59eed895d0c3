/** A list as a file: what the server found in it, in words that say what to do, and what was left out as a file again. */
import { N_, t, tn } from "../../i18n";
import { csv } from "./csv";

export type Kind = "units" | "people" | "functions";
export interface Line { line: number; cells: string[] }
export interface Problem { line: number; column: string; code: string; value: string }
export interface Preview {
  id: string | null; kind: Kind; encoding: string; heading: string[]; columns: string[]; unused: string[]; refused: boolean;
  kept: number; rows: Line[]; left_out: Line[]; problems: Problem[];
}
export type Read = { ok: true; preview: Preview } | { ok: false; code: string };

/** As large as the server takes. */
const MOST_BYTES = 2 << 20;
const TIMEOUT_MS = 60_000;

/** Lets the server read the file. Nothing is kept by that but the hour's wait for a yes. */
export async function readList(kind: Kind, file: File): Promise<Read> {
  if (file.size > MOST_BYTES) return { ok: false, code: "too_large" };
  try {
    const answer = await fetch(`/import/${kind}`, { method: "POST", headers: { "content-type": "text/csv" }, body: file, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body = (await answer.json().catch(() => null)) as (Preview & { code?: string }) | null;
    if (answer.ok && body) return { ok: true, preview: body };
    return { ok: false, code: body?.code ?? "" };
  } catch {
    return { ok: false, code: "offline" };
  }
}

/** Why a file was not read. */
export function readWords(code: string): string {
  if (code === "offline") return t("This needs a connection. Try again when you are online.");
  if (code === "too_large") return t("The file is larger than 2 MB. Divide it into several.");
  if (code === "assurance_required") return t("Sign in with e-ID to do this.");
  if (code === "not_signed_in") return t("Sign in again, then choose the file once more.");
  return t("The file could not be read. Try again in a while.");
}

const COLUMNS: Readonly<Record<string, string>> = {
  name: N_("Name"), kind: N_("Kind"), town: N_("Town"), area: N_("Area"), phone: N_("Phone"), hours: N_("Hours"), offers: N_("Helps with"), title: N_("Job title"),
  unit: N_("Unit"), functions: N_("Functions"), leads: N_("Leads the unit"), function: N_("Function"), deputy: N_("Deputy"), deputy_phone: N_("The deputy's phone"),
  how_to: N_("How to reach it"), municipality: N_("Municipality"), badge: N_("Badge"), first_name: N_("First name"), last_name: N_("Last name"),
};
/** What a column is called: as in the file if it stands there. */
export function columnWords(preview: Pick<Preview, "heading" | "columns">, column: string): string {
  const place = preview.columns.indexOf(column);
  return (place >= 0 && preview.heading[place]) || (COLUMNS[column] ? t(COLUMNS[column]) : column);
}

/** What is wrong and what to do about it. */
export function problemWords(preview: Preview, one: Problem): string {
  const column = columnWords(preview, one.column);
  switch (one.code) {
    case "encoding": return t("This is not a list that can be read. Save it as CSV (UTF-8) and choose it again.");
    case "no_rows": return t("There are no rows below the headings.");
    case "too_many_rows": return t("There are {n} rows. Divide the list into files of at most 5,000.", { n: one.value });
    case "missing_column": return t("The column {column} is missing. Add it, or change its heading.", { column });
    case "double_column": return t("The column {column} is there twice. Take one away.", { column: one.column });
    case "identity_number": return t("Identity numbers or dates of birth stand in the column {column}. Samled never takes such. Delete the column and choose the file again.", { column: one.column });
    case "too_many_cells": return t("The row has more cells than there are headings. Look for a separator too many.");
    case "required": return t("{column} is empty. Fill it in.", { column });
    case "too_long": return t("The text in {column} is too long. Make it shorter.", { column });
    case "duplicate": return t("The same stands in row {n}. Keep one of them.", { n: one.value });
    case "exists": return t("It is in Samled already. You need do nothing.");
    case "unknown_unit": return t("You have no unit called “{value}”. Check the spelling, or read in the units first.", { value: one.value });
    case "unknown_area": return t("There is no area called “{value}”. Check the spelling.", { value: one.value });
    case "unknown_kind": return t("“{value}” is no kind of unit here. Choose one from the list below.", { value: one.value });
    case "unknown_function": return t("“{value}” is no function here. Choose from the list below.", { value: one.value });
    case "unknown_badge": return t("The only badge is BUSE. Write that, or nothing.");
    case "bad_phone": return t("“{value}” is no phone number. Write it as 070-123 45 67.", { value: one.value });
    case "not_a_name": return t("“{value}” is no name. A name has letters.", { value: one.value });
    case "formula_sign": return t("“{value}” begins with a sign that spreadsheets calculate with. Write the name alone.", { value: one.value });
    case "not_yes_or_no": return t("Write yes or no in {column}.", { column });
    default: return t("Check this row.");
  }
}

/** "Rad 5", or nothing for the whole file. */
export const lineWords = (line: number): string => (line > 0 ? t("Row {n}", { n: line }) : t("The whole file"));

/** What was left out, as a list to mend: the file's own columns, and in front the row and what is wrong. */
export function leftOut(preview: Preview): string {
  const wrong = new Map<number, string[]>();
  for (const one of preview.problems) wrong.set(one.line, [...(wrong.get(one.line) ?? []), problemWords(preview, one)]);
  return csv([
    [t("Row"), t("What to do"), ...preview.heading],
    ...preview.left_out.map((line) => [line.line, (wrong.get(line.line) ?? []).join(" "), ...line.cells]),
  ]);
}

/** An empty list with the right headings. The headings are those that Swedish lists have. */
export const template = (kind: Kind): string => csv([{
  units: ["Namn", "Typ", "Ort", "Område", "Telefon", "Telefontid", "Erbjuder"],
  people: ["Namn", "Titel", "Enhet", "Funktioner", "Telefon", "Leder"],
  functions: ["Enhet", "Funktion", "Namn", "Telefon", "Telefontid", "Ersättare", "Ersättare telefon", "Erbjuder", "Så gör du", "Kommun", "Märke"],
}[kind]]);

/** "48 personer". */
export function countWords(kind: Kind, n: number): string {
  return kind === "units" ? tn("{n} unit", "{n} units", n) : kind === "people" ? tn("{n} person", "{n} people", n) : tn("{n} function", "{n} functions", n);
}
