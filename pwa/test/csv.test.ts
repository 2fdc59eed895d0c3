/** Tables as files for spreadsheets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { csv } from "../src/views/professional/csv";

test("what a spreadsheet would run stays text, and numbers stay numbers", () => {
  for (const sign of ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"])
    assert.equal(csv([[`${sign}HYPERLINK("x")`, -3]]), `\ufeff"'${sign}HYPERLINK(""x"")";-3\r\n`);
  assert.equal(csv([["Mariestad", 12]]), "\ufeffMariestad;12\r\n");
});

test("separators, quotes and line breaks inside a cell leave the table whole", () => {
  assert.equal(csv([["a;b", 'c"d', "e\nf"], ["g", "", "h"]]), '\ufeff"a;b";"c""d";"e\nf"\r\ng;;h\r\n');
});
