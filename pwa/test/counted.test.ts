/** The directory counted on the device says what the server's Monday figures say: tests/features/test_area_figures.py. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { directoryNow, withoutBuse } from "../src/views/professional/counted";
import type { FunctionContact } from "../src/views/professional/model";
import type { Unit } from "../src/views/staff/model";

const unit = (id: string, name: string): Unit => ({ id, entity: "unit", name, kind: "school", town: "", area: "a" });
const contact = (id: string, of: string, more: Partial<FunctionContact>): FunctionContact => ({
  id, entity: "function_contact", unit: of, unit_name: of, function: "nurse", confirmed_on: "2999-01-01", check_after: "2999-07-01", ...more,
});
const UNITS = [unit("1", "Östra skolan"), unit("2", "Mottagningen"), unit("3", "Ånäs skola"), unit("4", "Barnhälsan")];
const CONTACTS = [
  contact("a", "1", { badge: "buse", gap: ["holder"] }), contact("b", "2", { badge: "buse", gap: ["deputy"] }), contact("c", "3", {}),
  contact("d", "4", { badge: "buse", gap: ["holder", "deputy"] }), contact("e", "4", { badge: "buse" }),
];

test("a unit whose BUSE row nobody holds has no BUSE, and is named", () => {
  assert.deepEqual(withoutBuse(CONTACTS, UNITS).map((one) => one.name), ["Ånäs skola", "Östra skolan"]);
});

test("what lacks somebody is counted once", () => {
  const { directory, units } = directoryNow(CONTACTS, UNITS);
  assert.deepEqual([directory.rows, directory.without_holder, directory.without_deputy, units], [5, 2, 1, 4]);
});
